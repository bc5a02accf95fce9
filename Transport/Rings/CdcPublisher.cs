using Smc.Transport.Wire.Cdc;

namespace Smc.Transport.Rings;

/// <summary>
/// Writes this end's two CDC words into the peer's DMB. Word one (producer) has one author, the writer. Word two (consumer and both flag
/// bytes) has three: reader, writer and closer. They change a private copy by compare-exchange, and one of them at a time stores it.
/// Nobody waits, the shared word never goes back, and own state is never read back from memory that the peer can write.
/// </summary>
internal sealed unsafe class CdcPublisher
{
    private static readonly ulong CursorMask = SmcdCdcWords.Pack(new CdcCursor(ushort.MaxValue, uint.MaxValue));

    private readonly ulong* _wordOne;
    private readonly ulong* _wordTwo;
    private ulong _two;
    private int _pending;

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

    /// <summary>Puts a new consumer cursor and publishes it.</summary>
    /// <returns>True where this thread made the last store, and so has to ring.</returns>
    public bool PublishConsumer(CdcCursor consumer) => Change(CursorMask, SmcdCdcWords.Pack(consumer));

    /// <summary>Sets or clears the producer flags of <paramref name="mask"/> and publishes.</summary>
    /// <returns>As <see cref="PublishConsumer"/>.</returns>
    public bool PublishProducerFlags(ProducerFlags mask, ProducerFlags value) =>
        Change(SmcdCdcWords.Pack(default, mask, 0), SmcdCdcWords.Pack(default, value, 0));

    /// <summary>Sets connection state flags, which stay set, and publishes.</summary>
    /// <returns>As <see cref="PublishConsumer"/>.</returns>
    public bool PublishState(ConnectionStateFlags flags)
    {
        ulong bits = SmcdCdcWords.Pack(default, 0, flags);
        return Change(bits, bits);
    }

    private bool Change(ulong mask, ulong value)
    {
        // Progress: a turn fails only because one of the two other authors changed the word, and each of them changes it once a call.
        ulong seen = Volatile.Read(ref _two);
        while (true)
        {
            ulong found = Interlocked.CompareExchange(ref _two, (seen & ~mask) | value, seen);
            if (found == seen) break;
            seen = found;
        }

        return Publish();
    }

    private bool Publish()
    {
        if (Interlocked.Increment(ref _pending) != 1) return false;   // whoever is storing will store this change too
        int seen;
        do
        {
            seen = Volatile.Read(ref _pending);

            // SYNC cdc-words: word one was stored before the change that this word carries; pairs with ReceiveRing.TryRefresh (two, then one).
            Volatile.Write(ref *_wordTwo, Volatile.Read(ref _two));
        }
        while (Interlocked.CompareExchange(ref _pending, 0, seen) != seen);
        return true;
    }
}
