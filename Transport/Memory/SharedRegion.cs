using System.Diagnostics;
using Smc.Transport.Interop.Linux;

namespace Smc.Transport.Memory;

/// <summary>A sealed memory file mapped into this process. The mapping lives until <see cref="Dispose"/>: whoever touches it must have
/// ended before, which is what the entry marks of a connection are for.</summary>
public sealed unsafe class SharedRegion : IDisposable
{
    private readonly MapHandle _map;

    private SharedRegion(MapHandle map, long length)
    {
        _map = map;
        Length = length;
    }

    /// <summary>Size in bytes, whole pages.</summary>
    public long Length { get; }

    /// <summary>The first byte.</summary>
    internal byte* Base => _map.Address;

    /// <summary>Creates a sealed region. The caller hands <paramref name="descriptor"/> to the peer and closes it.</summary>
    /// <param name="name">Shown in /proc/PID/maps.</param>
    /// <param name="length">In bytes; rounded up to whole pages.</param>
    /// <param name="prefault">Commit all pages now (<c>smc.buffers.memory = prefaulted</c>).</param>
    /// <param name="mappings">The peer that it is mapped for: at its limit no memory is made. Null where it is counted for none.</param>
    /// <param name="region">The mapping, zeroed.</param>
    /// <param name="descriptor">The memory file.</param>
    public static MemoryError TryCreate(
        string name, long length, bool prefault, IMappingCount? mappings, out SharedRegion? region, out FileDescriptor? descriptor)
    {
        (region, descriptor) = (null, null);
        length = RoundToPages(length);
        MemoryError error = mappings?.TryAdd() ?? MemoryError.None;
        if (error != MemoryError.None) return error;
        error = SealedMemory.TryCreate(name, length, prefault, out descriptor);
        if (error != MemoryError.None)
        {
            mappings?.Remove();
            return error;
        }

        MapHandle? map = MapHandle.TryMap(descriptor!, length, mappings, prefault, out error);
        if (map is null)
        {
            descriptor!.Dispose();
            descriptor = null;
            return error;
        }

        region = new SharedRegion(map, length);
        return MemoryError.None;
    }

    /// <summary>Checks and maps a descriptor that a peer offered, and closes it in every case.</summary>
    /// <param name="descriptor">The descriptor as received.</param>
    /// <param name="length">The size that the peer announced, in bytes; the file must have exactly this size, in whole pages.</param>
    /// <param name="mappings">The peer, where its mappings are counted.</param>
    /// <param name="region">The mapping.</param>
    public static MemoryError TryOpen(FileDescriptor descriptor, long length, IMappingCount? mappings, out SharedRegion? region)
    {
        using (descriptor)
        {
            region = null;
            if (length <= 0 || length != RoundToPages(length)) return MemoryError.WrongSize;
            MemoryError error = SealedMemory.Verify(descriptor, length);
            if (error == MemoryError.None) error = mappings?.TryAdd() ?? MemoryError.None;
            if (error != MemoryError.None) return error;
            MapHandle? map = MapHandle.TryMap(descriptor, length, mappings, populate: false, out error);
            if (map is not null) region = new SharedRegion(map, length);
            return error;
        }
    }

    /// <summary>The address of <paramref name="length"/> bytes at <paramref name="offset"/>.</summary>
    internal byte* At(long offset, long length)
    {
        Debug.Assert(offset >= 0 && length >= 0 && offset <= Length - length);
        return Base + offset;
    }

    /// <summary>Gives whole pages back to the system. Whoever touches them next, here or at the peer, finds zeros.</summary>
    /// <returns>False where the system refuses.</returns>
    internal bool TryDecommit(long offset, long length) => Libc.MAdvise(At(offset, length), (nuint)length, Libc.MAdviseRemove) == 0;

    /// <summary>Gives all pages back to the system and unmaps: whoever has kept a descriptor holds no memory by it that this process has committed. Whoever
    /// touches the memory next finds zeros, and pays for them.</summary>
    internal void GiveBack()
    {
        if (!_map.IsClosed) TryDecommit(0, Length);   // where the system refuses, the pages are the last descriptor's
        Dispose();
    }

    /// <summary>Whole pages for <paramref name="length"/> bytes.</summary>
    internal static long RoundToPages(long length)
    {
        long page = Environment.SystemPageSize;
        return (length + page - 1) / page * page;
    }

    /// <inheritdoc />
    public void Dispose() => _map.Dispose();
}
