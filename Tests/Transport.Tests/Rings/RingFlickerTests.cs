using Smc.Transport.Rings;
using Smc.Transport.Wire.Cdc;

namespace Smc.Transport.Tests.Rings;

/// <summary>
/// Words and data that change all the time, between values of which one keeps the rules. Each look either takes over the one that does, whole, or
/// names the other and changes nothing. Every round begins anew from the same state. Two loads next to each other would hardly ever be told apart
/// here, because both find the same copy of the cache line: <see cref="SharedWordTests"/> shows that there are none.
/// </summary>
public sealed class RingFlickerTests
{
    private const int Size = 64;
    private const int Rounds = 20_000;
    private const byte Even = 0xAA;
    private const byte Odd = 0x55;

    private static readonly CdcCursor Valid = new(0, 10);

    [Theory]
    [InlineData(0, Size, RingViolation.ProducerOutsideRing)]
    [InlineData(1, 10, RingViolation.ProducerBeyondWindow)]
    [InlineData(65535, 10, RingViolation.ProducerBeyondWindow)]
    public void A_producer_that_flickers_is_taken_over_whole_or_named(int wrap, uint count, RingViolation expected)
    {
        var ring = new RingPair(Size);
        var invalid = new CdcCursor((ushort)wrap, count);
        ring.Write([1]);
        Assert.True(ring.Receive.TryRefresh(out _, out _));
        ReceiveRing start = ring.Receive;
        Flicker(
            isValid => ring.Producer = isValid ? Valid : invalid,
            () =>
            {
                ReceiveRing at = start;
                bool isTaken = at.TryRefresh(out _, out RingViolation violation);
                Assert.Equal(isTaken ? RingViolation.None : expected, violation);
                Assert.Equal(isTaken ? Valid : start.Producer, at.Producer);
                Assert.Equal(isTaken ? Valid.Count : start.Available, at.Available);
                return isTaken;
            });
    }

    [Theory]
    [InlineData(0, Size, RingViolation.ConsumerOutsideRing)]
    [InlineData(1, 10, RingViolation.ConsumerBeyondProducer)]
    [InlineData(0, 0, RingViolation.ConsumerBeyondProducer)]   // back
    public void A_consumer_that_flickers_is_taken_over_with_the_flags_of_its_word_or_named(int wrap, uint count, RingViolation expected)
    {
        var ring = new RingPair(Size);
        ulong valid = SmcdCdcWords.Pack(Valid, 0, ConnectionStateFlags.PeerDoneWriting);
        ulong invalid = SmcdCdcWords.Pack(new CdcCursor((ushort)wrap, count), 0, ConnectionStateFlags.PeerConnectionAbort);
        ring.Write(new byte[20]);
        ring.Read(new byte[5]);
        ring.Update();
        SendRing start = ring.Send;
        Flicker(
            isValid => ring.ReaderWord = isValid ? valid : invalid,
            () =>
            {
                SendRing at = start;
                bool isTaken = at.TryRefresh(out ulong flags, out RingViolation violation);
                Assert.Equal(isTaken ? RingViolation.None : expected, violation);
                Assert.Equal(isTaken ? valid : invalid, flags);
                Assert.Equal(isTaken ? Valid : start.PeerConsumer, at.PeerConsumer);
                Assert.Equal(start.Space + (isTaken ? Valid.Count - start.PeerConsumer.Count : 0), at.Space);
                return isTaken;
            });
    }

    [Fact]
    public void What_was_read_is_the_readers_own_whatever_becomes_of_the_ring()
    {
        const int Reads = 2_000;
        var ring = new RingPair(Size);
        byte[] read = new byte[Size];
        byte[] copy = new byte[Size];
        bool isEven = false;
        While(
            () => ring.Data.Fill((isEven = !isEven) ? Even : Odd),
            () =>
            {
                for (int i = 0; i < Reads; i++)
                {
                    ring.Producer = CursorMath.Advance(ring.Receive.Consumer, Size, Size);
                    Assert.Equal(Size, ring.Read(read));
                    read.CopyTo(copy.AsSpan());
                    Assert.DoesNotContain(copy, one => one is not (Even or Odd or 0));
                    Thread.SpinWait(1);
                    Assert.True(read.AsSpan().SequenceEqual(copy));
                    ring.Receive.Confirm();
                }
            });
    }

    /// <summary>Looks while another thread writes one value after the other, until both have been met and the rounds are over.</summary>
    private static void Flicker(Action<bool> write, Func<bool> look)
    {
        bool isValid = true;
        write(isValid);
        While(
            () => write(isValid = !isValid),
            () =>
            {
                int taken = 0;
                for (int round = 0; round < Rounds || taken == 0 || taken == round; round++) taken += look() ? 1 : 0;
            });
    }

    /// <summary>Does one thing on one thread for as long as the other takes on another.</summary>
    private static void While(Action again, Action body)
    {
        bool stop = false;
        HangGuard.AtOnce(
            () =>
            {
                while (!Volatile.Read(ref stop)) again();
            },
            () =>
            {
                try
                {
                    body();
                }
                finally
                {
                    Volatile.Write(ref stop, true);
                }
            });
    }
}
