using System.Runtime.InteropServices;
using Smc.Transport.Interop.Linux;

namespace Smc.Peer.Hostile;

/// <summary>What a peer may offer as a slab that is no sealed memory of the size it says.</summary>
public enum BadMemoryKind
{
    /// <summary>A memory file without seals: its owner can take it away.</summary>
    Unsealed,

    /// <summary>Sealed against growing alone.</summary>
    NotSealedAgainstShrinking,

    /// <summary>Sealed, and the seals themselves can still change.</summary>
    SealsNotSealed,

    /// <summary>A page less than the offer says.</summary>
    Short,

    /// <summary>Sealed against writing: it cannot be mapped for it.</summary>
    ReadOnly,

    /// <summary>Of huge pages, whose holes can fault.</summary>
    HugePages,

    /// <summary>A file on a disk.</summary>
    DiskFile,

    /// <summary>No file at all.</summary>
    Pipe,
}

/// <summary>Makes bad memory.</summary>
public static partial class BadMemory
{
    private const uint AllowSealing = 2;
    private const uint HugeTlb = 4;
    private const int AddSeals = 1033;
    private const int SealSeal = 1;
    private const int SealShrink = 2;
    private const int SealGrow = 4;
    private const int SealWrite = 8;
    private const long HugePageBytes = 2 * 1024 * 1024;
    private const int AllSeals = SealSeal | SealShrink | SealGrow;

    /// <summary>A descriptor of this kind.</summary>
    /// <param name="kind">What is wrong with it.</param>
    /// <param name="bytes">What the offer will say.</param>
    public static FileDescriptor Create(BadMemoryKind kind, long bytes) => new(kind switch
    {
        BadMemoryKind.Unsealed => Memory(bytes, 0),
        BadMemoryKind.NotSealedAgainstShrinking => Memory(bytes, SealSeal | SealGrow),
        BadMemoryKind.SealsNotSealed => Memory(bytes, SealShrink | SealGrow),
        BadMemoryKind.Short => Memory(bytes - Environment.SystemPageSize, AllSeals),
        BadMemoryKind.ReadOnly => Memory(bytes, AllSeals | SealWrite),
        BadMemoryKind.HugePages => Memory((bytes + HugePageBytes - 1) / HugePageBytes * HugePageBytes, AllSeals, HugeTlb),
        BadMemoryKind.DiskFile => Open(Path.GetTempFileName(), 2),
        _ => PipeEnd(),
    });

    private static int Memory(long bytes, int seals, uint flags = 0)
    {
        int fd = MemfdCreate("smc-bad", AllowSealing | flags);
        if (fd < 0 || FTruncate(fd, bytes) != 0) throw new InvalidOperationException($"no memory file: errno {Marshal.GetLastPInvokeError()}");
        if (seals != 0 && Control(fd, AddSeals, seals) != 0) throw new InvalidOperationException($"not sealed: errno {Marshal.GetLastPInvokeError()}");
        return fd;
    }

    private static int PipeEnd()
    {
        Span<int> ends = stackalloc int[2];
        _ = Pipe(ref MemoryMarshal.GetReference(ends));
        _ = CloseEnd(ends[1]);
        return ends[0];
    }

    [LibraryImport("libc", EntryPoint = "memfd_create", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int MemfdCreate(string name, uint flags);

    [LibraryImport("libc", EntryPoint = "ftruncate", SetLastError = true)]
    private static partial int FTruncate(int descriptor, long length);

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static partial int Control(int descriptor, int command, int argument);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "pipe", SetLastError = true)]
    private static partial int Pipe(ref int ends);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int CloseEnd(int descriptor);
}
