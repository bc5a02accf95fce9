using Smc.Transport.Interop.Linux;
using Smc.Transport.Memory;
using Smc.Transport.Paths.Smcd;

namespace Smc.Transport.Tests.Memory;

public sealed unsafe class ControlLayoutTests : IDisposable
{
    private readonly SharedRegion _region;
    private readonly ControlRegion _control;

    public ControlLayoutTests()
    {
        long bytes = LinkGroupMemory.ControlBytes;
        MemoryError error = SharedRegion.TryCreate("test", bytes, prefault: false, mappings: null, out SharedRegion? region, out FileDescriptor? descriptor);
        Assert.Equal(MemoryError.None, error);
        descriptor!.Dispose();
        _region = region!;
        _control = new ControlRegion(_region);
    }

    [Fact]
    public void The_offsets_are_those_of_the_drawing()
    {
        Assert.Equal(128, CacheLine.Size);
        Assert.Equal((0, 8, 12), (ControlLayout.MagicOffset, ControlLayout.VersionOffset, ControlLayout.SlotsOffset));
        Assert.Equal([128, 384, 256, 512], new[]
        {
            OffsetOf(_control.Bell(GroupSide.Server)), OffsetOf(_control.Bell(GroupSide.Client)),
            OffsetOf(_control.Bitmap(GroupSide.Server)), OffsetOf(_control.Bitmap(GroupSide.Client)),
        });
        for (int slot = 0; slot < ControlLayout.Slots; slot++)
        {
            int start = 640 + (slot * 512);
            Assert.Equal(start, OffsetOf(_control.Reader(GroupSide.Server, slot)));
            Assert.Equal(start + 8, OffsetOf(_control.Seen(GroupSide.Server, slot)));
            Assert.Equal(start + 128, OffsetOf(_control.Writer(GroupSide.Server, slot)));
            Assert.Equal(start + 256, OffsetOf(_control.Reader(GroupSide.Client, slot)));
            Assert.Equal(start + 264, OffsetOf(_control.Seen(GroupSide.Client, slot)));
            Assert.Equal(start + 384, OffsetOf(_control.Writer(GroupSide.Client, slot)));
        }
    }

    [Fact]
    public void Every_word_has_a_line_of_its_own_inside_the_region()
    {
        var lines = new List<(long Line, int Bytes)> { (0, ControlLayout.SlotsOffset + sizeof(uint)) };
        foreach (GroupSide side in Enum.GetValues<GroupSide>())
        {
            lines.Add((OffsetOf(_control.Bell(side)), sizeof(int)));
            lines.Add((OffsetOf(_control.Bitmap(side)), ControlLayout.BitmapWords * sizeof(ulong)));
            for (int slot = 0; slot < ControlLayout.Slots; slot++)
            {
                lines.Add((OffsetOf(_control.Reader(side, slot)), ControlLayout.SeenOffset + sizeof(long)));
                lines.Add((OffsetOf(_control.Writer(side, slot)), sizeof(int)));
            }
        }

        Assert.All(lines, word =>
        {
            Assert.Equal(0, word.Line % CacheLine.Size);
            Assert.InRange(word.Bytes, 1, CacheLine.Size);
            Assert.InRange(word.Line + CacheLine.Size, CacheLine.Size, ControlLayout.Length);
        });
        Assert.Equal(lines.Count, lines.Select(word => word.Line).Distinct().Count());
        Assert.Equal(ControlLayout.Length, lines.Count * CacheLine.Size);
        Assert.InRange(ControlLayout.Length, 1, LinkGroupMemory.ControlBytes);
        Assert.InRange(ControlLayout.Slots, 1, ControlLayout.BitmapWords * 64);
        Assert.Equal(255, LinkGroupMemory.MaxConnections);
    }

    [Fact]
    public void A_region_is_recognised_when_it_has_been_formatted_and_not_before()
    {
        Assert.False(_control.IsFormatted());
        _control.Format();
        Assert.True(_control.IsFormatted());
    }

    [Theory]
    [InlineData(ControlLayout.MagicOffset)]
    [InlineData(ControlLayout.VersionOffset)]
    [InlineData(ControlLayout.SlotsOffset)]
    public void A_region_of_another_magic_version_or_shape_is_not(int offset)
    {
        _control.Format();
        _region.Base[offset]++;
        Assert.False(_control.IsFormatted());
    }

    public void Dispose() => _region.Dispose();

    private int OffsetOf(void* word) => (int)((byte*)word - _region.Base);
}
