using System.Net.Sockets;
using Actors.Tests.Harness;
using Smc.Peer;
using Xunit.Abstractions;

namespace Actors.Tests.Faults;

/// <summary>
/// A client process that has gone through its handshake by the rules scribbles over the memory that it shares with a server. Its own connection
/// ends with a name, or goes on where the word decides nothing; another process's connection with the same server never notices.
/// </summary>
[Collection(Alone.Name)]
public sealed class HostileMemoryTests(ITestOutputHelper output) : RendezvousTest
{
    private const int Streamed = 300_000;

    [Theory]
    [InlineData("producer-outside")]
    [InlineData("producer-far-outside")]
    [InlineData("producer-back")]
    [InlineData("producer-past-the-window")]
    [InlineData("producer-wrap-lies")]
    [InlineData("producer-flickers")]
    [InlineData("punches-holes")]
    public Task A_producer_cursor_against_the_rules_aborts_its_connection_alone(string attack) => AttackAsync(attack, async hostile =>
    {
        (byte[] bytes, SocketError error) = await Exchange.ReadToBreakAsync(hostile.Stream);
        output.WriteLine($"{bytes.Length} bytes, then {error}");
        Assert.Equal(SocketError.ConnectionAborted, error);
        await hostile.ViolationAsync();
    });

    [Theory]
    [InlineData("consumer-outside")]
    [InlineData("consumer-beyond")]
    [InlineData("consumer-flickers")]
    public Task A_consumer_cursor_against_the_rules_aborts_its_connection_alone(string attack) => AttackAsync(attack, async hostile =>
    {
        Assert.Equal(SocketError.ConnectionAborted, await Exchange.WriteToBreakAsync(hostile.Stream));
        await hostile.ViolationAsync();
    });

    [Theory]
    [InlineData("flags")]
    [InlineData("announcements")]
    [InlineData("debts")]
    [InlineData("bells")]
    [InlineData("header")]
    [InlineData("truncates")]
    public Task Words_that_decide_nothing_cost_wake_ups_and_no_byte(string attack) => AttackAsync(attack, async hostile =>
    {
        byte[] received = new byte[Streamed];
        await hostile.Stream.ReadExactlyAsync(received).Guard();
        Assert.Equal(Exchange.Sha(SeededBytes.Take(Streamed, hostile.PeerSeed)), Exchange.Sha(received));
        await hostile.Peer.KillAsync();
        (byte[] rest, SocketError error) = await Exchange.ReadToBreakAsync(hostile.Stream);
        Assert.Empty(rest);
        Assert.Equal(SocketError.ConnectionReset, error);
    });

    [Fact]
    public Task Memory_that_is_shared_cannot_be_taken_away() => AttackAsync("truncates", async hostile =>
    {
        const int NotPermitted = 1;
        for (int offer = 0; offer < 2; offer++) Assert.Equal($"truncated {NotPermitted}", await hostile.Peer.LineAsync("truncated"));
    });

    [Fact]
    public Task A_peer_that_publishes_and_never_rings_is_read_by_the_sweep() => AttackAsync("never-rings", async hostile =>
    {
        byte[] received = new byte[HostilePair.Honest];
        await hostile.Stream.ReadExactlyAsync(received).Guard();
        Assert.Equal(SeededBytes.Take(HostilePair.Honest, hostile.PeerSeed), received);
    });

    [Fact]
    public Task A_flood_of_asks_for_barriers_costs_turns_of_the_wake_thread_and_nothing_else() =>
        AttackAsync("asks", hostile => hostile.Stream.WriteAsync(new byte[HostilePair.Honest]).AsTask().Guard());

    [Fact]
    public Task Rubbish_everywhere_ends_one_connection_and_nothing_else() => AttackAsync("everything", async hostile =>
    {
        (_, SocketError error) = await Exchange.ReadToBreakAsync(hostile.Stream);
        output.WriteLine($"ended with {error}");
        Assert.NotEqual(SocketError.TimedOut, error);
    });

    private async Task AttackAsync(string attack, Func<HostilePair, Task> suffer)
    {
        Pair pair = await StartPairAsync();
        HostilePair hostile = await HostilePair.OpenAsync(pair, args => ReadyAsync([.. args, FolderArgument]), attack, Seed.Take(output));
        await hostile.Peer.TellAsync("attack");
        await suffer(hostile);
        await hostile.EndAsync();
    }
}
