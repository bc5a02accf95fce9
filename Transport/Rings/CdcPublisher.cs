using Smc.Transport.Wire.Cdc;

namespace Smc.Transport.Rings;

/// <summary>
/// Writes this end's two CDC words into the peer's DMB. Word one (producer) has one author, the writer. Word two (consumer and both flag
/// bytes) has three: reader, writer and closer. They change a private copy by compare-exchange, and one of them at a time stores it.
/// Nobody waits, the shared word never goes back, and own state is never read back from memory that the peer can write.
/// <para>
/// Whoever stores has the audience of every change that came before it gave up, and wakes that, no more: a sleeper that is woken for nothing
/// costs its process, and the peer's budget there (<see cref="Waiting.WakeBudget"/>).
/// </para>
/// </summary>
internal sealed unsafe class CdcPublisher
{
    private const int Nobody = 0;
    private const int Changed = 4;
    private const int Storing = 8;

    private static readonly ulong CursorMask = SmcdCdcWords.Pack(new CdcCursor(ushort.MaxValue, uint.MaxValue));

    private readonly ulong* _wordOne;
    private readonly ulong* _wordTwo;
    private ulong _two;
    private int _pending;   // Nobody, or that one is storing, and the audience of what was changed meanwhile

    /// <param name="peerDmb">The first byte of the peer's DMB.</param>
    public CdcPublisher(byte* peerDmb)
    {
        _wordOne = (ulong*)(peerDmb + SmcdCdcLayout.WordOne);
        _wordTwo = (ulong*)(peerDmb + SmcdCdcLayout.WordTwo);
    }

    /// <summary>This end's word two as last changed, published or about to be.</summary>
    public ulong Two => Volatile.Read(ref _two);

    /// <summary>Publishes data: everything copied before is visible to whoever sees the new cursor.</summary>
    public void PublishProducer(CdcCursor producer) =>
        Volatile.Write(ref *_wordOne, SmcdCdcWords.Pack(producer));   // SYNC ring-publish: pairs with ReceiveRing.TryRefresh

    /// <summary>Puts a new consumer cursor and publishes it, for a writer that may wait for space.</summary>
    /// <returns>Whom the caller has to wake: the audience of its change and of those that its store carried for others; nobody where another
    /// thread carried it.</returns>
    public CdcAudience PublishConsumer(CdcCursor consumer) => Change(CursorMask, SmcdCdcWords.Pack(consumer), CdcAudience.Writer);

    /// <summary>Sets or clears the producer flags of <paramref name="mask"/> and publishes. Nobody sleeps for these: a reader that has read all
    /// has also confirmed all that a full ring makes due (<see cref="ReceiveRing.IsUpdateDue"/>).</summary>
    /// <returns>As <see cref="PublishConsumer"/>.</returns>
    public CdcAudience PublishProducerFlags(ProducerFlags mask, ProducerFlags value) =>
        Change(SmcdCdcWords.Pack(default, mask, 0), SmcdCdcWords.Pack(default, value, 0), CdcAudience.None);

    /// <summary>Sets connection state flags, which stay set, and publishes, for whoever waits at the peer.</summary>
    /// <returns>As <see cref="PublishConsumer"/>.</returns>
    public CdcAudience PublishState(ConnectionStateFlags flags)
    {
        ulong bits = SmcdCdcWords.Pack(default, 0, flags);
        return Change(bits, bits, CdcAudience.Both);
    }

    private CdcAudience Change(ulong mask, ulong value, CdcAudience audience)
    {
        // Progress: a turn fails only because one of the two other authors changed the word, and each of them changes it once a call.
        ulong seen = Volatile.Read(ref _two);
        while (true)
        {
            ulong found = Interlocked.CompareExchange(ref _two, (seen & ~mask) | value, seen);
            if (found == seen) break;
            seen = found;
        }

        return Publish(audience);
    }

    private CdcAudience Publish(CdcAudience audience)
    {
        if (Interlocked.Or(ref _pending, Changed | (int)audience) != Nobody) return CdcAudience.None;   // whoever is storing will store this change too
        int carried = 0;
        do
        {
            carried |= Interlocked.Exchange(ref _pending, Storing);

            // SYNC cdc-words: word one was stored before the change that this word carries; pairs with ReceiveRing.TryRefresh (two, then one).
            Volatile.Write(ref *_wordTwo, Volatile.Read(ref _two));
        }
        while (Interlocked.CompareExchange(ref _pending, Nobody, Storing) != Storing);
        return (CdcAudience)carried & CdcAudience.Both;
    }
}
