using System.Net.Sockets;
using Actors.Tests.Harness;
using Smc.Peer;
using Smc.Transport.Memory;
using Xunit.Abstractions;

namespace Actors.Tests.Faults;

/// <summary>Announcements, bells and headers decide nothing: rubbish in them costs wake-ups, and no byte.</summary>
[Collection(Alone.Name)]
public sealed class HostileHintTests(ITestOutputHelper output) : HostileTest(output)
{
    private const int Streamed = 300_000;

    [Theory]
    [InlineData(GroupSide.Client, "producer-flags")]
    [InlineData(GroupSide.Client, "announcements")]
    [InlineData(GroupSide.Client, "debts")]
    [InlineData(GroupSide.Client, "bells")]
    [InlineData(GroupSide.Client, "header")]
    [InlineData(GroupSide.Client, "truncates")]
    [InlineData(GroupSide.Server, "producer-flags")]
    [InlineData(GroupSide.Server, "announcements")]
    [InlineData(GroupSide.Server, "debts")]
    [InlineData(GroupSide.Server, "bells")]
    [InlineData(GroupSide.Server, "header")]
    [InlineData(GroupSide.Server, "truncates")]
    public Task Words_that_decide_nothing_cost_wake_ups_and_no_byte(GroupSide side, string attack) => AttackAsync(side, attack, async hostile =>
    {
        byte[] received = new byte[Streamed];
        await hostile.Stream.ReadExactlyAsync(received).Guard();
        Assert.Equal(Exchange.Sha(SeededBytes.Take(Streamed, hostile.PeerSeed)), Exchange.Sha(received));
        await hostile.Peer.KillAsync();
        (byte[] rest, SocketError error) = await Exchange.ReadToBreakAsync(hostile.Stream);
        Assert.Empty(rest);
        Assert.Equal(SocketError.ConnectionReset, error);
        hostile.NoViolation();
    });

    [Fact]
    public Task A_peer_that_publishes_and_never_rings_is_read_by_the_sweep() => AttackAsync(GroupSide.Client, "never-rings", async hostile =>
    {
        byte[] received = new byte[HostilePair.Honest];
        await hostile.Stream.ReadExactlyAsync(received).Guard();
        Assert.Equal(SeededBytes.Take(HostilePair.Honest, hostile.PeerSeed), received);
    });

    [Theory]
    [InlineData(GroupSide.Client)]
    [InlineData(GroupSide.Server)]
    public Task A_flood_of_asks_for_barriers_costs_turns_of_the_wake_thread_and_nothing_else(GroupSide side) =>
        AttackAsync(side, "asks", hostile => hostile.Stream.WriteAsync(new byte[HostilePair.Honest]).AsTask().Guard());
}
