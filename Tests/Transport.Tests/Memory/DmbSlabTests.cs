using Smc.Transport.Interop.Linux;
using Smc.Transport.Memory;
using Smc.Transport.Wire.Cdc;

namespace Smc.Transport.Tests.Memory;

public sealed unsafe class DmbSlabTests
{
    [Theory]
    [InlineData(0, 64)]
    [InlineData(2, 64)]
    [InlineData(4, 16)]
    [InlineData(6, 4)]
    public void A_slab_is_cut_into_ranges_that_do_not_overlap(byte code, int count)
    {
        using DmbSlab slab = Create(code, out FileDescriptor descriptor);
        descriptor.Dispose();
        Assert.Equal(count, slab.Count);
        var offsets = new HashSet<long>();
        for (int i = 0; i < count; i++)
        {
            Assert.Equal(i, slab.InUse);
            Assert.True(slab.TryTake(out ushort index));
            DmbRange range = slab.RangeOf(index);
            Assert.True(offsets.Add(range.Offset));
            Assert.Equal((0, slab.SizeClass.Bytes), (range.Offset % slab.SizeClass.Bytes, range.Bytes));
            Assert.InRange(range.Offset + range.Bytes, range.Bytes, slab.Bytes);
            Assert.Equal(0, (nint)range.Address & 7);
            Assert.False(Contents(range).ContainsAnyExcept((byte)0));
            Contents(range).Fill((byte)(i + 1));   // would show in a neighbour
        }

        Assert.False(slab.TryTake(out _));
    }

    [Fact]
    public void It_knows_how_many_have_ever_been_handed_out()
    {
        using DmbSlab slab = Create(0, out FileDescriptor descriptor);
        descriptor.Dispose();
        slab.TryTake(out ushort first);
        slab.TryTake(out ushort second);
        slab.Return(first, 0);
        slab.TryTake(out _);
        Assert.Equal(2, slab.EverUsed);
        slab.TryTake(out _);
        slab.Return(second, 0);
        Assert.Equal(3, slab.EverUsed);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(5000)]
    [InlineData(16_352)]
    public void A_range_that_comes_back_is_zeroed_as_far_as_it_was_touched(int touched)
    {
        using DmbSlab slab = Create(0, out FileDescriptor descriptor);
        descriptor.Dispose();
        Assert.True(slab.TryTake(out ushort index));
        DmbRange range = slab.RangeOf(index);
        Contents(range)[..(SmcdCdcLayout.Length + touched)].Fill(0xAA);
        slab.Return(index, (uint)touched);
        Assert.Equal(0, slab.InUse);
        Assert.True(slab.TryTake(out ushort again));
        Assert.Equal(index, again);   // last in, first out: it is the one in the cache
        Assert.False(Contents(slab.RangeOf(again)).ContainsAnyExcept((byte)0));
    }

    [Fact]
    public void More_than_the_range_is_never_zeroed()
    {
        using DmbSlab slab = Create(0, out FileDescriptor descriptor);
        descriptor.Dispose();
        Contents(slab.RangeOf(1)).Fill(7);
        Assert.True(slab.TryTake(out ushort index));
        Assert.Equal(0, index);
        slab.Return(index, int.MaxValue);
        Assert.False(Contents(slab.RangeOf(1)).ContainsAnyExcept((byte)7));
    }

    [Fact]
    public void The_peer_sees_the_same_ranges_and_none_beyond()
    {
        using DmbSlab slab = Create(1, out FileDescriptor descriptor);
        Assert.Equal(MemoryError.None, PeerSlab.TryOpen(descriptor, slab.SizeClass, slab.Count, slab.Bytes, out PeerSlab? opened));
        using PeerSlab peer = opened!;
        Contents(slab.RangeOf(5))[100] = 99;
        Assert.True(peer.TryGetRange(5, out DmbRange range));
        Assert.Equal(99, Contents(range)[100]);
        Assert.True(peer.TryGetRange((ushort)(slab.Count - 1), out _));
        Assert.False(peer.TryGetRange((ushort)slab.Count, out _));
        Assert.False(peer.TryGetRange(ushort.MaxValue, out _));
    }

    [Fact]
    public void An_offer_whose_count_does_not_fit_its_size_is_refused()
    {
        using DmbSlab slab = Create(0, out FileDescriptor descriptor);
        Assert.Equal(MemoryError.WrongSize, PeerSlab.TryOpen(descriptor, slab.SizeClass, slab.Count + 1, slab.Bytes, out PeerSlab? opened));
        Assert.Null(opened);
        Assert.True(descriptor.IsClosed);
    }

    private static DmbSlab Create(byte code, out FileDescriptor descriptor)
    {
        Assert.True(SizeClass.TryFromCode(code, out SizeClass sizeClass));
        Assert.Equal(MemoryError.None, DmbSlab.TryCreate(1, sizeClass, prefault: false, out DmbSlab? slab, out FileDescriptor? created));
        descriptor = created!;
        return slab!;
    }

    private static Span<byte> Contents(DmbRange range) => new(range.Address, range.Bytes);
}
