using System.Diagnostics;
using Smc.Transport.Wire.Cdc;

namespace Smc.Transport.Rings;

/// <summary>
/// The writer's half of one direction: the peer's DMB, attached (the send buffer is a ghost: a descriptor only). Copying into it is the
/// transfer. Space follows the peer's consumer cursor, never the moment of sending. One thread at a time.
/// </summary>
internal unsafe struct SendRing
{
    private const int DataOffset = SmcdCdcLayout.Length;

    private readonly byte* _data;
    private readonly ulong* _peerConsumerWord;
    private readonly uint _size;
    private RingCursor _produced;
    private RingCursor _peerConsumed;
    private ConnectionStateFlags _seenState;

    /// <param name="peerDmb">The first byte of the peer's DMB.</param>
    /// <param name="bytes">The whole of it, CDC area included; the peer's size is the modulus.</param>
    /// <param name="ownDmb">This end's DMB, in whose CDC area the peer shows what it has consumed.</param>
    public SendRing(byte* peerDmb, int bytes, byte* ownDmb)
    {
        Debug.Assert(((nint)peerDmb & 7) == 0 && bytes > DataOffset);
        _data = peerDmb + DataOffset;
        _size = (uint)(bytes - DataOffset);
        _peerConsumerWord = (ulong*)(ownDmb + SmcdCdcLayout.WordTwo);
        _produced = new RingCursor(_size);
        _peerConsumed = new RingCursor(_size);
    }

    /// <summary>Bytes of the ring.</summary>
    public readonly uint Size => _size;

    /// <summary>Bytes that may be written now, as last looked at.</summary>
    public readonly uint Space => (uint)(_size - (_produced.Total - _peerConsumed.Total));

    /// <summary>Bytes known to be read by the peer, and bytes written so far, for another thread to look at: each load by itself is whole.</summary>
    public readonly (long Consumed, long Produced) Totals => (_peerConsumed.Total, _produced.Total);

    /// <summary>The position of the next byte.</summary>
    public readonly CdcCursor Producer => _produced.Cursor;

    /// <summary>Bytes written since the connection began, published or about to be. For any thread.</summary>
    public readonly long Produced => _produced.Shared;

    /// <summary>The position up to which the peer has consumed, as last looked at.</summary>
    public readonly CdcCursor PeerConsumer => _peerConsumed.Cursor;

    /// <summary>Looks at what the peer has consumed.</summary>
    /// <param name="flags">The peer's word two, loaded once: cursor and flags belong together.</param>
    /// <param name="violation">Named where the peer broke the rules.</param>
    /// <returns>False on a violation.</returns>
    public bool TryRefresh(out ulong flags, out RingViolation violation)
    {
        flags = Volatile.Read(ref *_peerConsumerWord);   // SYNC window: pairs with CdcPublisher.Publish after the reader's copy out
        _seenState |= SmcdCdcWords.State(flags);
        CdcCursor shown = SmcdCdcWords.Cursor(flags);
        if (_peerConsumed.TryFollow(shown, _produced.Total - _peerConsumed.Total))
        {
            violation = RingViolation.None;
            return true;
        }

        violation = shown.Count >= _size ? RingViolation.ConsumerOutsideRing : RingViolation.ConsumerBeyondProducer;
        return false;
    }

    /// <summary>True where the peer's consumer cursor differs from what was last looked at, or where it has set a state that no look has found. A hint
    /// for waiting.</summary>
    public readonly bool LooksChanged()
    {
        ulong word = Volatile.Read(ref *_peerConsumerWord);
        return SmcdCdcWords.Cursor(word) != _peerConsumed.Cursor || (SmcdCdcWords.State(word) & ~_seenState) != 0;
    }

    /// <summary>Copies as much of <paramref name="source"/> as there is space for. The peer sees none of it until the producer is published.</summary>
    /// <returns>The bytes copied.</returns>
    public int Write(ReadOnlySpan<byte> source)
    {
        uint count = Math.Min(Space, (uint)source.Length);
        if (count == 0) return 0;
        uint offset = _produced.Offset;
        uint first = Math.Min(count, _size - offset);
        source[..(int)first].CopyTo(new Span<byte>(_data + offset, (int)first));
        if (first < count) source[(int)first..(int)count].CopyTo(new Span<byte>(_data, (int)(count - first)));
        _produced.Advance(count);
        return (int)count;
    }
}
