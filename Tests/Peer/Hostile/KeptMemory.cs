using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Smc.Transport.Interop.Linux;

namespace Smc.Peer.Hostile;

/// <summary>A descriptor of memory that another process has created and offered, kept for as long as its holder likes, and never mapped.</summary>
public sealed partial class KeptMemory : IDisposable
{
    private const int EmptyPath = 0x1000;
    private const uint BasicStats = 0x7FF;
    private const int StatXBytes = 256;
    private const int BlocksOffset = 48;

    private readonly SafeFileHandle _file;

    /// <param name="descriptor">Any descriptor of the memory; it stays the caller's.</param>
    public KeptMemory(FileDescriptor descriptor) =>
        _file = File.OpenHandle($"/proc/self/fd/{descriptor.DangerousGetHandle()}", FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);

    /// <summary>Committed memory, in blocks of 512 bytes.</summary>
    public ulong Blocks
    {
        get
        {
            Span<byte> found = stackalloc byte[StatXBytes];
            if (StatX(_file, string.Empty, EmptyPath, BasicStats, ref MemoryMarshal.GetReference(found)) != 0)
                throw new InvalidOperationException($"no statx: errno {Marshal.GetLastPInvokeError()}");
            return MemoryMarshal.Read<ulong>(found[BlocksOffset..]);
        }
    }

    /// <inheritdoc />
    public void Dispose() => _file.Dispose();

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int StatX(SafeFileHandle folder, string path, int flags, uint mask, ref byte result);
}
