using Smc.Transport.Wire.Cdc;

namespace Smc.Transport.Tests.Wire.Cdc;

public sealed class CursorMathTests
{
    private const uint Ring = 65_504;
    private const ushort LastWrap = ushort.MaxValue;

    [Fact]
    public void Distance_undoes_advance_even_where_the_wrap_itself_wraps() => Laws.Hold<(bool, uint, uint)>(input =>
    {
        var at = new CdcCursor(input.Item1 ? LastWrap : (ushort)0, input.Item2 % Ring);
        uint bytes = input.Item3 % (Ring + 1);
        CdcCursor moved = CursorMath.Advance(at, bytes, Ring);
        return CursorMath.TryDistance(at, moved, Ring, out uint distance) && distance == bytes;
    });

    [Fact]
    public void Advancing_twice_is_advancing_by_the_sum() => Laws.Hold<(ushort, uint, uint, uint)>(input =>
    {
        var at = new CdcCursor(input.Item1, input.Item2 % Ring);
        uint first = input.Item3 % (Ring + 1);
        uint second = input.Item4 % (Ring - first + 1);
        return CursorMath.Advance(CursorMath.Advance(at, first, Ring), second, Ring) == CursorMath.Advance(at, first + second, Ring);
    });

    [Fact]
    public void The_count_stays_below_the_size() => Laws.Hold<(ushort, uint, uint, uint)>(input =>
    {
        uint size = 1 + (input.Item4 % CursorMath.MaxRingSize);
        var at = new CdcCursor(input.Item1, input.Item2 % size);
        return CursorMath.Advance(at, input.Item3 % (size + 1), size).Count < size;
    });

    [Fact]
    public void A_full_ring_differs_from_an_empty_one_by_the_wrap()
    {
        CdcCursor full = CursorMath.Advance(new CdcCursor(LastWrap, 7), Ring, Ring);
        Assert.Equal(new CdcCursor(0, 7), full);
        Assert.True(CursorMath.TryDistance(new CdcCursor(LastWrap, 7), full, Ring, out uint whole));
        Assert.True(CursorMath.TryDistance(full, full, Ring, out uint none));
        Assert.Equal((Ring, 0u), (whole, none));
    }

    [Theory]
    [InlineData(5, 100, 5, Ring)]     // count out of range
    [InlineData(5, 100, 5, 99)]       // back
    [InlineData(5, 100, 4, 100)]      // a wrap back
    [InlineData(5, 100, 6, 101)]      // more than one ring ahead
    [InlineData(5, 100, 7, 0)]        // two wraps ahead
    [InlineData(0, 0, 65535, 65503)]  // back across the wrap of the wrap
    public void A_cursor_that_no_correct_peer_writes_is_refused(int olderWrap, int olderCount, int wrap, uint count)
    {
        var older = new CdcCursor((ushort)olderWrap, (uint)olderCount);
        Assert.False(CursorMath.TryDistance(older, new CdcCursor((ushort)wrap, count), Ring, out uint distance));
        Assert.Equal(0u, distance);
    }

    [Fact]
    public void An_accepted_cursor_is_never_more_than_one_ring_ahead_and_is_reached_by_advancing() => Laws.Hold<(ushort, uint, ushort, uint)>(input =>
    {
        var older = new CdcCursor(input.Item1, input.Item2 % Ring);
        var newer = new CdcCursor((ushort)(input.Item1 + (input.Item3 % 3)), input.Item4 % (Ring + 2));
        return !CursorMath.TryDistance(older, newer, Ring, out uint distance)
            || (distance <= Ring && CursorMath.Advance(older, distance, Ring) == newer);
    });
}
