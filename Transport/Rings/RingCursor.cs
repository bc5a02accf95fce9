using Smc.Transport.Wire.Cdc;

namespace Smc.Transport.Rings;

/// <summary>
/// One end's own idea of a cursor: the cursor itself, and the bytes it has moved over in all. It is the truth; what the peer shows is a
/// message that either moves it forward within the window or is a violation.
/// </summary>
internal struct RingCursor(uint size)
{
    /// <summary>Bytes of the ring.</summary>
    private readonly uint _size = size;
    private long _total;

    /// <summary>The position, as the protocol counts it.</summary>
    public CdcCursor Cursor { get; private set; }

    /// <summary>Bytes moved over since the connection began.</summary>
    public readonly long Total => _total;

    /// <summary>The same, for a thread that does not move the cursor.</summary>
    public readonly long Shared => Volatile.Read(in _total);

    /// <summary>Where the cursor stands in the ring, in bytes.</summary>
    public readonly uint Offset => Cursor.Count;

    /// <summary>Moves forward by <paramref name="bytes"/>, at most the size of the ring.</summary>
    public void Advance(uint bytes)
    {
        Cursor = CursorMath.Advance(Cursor, bytes, _size);
        Volatile.Write(ref _total, _total + bytes);   // SYNC courier: moved, then published; pairs with SmcdPath.PayDebt
    }

    /// <summary>Follows a cursor that the peer shows.</summary>
    /// <param name="shown">Read once from shared memory.</param>
    /// <param name="window">The most bytes that it may have moved since the last look.</param>
    /// <returns>False where the cursor lies outside the ring, ran backwards or ran past the window; then nothing has changed.</returns>
    public bool TryFollow(CdcCursor shown, long window)
    {
        if (shown == Cursor) return true;
        if (!CursorMath.TryDistance(Cursor, shown, _size, out uint moved) || moved > window) return false;
        Cursor = shown;
        _total += moved;
        return true;
    }
}
