using System.Net.Sockets;
using Actors.Tests.Harness;
using Smc.Transport.Memory;
using Smc.Transport.Rings;
using Xunit.Abstractions;

namespace Actors.Tests.Faults;

/// <summary>Cursors that no correct peer shows: each ends its connection, alone, by its name, and not a byte is read or written by it.</summary>
[Collection(Alone.Name)]
public sealed class HostileCursorTests(ITestOutputHelper output) : HostileTest(output)
{
    private const int RingBytes = (64 * 1024) - 32;

    [Theory]
    [InlineData(GroupSide.Client, "producer-outside", RingViolation.ProducerOutsideRing)]
    [InlineData(GroupSide.Client, "producer-far-outside", RingViolation.ProducerOutsideRing)]
    [InlineData(GroupSide.Client, "producer-back", RingViolation.ProducerBeyondWindow)]
    [InlineData(GroupSide.Client, "producer-past-the-window", RingViolation.ProducerBeyondWindow)]
    [InlineData(GroupSide.Client, "producer-wrap-lies", RingViolation.ProducerBeyondWindow)]
    [InlineData(GroupSide.Client, "producer-flickers-outside", RingViolation.ProducerOutsideRing)]
    [InlineData(GroupSide.Client, "producer-flickers-back", RingViolation.ProducerBeyondWindow)]
    [InlineData(GroupSide.Client, "punches-holes", RingViolation.ProducerBeyondWindow)]
    [InlineData(GroupSide.Server, "producer-outside", RingViolation.ProducerOutsideRing)]
    [InlineData(GroupSide.Server, "producer-far-outside", RingViolation.ProducerOutsideRing)]
    [InlineData(GroupSide.Server, "producer-back", RingViolation.ProducerBeyondWindow)]
    [InlineData(GroupSide.Server, "producer-past-the-window", RingViolation.ProducerBeyondWindow)]
    [InlineData(GroupSide.Server, "producer-wrap-lies", RingViolation.ProducerBeyondWindow)]
    [InlineData(GroupSide.Server, "producer-flickers-outside", RingViolation.ProducerOutsideRing)]
    [InlineData(GroupSide.Server, "producer-flickers-back", RingViolation.ProducerBeyondWindow)]
    [InlineData(GroupSide.Server, "punches-holes", RingViolation.ProducerBeyondWindow)]
    public Task A_producer_cursor_against_the_rules_aborts_its_connection_alone(GroupSide side, string attack, RingViolation kind) =>
        AttackAsync(side, attack, async hostile =>
        {
            for (int i = 0; i < 2; i++)   // it stays so
            {
                (byte[] bytes, SocketError error) = await Exchange.ReadToBreakAsync(hostile.Stream);
                Assert.Equal(SocketError.ConnectionAborted, error);
                Assert.Empty(bytes);
            }

            Assert.Equal(SocketError.ConnectionAborted, await Exchange.WriteToBreakAsync(hostile.Stream));
            await hostile.ViolationAsync(kind);
        });

    [Theory]
    [InlineData(GroupSide.Client, "consumer-outside", RingViolation.ConsumerOutsideRing)]
    [InlineData(GroupSide.Client, "consumer-beyond", RingViolation.ConsumerBeyondProducer)]
    [InlineData(GroupSide.Client, "consumer-flickers-outside", RingViolation.ConsumerOutsideRing)]
    [InlineData(GroupSide.Client, "consumer-back", RingViolation.ConsumerBeyondProducer)]
    [InlineData(GroupSide.Server, "consumer-outside", RingViolation.ConsumerOutsideRing)]
    [InlineData(GroupSide.Server, "consumer-beyond", RingViolation.ConsumerBeyondProducer)]
    [InlineData(GroupSide.Server, "consumer-flickers-outside", RingViolation.ConsumerOutsideRing)]
    [InlineData(GroupSide.Server, "consumer-back", RingViolation.ConsumerBeyondProducer)]
    public Task A_consumer_cursor_against_the_rules_aborts_its_connection_alone(GroupSide side, string attack, RingViolation kind) =>
        AttackAsync(side, attack, async hostile =>
        {
            Assert.Equal(SocketError.ConnectionAborted, await Exchange.WriteToBreakAsync(hostile.Stream));
            Assert.Equal(SocketError.ConnectionAborted, (await Exchange.ReadToBreakAsync(hostile.Stream)).Error);
            await hostile.ViolationAsync(kind);
        });

    [Theory]
    [InlineData(GroupSide.Client)]
    [InlineData(GroupSide.Server)]
    public Task What_a_peer_says_it_has_produced_and_has_not_is_zeros_and_nobodys_bytes(GroupSide side) =>
        AttackAsync(side, "producer-without-data", async hostile =>
        {
            byte[] unwritten = new byte[RingBytes - HostilePair.Honest];
            unwritten.AsSpan().Fill(1);
            await hostile.Stream.ReadExactlyAsync(unwritten).Guard();
            Assert.DoesNotContain(unwritten, one => one != 0);
            hostile.NoViolation();
        });
}
