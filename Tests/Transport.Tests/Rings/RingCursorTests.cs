using Smc.Transport.Rings;
using Smc.Transport.Tests.Wire;
using Smc.Transport.Wire.Cdc;

namespace Smc.Transport.Tests.Rings;

public sealed class RingCursorTests
{
    private const uint Size = 16_352;

    [Fact]
    public void A_cursor_that_follows_ends_where_the_one_that_advanced_stands() => Laws.Hold<ushort[]>(steps =>
    {
        var ahead = new RingCursor(Size);
        var behind = new RingCursor(Size);
        foreach (ushort step in steps)
        {
            uint bytes = step % (Size + 1);
            ahead.Advance(bytes);
            if (!behind.TryFollow(ahead.Cursor, Size) || behind.Total != ahead.Total) return false;
        }

        return behind.Cursor == ahead.Cursor && behind.Total == ahead.Total && behind.Total == steps.Sum(s => (long)(s % (Size + 1)));
    });

    [Fact]
    public void The_wrap_goes_from_65535_to_0_and_the_total_goes_on()
    {
        var cursor = new RingCursor(Size);
        for (int i = 0; i < ushort.MaxValue; i++) cursor.Advance(Size);
        cursor.Advance(Size - 1);
        Assert.Equal(new CdcCursor(ushort.MaxValue, Size - 1), cursor.Cursor);
        RingCursor behind = cursor;
        cursor.Advance(1);
        Assert.Equal(new CdcCursor(0, 0), cursor.Cursor);
        Assert.Equal(65_536L * Size, cursor.Total);
        Assert.True(behind.TryFollow(cursor.Cursor, Size));
        Assert.Equal(cursor.Total, behind.Total);
    }

    [Theory]
    [InlineData(0, Size, Size)]          // outside
    [InlineData(0, uint.MaxValue, Size)]
    [InlineData(0, 99, Size)]            // back
    [InlineData(65535, 100, Size)]       // a wrap back
    [InlineData(0, 151, 50)]             // beyond the window
    [InlineData(1, 101, Size)]           // more than the ring
    [InlineData(2, 0, Size)]
    public void What_no_honest_peer_shows_changes_nothing(int wrap, uint count, long window)
    {
        var cursor = new RingCursor(Size);
        cursor.Advance(100);
        Assert.False(cursor.TryFollow(new CdcCursor((ushort)wrap, count), window));
        Assert.Equal((new CdcCursor(0, 100), 100L), (cursor.Cursor, cursor.Total));
    }

    [Fact]
    public void The_whole_window_may_be_used_and_no_byte_more()
    {
        var cursor = new RingCursor(Size);
        Assert.True(cursor.TryFollow(new CdcCursor(1, 0), Size));
        Assert.Equal(Size, cursor.Total);
        Assert.True(cursor.TryFollow(new CdcCursor(1, 0), 0));
        Assert.Equal(Size, cursor.Total);
        Assert.False(cursor.TryFollow(new CdcCursor(1, 1), 0));
    }
}
