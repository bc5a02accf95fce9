using Smc.Transport.Rings;
using Smc.Transport.Wire.Cdc;

namespace Smc.Transport.Tests.Rings;

/// <summary>A peer that shows cursors it may not show: each is named, and nothing is read or written past what was agreed.</summary>
public sealed class RingViolationTests
{
    private const uint Size = 64;

    [Theory]
    [InlineData(0, Size, RingViolation.ProducerOutsideRing)]
    [InlineData(0, uint.MaxValue, RingViolation.ProducerOutsideRing)]
    [InlineData(0, 9, RingViolation.ProducerBeyondWindow)]       // backwards
    [InlineData(65535, 63, RingViolation.ProducerBeyondWindow)]  // a wrap backwards
    [InlineData(1, 5, RingViolation.ProducerBeyondWindow)]       // past the 64 bytes confirmed, less 10 received: 0:64 at most
    [InlineData(2, 0, RingViolation.ProducerBeyondWindow)]
    public void A_producer_cursor_that_breaks_the_rules_is_named(int wrap, uint count, RingViolation expected)
    {
        var ring = new RingPair((int)Size);
        ring.Write(new byte[10]);
        Assert.True(ring.Receive.TryRefresh(out _, out _));
        ring.Producer = new CdcCursor((ushort)wrap, count);
        Assert.False(ring.Receive.TryRefresh(out _, out RingViolation violation));
        Assert.Equal(expected, violation);
        Assert.Equal(10u, ring.Receive.Available);
    }

    [Theory]
    [InlineData(0, Size, RingViolation.ConsumerOutsideRing)]
    [InlineData(0, 11, RingViolation.ConsumerBeyondProducer)]
    [InlineData(0, 4, RingViolation.ConsumerBeyondProducer)]      // backwards
    [InlineData(65535, 5, RingViolation.ConsumerBeyondProducer)]  // a wrap backwards
    [InlineData(1, 0, RingViolation.ConsumerBeyondProducer)]
    public void A_consumer_cursor_that_breaks_the_rules_is_named(int wrap, uint count, RingViolation expected)
    {
        var ring = new RingPair((int)Size);
        ring.Write(new byte[10]);
        ring.Read(new byte[5]);
        ring.Update();
        uint space = ring.Send.Space;
        ring.ReaderWord = SmcdCdcWords.Pack(new CdcCursor((ushort)wrap, count));
        Assert.False(ring.Send.TryRefresh(out _, out RingViolation violation));
        Assert.Equal(expected, violation);
        Assert.Equal(space, ring.Send.Space);
    }

    [Fact]
    public void A_flickering_producer_never_makes_more_readable_than_the_window() => Seeds.Run(seed =>
    {
        var ring = new RingPair((int)Size);
        var random = new Random(seed);
        bool stop = false;
        HangGuard.AtOnce(
            () =>
            {
                while (!Volatile.Read(ref stop)) ring.Producer = new CdcCursor((ushort)random.Next(), (uint)random.Next(0, 80));
            },
            () =>
            {
                byte[] buffer = new byte[Size];
                for (int i = 0; i < 50_000; i++)
                {
                    ring.Receive.TryRefresh(out _, out _);
                    Assert.InRange(ring.Receive.Available, 0u, Size);
                    ring.Receive.Read(buffer.AsSpan(0, i % (int)Size));
                    if (i % 10 == 0) ring.Receive.Confirm();
                }

                Volatile.Write(ref stop, true);
            });
    });
}
