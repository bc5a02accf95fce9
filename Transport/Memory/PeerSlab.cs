using Smc.Transport.Interop.Linux;

namespace Smc.Transport.Memory;

/// <summary>A slab of the peer's, mapped here.</summary>
/// <param name="Region">The mapping.</param>
/// <param name="SizeClass">The size of its DMBs.</param>
/// <param name="Count">DMBs in all.</param>
public sealed record PeerSlab(SharedRegion Region, SizeClass SizeClass, int Count) : IDisposable
{
    /// <summary>Checks and maps a slab as offered. Closes <paramref name="descriptor"/> in every case.</summary>
    public static MemoryError TryOpen(
        FileDescriptor descriptor, SizeClass sizeClass, int count, long bytes, IMappingCount? mappings, out PeerSlab? slab)
    {
        slab = null;
        if (bytes != (long)count * sizeClass.Bytes || count > DmbSlab.MostDmbs)
        {
            descriptor.Dispose();
            return MemoryError.WrongSize;
        }

        MemoryError error = SharedRegion.TryOpen(descriptor, bytes, mappings, out SharedRegion? region);
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
