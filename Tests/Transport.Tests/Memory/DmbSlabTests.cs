using Smc.Transport.Interop.Linux;
using Smc.Transport.Memory;

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
            DmbRange range = slab.RangeOf((ushort)i);
            Assert.True(offsets.Add(range.Offset));
            Assert.Equal((0, slab.SizeClass.Bytes), (range.Offset % slab.SizeClass.Bytes, range.Bytes));
            Assert.InRange(range.Offset + range.Bytes, range.Bytes, slab.Bytes);
            Assert.Equal(0, (nint)range.Address & 7);
            Assert.False(Contents(range).ContainsAnyExcept((byte)0));
            Contents(range).Fill((byte)(i + 1));   // would show in a neighbour
        }
    }

    [Fact]
    public void The_peer_sees_the_same_ranges_and_none_beyond()
    {
        using DmbSlab slab = Create(1, out FileDescriptor descriptor);
        Assert.Equal(MemoryError.None, PeerSlab.TryOpen(descriptor, slab.SizeClass, slab.Count, slab.Bytes, mappings: null, out PeerSlab? opened));
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
        Assert.Equal(MemoryError.WrongSize, PeerSlab.TryOpen(descriptor, slab.SizeClass, slab.Count + 1, slab.Bytes, mappings: null, out PeerSlab? opened));
        Assert.Null(opened);
        Assert.True(descriptor.IsClosed);
    }

    private static DmbSlab Create(byte code, out FileDescriptor descriptor)
    {
        Assert.True(SizeClass.TryFromCode(code, out SizeClass sizeClass));
        Assert.Equal(MemoryError.None, DmbSlab.TryCreate(1, sizeClass, prefault: false, mappings: null, out DmbSlab? slab, out FileDescriptor? created));
        descriptor = created!;
        return slab!;
    }

    private static Span<byte> Contents(DmbRange range) => new(range.Address, range.Bytes);
}
