using Microsoft.Win32.SafeHandles;

namespace Smc.Transport.Interop.Linux;

/// <summary>A shared mapping; released by munmap exactly once.</summary>
internal sealed unsafe class MapHandle : SafeHandleZeroOrMinusOneIsInvalid
{
    private readonly nuint _length;

    private MapHandle(void* address, nuint length)
        : base(ownsHandle: true)
    {
        _length = length;
        SetHandle((nint)address);
    }

    public byte* Address => (byte*)handle;

    /// <summary>Maps the whole of <paramref name="descriptor"/> for reading and writing.</summary>
    /// <returns>Null where the kernel refuses (address space, locked memory, ENOMEM with <paramref name="populate"/>).</returns>
    public static MapHandle? TryMap(FileDescriptor descriptor, long length, bool populate = false)
    {
        int flags = Libc.MapShared | (populate ? Libc.MapPopulate : 0);
        void* address = Libc.MMap(null, (nuint)length, Libc.ProtRead | Libc.ProtWrite, flags, descriptor.Value, 0);
        return address == Libc.MapFailed ? null : new MapHandle(address, (nuint)length);
    }

    protected override bool ReleaseHandle() => Libc.MUnmap((void*)handle, _length) == 0;
}
