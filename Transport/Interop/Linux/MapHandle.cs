using Microsoft.Win32.SafeHandles;

namespace Smc.Transport.Interop.Linux;

/// <summary>A shared mapping; released by munmap exactly once.</summary>
internal sealed unsafe class MapHandle : SafeHandleZeroOrMinusOneIsInvalid
{
    private readonly nuint _length;
    private readonly IMappingCount? _mappings;

    private MapHandle(void* address, nuint length, IMappingCount? mappings)
        : base(ownsHandle: true)
    {
        _length = length;
        _mappings = mappings;
        SetHandle((nint)address);
    }

    public byte* Address => (byte*)handle;

    /// <summary>Maps the whole of <paramref name="descriptor"/> for reading and writing.</summary>
    /// <param name="descriptor">The memory file.</param>
    /// <param name="length">Its size in bytes.</param>
    /// <param name="mappings">Where the caller has counted the mapping: it is taken out there when it is unmapped, or where it cannot be made. Null where
    /// it is not counted.</param>
    /// <param name="populate">Touch all pages now.</param>
    /// <param name="error">That the kernel refuses (address space, locked memory, ENOMEM with <paramref name="populate"/>).</param>
    public static MapHandle? TryMap(FileDescriptor descriptor, long length, IMappingCount? mappings, bool populate, out MemoryError error)
    {
        error = MemoryError.None;
        int flags = Libc.MapShared | (populate ? Libc.MapPopulate : 0);
        void* address = Libc.MMap(null, (nuint)length, Libc.ProtRead | Libc.ProtWrite, flags, descriptor.Value, 0);
        if (address != Libc.MapFailed) return new MapHandle(address, (nuint)length, mappings);
        mappings?.Remove();
        error = MemoryError.OutOfMemory;
        return null;
    }

    protected override bool ReleaseHandle()
    {
        bool isUnmapped = Libc.MUnmap((void*)handle, _length) == 0;
        if (isUnmapped) _mappings?.Remove();
        return isUnmapped;
    }
}
