using Smc.Transport.Interop.Linux;

namespace Smc.Transport.Memory;

/// <summary>
/// A memory file that belongs to one link group and one size class, cut into DMBs. This process owns the ranges and hands them out; the peer
/// maps the whole. One thread at a time.
/// </summary>
public sealed class DmbSlab : IDisposable
{
    /// <summary>The size a slab is cut to where that gives between <see cref="LeastDmbs"/> and <see cref="MostDmbs"/> DMBs, in bytes.</summary>
    private const int PreferredBytes = 4 * 1024 * 1024;

    private const int LeastDmbs = 4;
    internal const int MostDmbs = 64;

    private readonly Stack<ushort> _free;
    private readonly SharedRegion _region;
    private int _fresh;

    private DmbSlab(uint id, SizeClass sizeClass, SharedRegion region, int count)
    {
        Id = id;
        SizeClass = sizeClass;
        Count = count;
        _region = region;
        _free = new Stack<ushort>(count);
        for (int index = count - 1; index >= 0; index--) _free.Push((ushort)index);
    }

    /// <summary>The slab's number within its group.</summary>
    public uint Id { get; }

    /// <summary>The size of its DMBs.</summary>
    public SizeClass SizeClass { get; }

    /// <summary>DMBs in all.</summary>
    public int Count { get; }

    /// <summary>DMBs that are handed out.</summary>
    public int InUse => Count - _free.Count;

    /// <summary>DMBs that have been handed out at least once.</summary>
    public int EverUsed => _fresh;

    /// <summary>Bytes of the memory file.</summary>
    public long Bytes => _region.Length;

    /// <summary>Creates a slab.</summary>
    /// <param name="id">Its number within the group.</param>
    /// <param name="sizeClass">The size of its DMBs.</param>
    /// <param name="prefault">Commit the memory now.</param>
    /// <param name="slab">The slab, mapped here.</param>
    /// <param name="descriptor">To be offered to the peer and closed.</param>
    public static MemoryError TryCreate(uint id, SizeClass sizeClass, bool prefault, out DmbSlab? slab, out FileDescriptor? descriptor)
    {
        slab = null;
        int count = Math.Clamp(PreferredBytes / sizeClass.Bytes, LeastDmbs, MostDmbs);
        MemoryError error = SharedRegion.TryCreate("smc-dmb", (long)count * sizeClass.Bytes, prefault, out SharedRegion? region, out descriptor);
        if (error == MemoryError.None) slab = new DmbSlab(id, sizeClass, region!, count);
        return error;
    }

    /// <summary>Hands out a DMB, all zero.</summary>
    /// <returns>False where all are in use.</returns>
    public bool TryTake(out ushort index)
    {
        if (!_free.TryPop(out index)) return false;
        _fresh = Math.Max(_fresh, index + 1);   // those that have never been out lie below the others, in order
        return true;
    }

    /// <summary>Takes a DMB back that neither end touches any more, and zeroes what was written.</summary>
    /// <param name="index">As handed out.</param>
    /// <param name="touchedBytes">Of the data area; the CDC area is zeroed in any case.</param>
    public void Return(ushort index, uint touchedBytes)
    {
        RangeOf(index).Clear(touchedBytes);
        _free.Push(index);
    }

    /// <summary>Where a DMB lies.</summary>
    public DmbRange RangeOf(ushort index) => new(_region, (long)index * SizeClass.Bytes, SizeClass.Bytes);

    /// <inheritdoc />
    public void Dispose() => _region.Dispose();
}

/// <summary>A slab of the peer's, mapped here.</summary>
/// <param name="Region">The mapping.</param>
/// <param name="SizeClass">The size of its DMBs.</param>
/// <param name="Count">DMBs in all.</param>
public sealed record PeerSlab(SharedRegion Region, SizeClass SizeClass, int Count) : IDisposable
{
    /// <summary>Checks and maps a slab as offered. Closes <paramref name="descriptor"/> in every case.</summary>
    public static MemoryError TryOpen(FileDescriptor descriptor, SizeClass sizeClass, int count, long bytes, out PeerSlab? slab)
    {
        slab = null;
        if (bytes != (long)count * sizeClass.Bytes || count > DmbSlab.MostDmbs)
        {
            descriptor.Dispose();
            return MemoryError.WrongSize;
        }

        MemoryError error = SharedRegion.TryOpen(descriptor, bytes, out SharedRegion? region);
        if (error == MemoryError.None) slab = new PeerSlab(region!, sizeClass, count);
        return error;
    }

    /// <summary>Where a DMB lies.</summary>
    /// <returns>False for an index beyond the slab.</returns>
    public bool TryGetRange(ushort index, out DmbRange range)
    {
        range = new DmbRange(Region, (long)index * SizeClass.Bytes, SizeClass.Bytes);
        return index < Count;
    }

    /// <inheritdoc />
    public void Dispose() => Region.Dispose();
}
