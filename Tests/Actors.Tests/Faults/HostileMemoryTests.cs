using System.Net.Sockets;
using Actors.Tests.Harness;
using Smc.Peer;
using Smc.Transport;
using Xunit.Abstractions;

namespace Actors.Tests.Faults;

/// <summary>
/// A client process that has gone through its handshake by the rules scribbles over the memory that it shares with a server. Its own connection
/// ends with a name, or goes on where the word decides nothing; another process's connection with the same server never notices.
/// </summary>
[Collection(Alone.Name)]
public sealed class HostileMemoryTests(ITestOutputHelper output) : RendezvousTest
{
    private const int Honest = 100;
    private const int Streamed = 300_000;

    [Theory]
    [InlineData("producer-outside")]
    [InlineData("producer-far-outside")]
    [InlineData("producer-back")]
    [InlineData("producer-past-the-window")]
    [InlineData("producer-wrap-lies")]
    [InlineData("producer-flickers")]
    [InlineData("punches-holes")]
    public Task A_producer_cursor_against_the_rules_aborts_its_connection_alone(string attack) => AttackAsync(attack, async (stream, peer) =>
    {
        await peer.TellAsync("attack");
        (byte[] bytes, SocketError error) = await Exchange.ReadToBreakAsync(stream);
        output.WriteLine($"{bytes.Length} bytes, then {error}");
        Assert.Equal(SocketError.ConnectionAborted, error);
    });

    [Theory]
    [InlineData("consumer-outside")]
    [InlineData("consumer-beyond")]
    [InlineData("consumer-flickers")]
    public Task A_consumer_cursor_against_the_rules_aborts_its_connection_alone(string attack) => AttackAsync(attack, async (stream, peer) =>
    {
        await peer.TellAsync("attack");
        Assert.Equal(SocketError.ConnectionAborted, await Exchange.WriteToBreakAsync(stream));
    });

    [Theory]
    [InlineData("flags")]
    [InlineData("announcements")]
    [InlineData("bells")]
    [InlineData("header")]
    [InlineData("truncates")]
    public Task Words_that_decide_nothing_cost_wake_ups_and_no_byte(string attack) => AttackAsync(attack, async (stream, peer) =>
    {
        await peer.TellAsync("attack");
        byte[] received = new byte[Streamed];
        await stream.ReadExactlyAsync(received).Guard();
        Assert.Equal(Exchange.Sha(SeededBytes.Take(Streamed, PeerSeed)), Exchange.Sha(received));
        await peer.KillAsync();
        (byte[] rest, SocketError error) = await Exchange.ReadToBreakAsync(stream);
        Assert.Empty(rest);
        Assert.Equal(SocketError.ConnectionReset, error);
    });

    [Fact]
    public Task Memory_that_is_shared_cannot_be_taken_away() => AttackAsync("truncates", async (_, peer) =>
    {
        const int NotPermitted = 1;
        await peer.TellAsync("attack");
        for (int offer = 0; offer < 2; offer++) Assert.Equal($"truncated {NotPermitted}", await peer.LineAsync("truncated"));
    });

    [Fact]
    public Task A_peer_that_publishes_and_never_rings_is_read_by_the_sweep() => AttackAsync("never-rings", async (stream, peer) =>
    {
        byte[] received = new byte[Honest];
        Task reading = stream.ReadExactlyAsync(received).AsTask();
        await peer.TellAsync("attack");
        await reading.Guard();
        Assert.Equal(SeededBytes.Take(Honest, PeerSeed), received);
    });

    [Fact]
    public Task Rubbish_everywhere_ends_one_connection_and_nothing_else() => AttackAsync("everything", async (stream, peer) =>
    {
        await peer.TellAsync("attack");
        (_, SocketError error) = await Exchange.ReadToBreakAsync(stream);
        output.WriteLine($"ended with {error}");
        Assert.NotEqual(SocketError.TimedOut, error);
    });

    private int PeerSeed { get; set; }

    private async Task AttackAsync(string attack, Func<SmcStream, PeerProcess, Task> suffer)
    {
        PeerSeed = Seed.Take(output);
        Pair pair = await StartPairAsync();
        Ends neighbours = await pair.ConnectAsync();
        Assert.Equal(SmcMode.SmcD, neighbours.Client.Mode);
        ValueTask<SmcStream> accepting = pair.Listener.AcceptAsync();
        PeerProcess peer = await ReadyAsync("hostile", attack, FolderArgument, $"at={pair.Listener.LocalEndPoint}", $"seed={PeerSeed}");
        await using (SmcStream stream = await accepting.Guard())
        {
            byte[] honest = new byte[Honest];
            await stream.ReadExactlyAsync(honest).Guard();
            Assert.Equal(SeededBytes.Take(Honest, PeerSeed), honest);
            Task exchange = Exchange.BothWaysAsync(neighbours, 2_000_000, PeerSeed + 1);
            await suffer(stream, peer);
            await exchange;
        }

        await peer.KillAsync();
        await neighbours.DisposeAsync();
        await pair.DmbsAsync(0);
        await Eventually.TrueAsync(async () => (await pair.Server.GetConnectionsAsync()).Count == 0, "the hostile connection to end");
        await using Ends next = await pair.ConnectAsync();
        await Exchange.BothWaysAsync(next, 10_000, PeerSeed + 2);
    }
}
