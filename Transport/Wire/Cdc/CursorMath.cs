using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Smc.Transport.Wire.Cdc;

/// <summary>All arithmetic on cursors: pure, allocation free, in one place.</summary>
/// <remarks>Sizes are the bytes of the ring's data area, 1 to <see cref="MaxRingSize"/>; a cursor is valid when its count is below the size.</remarks>
public static class CursorMath
{
    /// <summary>The largest ring these functions serve, in bytes: sums of two counts stay within 32 bits.</summary>
    public const uint MaxRingSize = 1u << 30;

    /// <summary>Moves a cursor on, wrapping when it reaches the size.</summary>
    /// <param name="at">A valid cursor.</param>
    /// <param name="bytes">0 to <paramref name="size"/>.</param>
    /// <param name="size">Bytes of the ring.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static CdcCursor Advance(CdcCursor at, uint bytes, uint size)
    {
        Debug.Assert(size is > 0 and <= MaxRingSize && at.Count < size && bytes <= size);
        uint count = at.Count + bytes;
        return count < size ? new(at.Wrap, count) : new(unchecked((ushort)(at.Wrap + 1)), count - size);
    }

    /// <summary>The door for a cursor that a peer wrote: measures it against the last accepted one, and refuses what no correct peer can write.</summary>
    /// <param name="older">The last accepted cursor; valid.</param>
    /// <param name="newer">The peer's cursor; any value.</param>
    /// <param name="size">Bytes of the ring.</param>
    /// <param name="distance">Bytes moved, 0 to <paramref name="size"/>; 0 when refused.</param>
    /// <returns>False when the count is out of range, the cursor went back, or it is more than one ring ahead.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryDistance(CdcCursor older, CdcCursor newer, uint size, out uint distance)
    {
        distance = 0;
        ushort wraps = unchecked((ushort)(newer.Wrap - older.Wrap));
        if (newer.Count >= size || wraps > 1)
            return false;
        bool inRange = wraps == 0 ? newer.Count >= older.Count : newer.Count <= older.Count;
        if (inRange)
            distance = (wraps * size) + newer.Count - older.Count;
        return inRange;
    }
}
