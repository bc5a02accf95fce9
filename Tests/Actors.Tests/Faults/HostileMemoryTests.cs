using System.Net.Sockets;
using System.Text;
using Actors.Tests.Harness;
using Smc.Peer;
using Smc.Peer.Hostile;
using Smc.Transport;
using Smc.Transport.Memory;
using Smc.Transport.Rings;
using Xunit.Abstractions;

namespace Actors.Tests.Faults;

/// <summary>Memory as a whole: flipped while it is read, full of rubbish, taken away, looked through, offered once more.</summary>
[Collection(Alone.Name)]
public sealed class HostileMemoryTests(ITestOutputHelper output) : HostileTest(output)
{
    private const int Streamed = 300_000;
    private const int RingBytes = (64 * 1024) - 32;

    [Theory]
    [InlineData(GroupSide.Client)]
    [InlineData(GroupSide.Server)]
    public Task Data_that_is_flipped_while_it_is_read_is_as_much_as_was_published_and_each_byte_one_of_the_two(GroupSide side) =>
        AttackAsync(side, "flips-data", async hostile =>
        {
            byte[] received = new byte[Streamed];
            await hostile.Stream.ReadExactlyAsync(received).Guard();
            byte[] sent = SeededBytes.Take(Streamed, hostile.PeerSeed);
            for (int i = 0; i < Streamed; i++) Assert.True(received[i] == sent[i] || received[i] == (byte)~sent[i], $"byte {i} is neither");
            hostile.NoViolation();
        });

    [Theory]
    [InlineData(GroupSide.Client)]
    [InlineData(GroupSide.Server)]
    public Task Memory_that_is_shared_cannot_be_taken_away(GroupSide side) => AttackAsync(side, "truncates", async hostile =>
    {
        const int NotPermitted = 1;
        for (int offer = 0; offer < 2; offer++) Assert.Equal($"truncated {NotPermitted}", await hostile.Peer.LineAsync("truncated"));
    });

    /// <summary>Rubbish may happen to be an end by the rules. Else it is a named violation, of the one direction that is looked at. What was read before
    /// lies where the peer can have written it: everywhere else nobody has written, and there are zeros.</summary>
    [Theory]
    [InlineData(GroupSide.Client)]
    [InlineData(GroupSide.Server)]
    public Task Rubbish_everywhere_ends_one_connection_and_nothing_else(GroupSide side) => AttackAsync(side, "rubbish", async hostile =>
    {
        (byte[] bytes, SocketError error) = await Exchange.ReadToBreakAsync(hostile.Stream);
        Output.WriteLine($"{bytes.Length} bytes, then {error}");
        Assert.Contains(error, new[] { SocketError.Success, SocketError.ConnectionReset, SocketError.ConnectionAborted });
        for (int i = 0; i < bytes.Length; i++)
        {
            bool canBeWritten = (HostilePair.Honest + i) % RingBytes < MemoryAttacks.RubbishBytes;
            Assert.True(canBeWritten || bytes[i] == 0, $"byte {i} is {bytes[i]}, and nobody has written it");
        }

        (byte[] rest, SocketError again) = await Exchange.ReadToBreakAsync(hostile.Stream);
        Assert.Empty(rest);
        Assert.True(again == error || (error, again) is (SocketError.Success, SocketError.ConnectionReset), $"{error}, and then {again}");
        if (error == SocketError.ConnectionAborted) await hostile.ViolationAsync(RingViolation.ProducerOutsideRing, RingViolation.ProducerBeyondWindow);
        else hostile.NoViolation();
    });

    [Theory]
    [InlineData(GroupSide.Client)]
    [InlineData(GroupSide.Server)]
    public async Task No_byte_of_another_connection_is_in_the_memory_that_a_peer_can_see(GroupSide side)
    {
        byte[] canary = Encoding.ASCII.GetBytes(MemoryAttacks.Canary);
        await AttackAsync(side, "waits+looks-for-canaries", async hostile =>
        {
            await hostile.LeaveWithNeighboursAsync(canary);
            await hostile.Stream.WriteAsync(canary).Guard();
            await NextAsync(hostile, "looks-for-canaries");
            Assert.Equal("canaries 0 1", await hostile.Peer.LineAsync("canaries", since: 0));   // none but its own
        });
    }

    [Theory]
    [InlineData(GroupSide.Client, "offers-its-slab-twice")]
    [InlineData(GroupSide.Client, "offers-the-victims-slab")]
    [InlineData(GroupSide.Server, "offers-its-slab-twice")]
    [InlineData(GroupSide.Server, "offers-the-victims-slab")]
    public Task Memory_that_the_group_knows_already_is_refused_and_the_connection_goes_on(GroupSide side, string attack) =>
        AttackAsync(side, $"{attack}+goes-on", async hostile =>
        {
            Assert.Equal($"answer {SmcReason.DescriptorRefused}", await hostile.Peer.LineAsync("answer"));
            await hostile.Peer.TellAsync("attack");
            byte[] received = new byte[HostilePair.Honest];
            await hostile.Stream.ReadExactlyAsync(received).Guard();
            Assert.Equal(SeededBytes.Take(HostilePair.Honest, hostile.PeerSeed), received);
        });
}
