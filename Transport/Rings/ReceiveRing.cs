using System.Diagnostics;
using Smc.Transport.Wire.Cdc;

namespace Smc.Transport.Rings;

/// <summary>
/// The reader's half of one direction: this end's own DMB, into which the peer writes data and cursors. One thread at a time.
/// The ring is the DMB less the CDC area at its start (SMC-D CDC area, 32 bytes).
/// </summary>
internal unsafe struct ReceiveRing
{
    private const int DataOffset = SmcdCdcLayout.Length;

    private const ConnectionStateFlags Ends =
        ConnectionStateFlags.PeerDoneWriting | ConnectionStateFlags.PeerConnectionClosed | ConnectionStateFlags.PeerConnectionAbort;

    /// <summary>Least bytes between two window updates, however small the ring: half the smallest socket buffer of the kernel.</summary>
    private const int LeastUpdate = 2304;

    /// <summary>A tenth of the ring must be consumed before an update is worth its cost.</summary>
    private const int UpdateShare = 10;

    private readonly byte* _data;
    private readonly ulong* _producerWord;
    private readonly ulong* _consumerWord;
    private readonly uint _size;
    private readonly uint _updateLimit;
    private RingCursor _received;
    private RingCursor _consumed;
    private long _confirmedTotal;
    private ConnectionStateFlags _seenState;
    private bool _isOver;

    /// <param name="dmb">The first byte of the DMB, aligned to 8.</param>
    /// <param name="bytes">The whole DMB, CDC area included.</param>
    public ReceiveRing(byte* dmb, int bytes)
    {
        Debug.Assert(((nint)dmb & 7) == 0 && bytes > DataOffset);
        _producerWord = (ulong*)(dmb + SmcdCdcLayout.WordOne);
        _consumerWord = (ulong*)(dmb + SmcdCdcLayout.WordTwo);
        _data = dmb + DataOffset;
        _size = (uint)(bytes - DataOffset);
        _updateLimit = Math.Max(_size / UpdateShare, LeastUpdate);
        _received = new RingCursor(_size);
        _consumed = new RingCursor(_size);
    }

    /// <summary>Bytes of the ring.</summary>
    public readonly uint Size => _size;

    /// <summary>Bytes known to be readable.</summary>
    public readonly uint Available => (uint)(_received.Total - _consumed.Total);

    /// <summary>Bytes read so far, and bytes known to have come, for another thread to look at: each load by itself is whole.</summary>
    public readonly (long Consumed, long Produced) Totals => (_consumed.Total, _received.Total);

    /// <summary>Bytes read since the connection began. For any thread.</summary>
    public readonly long Consumed => _consumed.Shared;

    /// <summary>The position up to which the application has read.</summary>
    public readonly CdcCursor Consumer => _consumed.Cursor;

    /// <summary>The position up to which the peer has produced, as last looked at.</summary>
    public readonly CdcCursor Producer => _received.Cursor;

    /// <summary>Bytes that the peer has produced since the connection began, as last looked at.</summary>
    public readonly long Received => _received.Total;

    /// <summary>
    /// Looks at what the peer has published. The flags' word is loaded before the producer's, so that an end of stream never overtakes data. The
    /// look that finds an end is the last at the producer: a peer may clear the flag and go on, and nothing of that is read.
    /// </summary>
    /// <param name="flags">The peer's word two, loaded once.</param>
    /// <param name="violation">Named where the peer broke the rules.</param>
    /// <returns>False on a violation.</returns>
    public bool TryRefresh(out ulong flags, out RingViolation violation)
    {
        flags = Volatile.Read(ref *_consumerWord);    // SYNC cdc-words: two before one; pairs with CdcPublisher, which stores one before two
        violation = RingViolation.None;
        _seenState |= SmcdCdcWords.State(flags);
        if (_isOver) return true;
        _isOver = (_seenState & Ends) != 0;
        CdcCursor shown = SmcdCdcWords.Cursor(Volatile.Read(ref *_producerWord));   // SYNC ring-publish: pairs with CdcPublisher.PublishProducer
        long window = _size - (_received.Total - _confirmedTotal);
        if (_received.TryFollow(shown, window)) return true;
        violation = shown.Count >= _size ? RingViolation.ProducerOutsideRing : RingViolation.ProducerBeyondWindow;
        return false;
    }

    /// <summary>The reader was told of an end: nothing is taken over after it.</summary>
    public void End() => _isOver = true;

    /// <summary>True where the peer has produced more than was last looked at, or set a state that no look has found. A hint for waiting; changes
    /// nothing.</summary>
    public readonly bool LooksChanged() =>
        HasProducerMoved() || (PeekState() & ~_seenState) != 0;

    /// <summary>True where the peer has produced more than was last looked at.</summary>
    public readonly bool HasProducerMoved() => SmcdCdcWords.Cursor(Volatile.Read(ref *_producerWord)) != _received.Cursor;

    /// <summary>The peer's state flags, which stay set once they are.</summary>
    public readonly ConnectionStateFlags PeekState() => SmcdCdcWords.State(Volatile.Read(ref *_consumerWord));

    /// <summary>Bytes of the ring that the peer has produced into, looked at or not; all of them where its cursor breaks the rules.</summary>
    public readonly uint Touched()
    {
        RingCursor shown = _received;
        long window = _size - (_received.Total - _confirmedTotal);
        bool follows = shown.TryFollow(SmcdCdcWords.Cursor(Volatile.Read(ref *_producerWord)), window);
        return follows ? (uint)Math.Min(shown.Total, _size) : _size;
    }

    /// <summary>Copies what is available into <paramref name="destination"/>.</summary>
    /// <returns>The bytes copied, 0 where nothing is available.</returns>
    public int Read(Span<byte> destination)
    {
        uint count = Math.Min(Available, (uint)destination.Length);
        if (count == 0) return 0;
        uint offset = _consumed.Offset;
        uint first = Math.Min(count, _size - offset);
        new ReadOnlySpan<byte>(_data + offset, (int)first).CopyTo(destination);
        if (first < count) new ReadOnlySpan<byte>(_data, (int)(count - first)).CopyTo(destination[(int)first..]);
        _consumed.Advance(count);
        return (int)count;
    }

    /// <summary>
    /// The window rule: true where the new consumer cursor must be sent. More than a tenth of the ring is unconfirmed, and either the sender
    /// has at most half of the ring free or it says that it is blocked.
    /// </summary>
    public readonly bool IsUpdateDue(bool peerIsBlocked)
    {
        long unconfirmed = _consumed.Total - _confirmedTotal;
        if (unconfirmed <= _updateLimit) return false;
        long senderFree = _size - (_received.Total - _confirmedTotal);
        return peerIsBlocked || senderFree <= _size / 2;
    }

    /// <summary>Notes that the consumer cursor has been sent.</summary>
    public void Confirm() => _confirmedTotal = _consumed.Total;
}
