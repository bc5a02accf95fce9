using Smc.Transport.Rings;
using Smc.Transport.Wire.Cdc;

namespace Smc.Transport.Tests.Rings;

public sealed class CdcPublisherTests
{
    private const ConnectionStateFlags AllStates =
        ConnectionStateFlags.PeerDoneWriting | ConnectionStateFlags.PeerConnectionClosed | ConnectionStateFlags.PeerConnectionAbort;

    [Fact]
    public void Cursor_flags_and_state_share_a_word_and_leave_each_other_alone()
    {
        var ring = new RingPair(64);
        Assert.Equal(CdcAudience.Writer, ring.FromReader.PublishConsumer(new CdcCursor(7, 33)));
        Assert.Equal(CdcAudience.None, ring.FromReader.PublishProducerFlags(ProducerFlags.WriteBlocked, ProducerFlags.WriteBlocked));
        Assert.Equal(CdcAudience.Both, ring.FromReader.PublishState(ConnectionStateFlags.PeerDoneWriting));
        Assert.Equal(SmcdCdcWords.Pack(new CdcCursor(7, 33), ProducerFlags.WriteBlocked, ConnectionStateFlags.PeerDoneWriting), ring.ReaderWord);
        ring.FromReader.PublishProducerFlags(ProducerFlags.WriteBlocked, 0);
        ring.FromReader.PublishConsumer(new CdcCursor(8, 0));
        ring.FromReader.PublishState(ConnectionStateFlags.PeerConnectionClosed);
        Assert.Equal(
            SmcdCdcWords.Pack(new CdcCursor(8, 0), 0, ConnectionStateFlags.PeerDoneWriting | ConnectionStateFlags.PeerConnectionClosed),
            ring.ReaderWord);
        Assert.Equal(ring.ReaderWord, ring.FromReader.Two);
    }

    [Fact]
    public void What_the_peer_scribbles_over_the_word_is_never_read_back()
    {
        var ring = new RingPair(64);
        ring.FromReader.PublishConsumer(new CdcCursor(1, 2));
        ring.ReaderWord = ulong.MaxValue;
        ring.FromReader.PublishState(ConnectionStateFlags.PeerDoneWriting);
        Assert.Equal(SmcdCdcWords.Pack(new CdcCursor(1, 2), 0, ConnectionStateFlags.PeerDoneWriting), ring.ReaderWord);
    }

    [Fact]
    public void Three_threads_that_publish_at_once_lose_nothing_and_the_word_never_goes_back() => Seeds.Run(seed =>
    {
        const int Turns = 300_000;
        var ring = new RingPair(1 << 20);
        long rings = 0;
        int working = 3;
        HangGuard.AtOnce(
            () => Author(seed, i => ring.FromReader.PublishConsumer(new CdcCursor(0, (uint)i + 1))),
            () => Author(seed + 1, i => ring.FromReader.PublishProducerFlags(ProducerFlags.WriteBlocked, i % 2 == 0 ? ProducerFlags.WriteBlocked : 0)),
            () => Author(seed + 2, i => ring.FromReader.PublishState(i switch
            {
                Turns / 4 => ConnectionStateFlags.PeerDoneWriting,
                Turns / 2 => ConnectionStateFlags.PeerConnectionClosed,
                Turns - 1 => ConnectionStateFlags.PeerConnectionAbort,
                _ => 0,
            })),
            () =>
            {
                uint last = 0;
                ConnectionStateFlags seen = 0;
                while (Volatile.Read(ref working) > 0)
                {
                    ulong word = ring.ReaderWord;
                    uint count = SmcdCdcWords.Cursor(word).Count;
                    ConnectionStateFlags state = SmcdCdcWords.State(word);
                    if (count < last) Assert.Fail($"The cursor went back from {last} to {count}.");
                    if ((state & seen) != seen) Assert.Fail($"State {seen} became {state}.");
                    last = count;
                    seen = state;
                }
            });
        Assert.Equal(SmcdCdcWords.Pack(new CdcCursor(0, Turns), 0, AllStates), ring.ReaderWord);
        Assert.Equal(ring.ReaderWord, ring.FromReader.Two);
        Assert.InRange(rings, 1, 3L * Turns);

        void Author(int authorSeed, Func<int, CdcAudience> publish)
        {
            var random = new Random(authorSeed);
            long own = 0;
            for (int i = 0; i < Turns; i++)
            {
                if (publish(i) != CdcAudience.None) own++;
                if (random.Next(64) == 0) Thread.SpinWait(random.Next(40));
            }

            Interlocked.Add(ref rings, own);
            Interlocked.Decrement(ref working);
        }
    });

    [Fact]
    public void Whoever_stores_wakes_all_whom_its_store_concerns_and_no_other() => Seeds.Run(seed =>
    {
        // Each round has two publications at once: after both have returned the word is complete, and together they wake the writer, and the reader not.
        var ring = new RingPair(1 << 20);
        const int Rounds = 20_000;
        var told = new CdcAudience[2];
        using var turn = new Barrier(2);
        HangGuard.AtOnce(() => Author(0), () => Author(1));

        void Author(int who)
        {
            var random = new Random(seed + who);
            for (int i = 1; i <= Rounds; i++)
            {
                Assert.True(turn.SignalAndWait(HangGuard.Limit));
                Thread.SpinWait(random.Next(20));
                told[who] = who == 0
                    ? ring.FromReader.PublishConsumer(new CdcCursor(0, (uint)i))
                    : ring.FromReader.PublishProducerFlags(ProducerFlags.WriteBlocked, i % 2 == 0 ? ProducerFlags.WriteBlocked : 0);
                Assert.True(turn.SignalAndWait(HangGuard.Limit));
                if (who != 0) continue;
                Assert.Equal(CdcAudience.Writer, told[0] | told[1]);
                Assert.Equal(SmcdCdcWords.Pack(new CdcCursor(0, (uint)i), i % 2 == 0 ? ProducerFlags.WriteBlocked : 0, 0), ring.ReaderWord);
            }
        }
    });
}
