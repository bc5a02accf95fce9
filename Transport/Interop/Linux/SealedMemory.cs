using System.Runtime.InteropServices;

namespace Smc.Transport.Interop.Linux;

/// <summary>Anonymous memory files that can neither shrink nor grow, and the checks that a received one must pass before it is mapped.</summary>
internal static unsafe class SealedMemory
{
    private const int RequiredSeals = Libc.SealSeal | Libc.SealShrink | Libc.SealGrow;
    private const int ForbiddenSeals = Libc.SealWrite | Libc.SealFutureWrite;
    private const int SeekEnd = 2;

    /// <summary>Creates a memory file of <paramref name="length"/> bytes, sealed against every change of size and of seals.</summary>
    /// <param name="name">Shown in /proc/PID/maps; no path and no identity.</param>
    /// <param name="length">In bytes; whole pages.</param>
    /// <param name="prefault">Commit the pages now, so that exhaustion shows here and not as a fault later.</param>
    /// <param name="descriptor">The descriptor, close-on-exec.</param>
    public static MemoryError TryCreate(string name, long length, bool prefault, out FileDescriptor? descriptor)
    {
        descriptor = null;
        int fd = Libc.MemfdCreate(name, Libc.MemfdCloseOnExec | Libc.MemfdAllowSealing);
        if (fd < 0) return FromErrno(Marshal.GetLastPInvokeError());
        var created = new FileDescriptor(fd);
        MemoryError error = Prepare(fd, length, prefault);
        if (error != MemoryError.None)
        {
            created.Dispose();
            return error;
        }

        descriptor = created;
        return MemoryError.None;
    }

    /// <summary>Checks a descriptor that a peer sent: plain tmpfs with base pages (a hole in a huge-page file can fault), exactly
    /// <paramref name="expectedLength"/> bytes, and a superset of the seals that keep it so.</summary>
    public static MemoryError Verify(FileDescriptor descriptor, long expectedLength)
    {
        int fd = descriptor.Value;
        Libc.StatFs fileSystem;
        if (Libc.FStatFs(fd, &fileSystem) != 0) return MemoryError.NotPlainMemory;
        if (fileSystem.Type != Libc.TmpfsMagic || fileSystem.BlockSize != Environment.SystemPageSize) return MemoryError.NotPlainMemory;
        int seals = Libc.Fcntl(fd, Libc.FcntlGetSeals, 0);
        if (seals >= 0 && (seals & ForbiddenSeals) != 0) return MemoryError.NotPlainMemory;   // no new mapping could write
        if (seals < 0 || (seals & RequiredSeals) != RequiredSeals) return MemoryError.NotSealed;
        return Libc.LSeek(fd, 0, SeekEnd) == expectedLength ? MemoryError.None : MemoryError.WrongSize;
    }

    private static MemoryError Prepare(int fd, long length, bool prefault)
    {
        if (Libc.FTruncate(fd, length) != 0) return FromErrno(Marshal.GetLastPInvokeError());
        if (prefault)
        {
            int error = Libc.PosixFallocate(fd, 0, length);
            if (error != 0) return FromErrno(error);
        }

        return Libc.Fcntl(fd, Libc.FcntlAddSeals, RequiredSeals) == 0 ? MemoryError.None : MemoryError.NotSealed;
    }

    private static MemoryError FromErrno(int errno) => errno switch
    {
        Errno.TooManyFiles or Errno.TooManyFilesInSystem => MemoryError.DescriptorsExhausted,
        _ => MemoryError.OutOfMemory,
    };
}
