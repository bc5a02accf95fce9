using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Smc.Transport.Interop.Linux;

/// <summary>A folder that belongs to this user alone, held open: nothing in it was put there by somebody else.</summary>
internal sealed unsafe class OwnedFolder : IDisposable
{
    /// <summary>The end of the name of a lock file. What stands beside a lock that nobody holds, under its name, was left by the dead.</summary>
    public const string LockSuffix = ".lock";

    /// <summary>Attempts at a lock file of this process's own, which only a sweeper can spoil, and only for a moment.</summary>
    private const int MaxLockAttempts = 1000;

    private const int PermissionBits = 0b111_111_111;
    private const int OwnerOnly = 0b111_000_000;
    private const int FileTypeBits = 0b1111 << 12;
    private const int RegularFile = 0b1000 << 12;
    private const int CurrentFolder = -100;
    private const uint Root = 0;

    private OwnedFolder(string path, FileDescriptor descriptor)
    {
        Path = path;
        Descriptor = descriptor;
    }

    public string Path { get; }

    public FileDescriptor Descriptor { get; }

    /// <summary>Creates the folder with mode 0700 if it is missing, opens it without following a link, and checks owner and mode.</summary>
    /// <returns>Null where it is not this user's alone; <paramref name="problem"/> says what is wrong.</returns>
    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    public static OwnedFolder? TryOpen(string path, out string problem)
    {
        try
        {
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            problem = $"{path}: {e.Message}";
            return null;
        }

        return TryFind(path, Libc.GetEffectiveUserId(), out problem);
    }

    /// <summary>Opens a folder that is there, with the same checks. Root opens that of any user, too: it is its owner's alone.</summary>
    /// <returns>Null where there is none, or where others may enter it; <paramref name="problem"/> says what is wrong.</returns>
    public static OwnedFolder? TryFind(string path, out string problem) =>
        TryFind(path, CurrentUser.Id == Root ? null : CurrentUser.Id, out problem);

    private static OwnedFolder? TryFind(string path, uint? owner, out string problem)
    {
        int fd = Libc.Open(path, Libc.OpenDirectory | Libc.OpenNoFollow | Libc.OpenCloseOnExec, 0);
        if (fd < 0)
        {
            problem = $"{path} is no folder, or a link (errno {Marshal.GetLastPInvokeError()})";
            return null;
        }

        var descriptor = new FileDescriptor(fd);
        Libc.StatXResult found;
        if (Libc.StatX(fd, string.Empty, Libc.StatXResult.EmptyPath, Libc.StatXResult.BasicStats, &found) != 0) problem = $"{path}: cannot be examined";
        else if (owner is { } user && found.UserId != user) problem = $"{path} belongs to user {found.UserId}, not to {user}";
        else if ((found.Mode & PermissionBits) != OwnerOnly) problem = $"{path} has mode {Convert.ToString(found.Mode & PermissionBits, 8)}, not 700";
        else
        {
            problem = string.Empty;
            return new OwnedFolder(path, descriptor);
        }

        descriptor.Dispose();
        return null;
    }

    /// <summary>Takes the lock of a file in the folder, which the kernel releases when the process ends, however it ends.</summary>
    /// <param name="name">The file.</param>
    /// <param name="create">Create it; it must not exist.</param>
    /// <returns>Null where it is locked, missing, not the file of that name any more, or a file that has another name.</returns>
    public FileDescriptor? TryLock(string name, bool create)
    {
        string path = System.IO.Path.Combine(Path, name);
        int flags = Libc.OpenReadWrite | Libc.OpenNoFollow | Libc.OpenCloseOnExec | (create ? Libc.OpenCreate | Libc.OpenExclusive : 0);
        int fd = Libc.Open(path, flags, 0b110_000_000);
        if (fd < 0) return null;
        var descriptor = new FileDescriptor(fd);
        Libc.StatXResult opened;
        Libc.StatXResult named;
        bool locked = Libc.FLock(fd, Libc.FlockExclusiveNonBlocking) == 0
            && Libc.StatX(fd, string.Empty, Libc.StatXResult.EmptyPath, Libc.StatXResult.BasicStats, &opened) == 0
            && Libc.StatX(CurrentFolder, path, 0, Libc.StatXResult.BasicStats, &named) == 0
            && opened.Inode == named.Inode   // a sweeper may have removed the file between open and lock
            && HasOneName(opened);
        if (locked) return descriptor;
        descriptor.Dispose();
        return null;
    }

    /// <summary>Creates a lock file and takes its lock. Another process that sweeps may take the new file for that of a dead one, before it is
    /// locked, and remove it.</summary>
    /// <returns>Null where no file can be created.</returns>
    public FileDescriptor? TryLockNew(string name)
    {
        for (int attempt = 0; attempt < MaxLockAttempts; attempt++)
        {
            if (TryLock(name, create: true) is { } taken) return taken;
            Thread.Yield();
        }

        return null;
    }

    /// <summary>Reads a file of the folder, if it is one that this user has put there: no link, hard ones too, no pipe, and nobody else's.</summary>
    /// <param name="name">The file.</param>
    /// <param name="maxBytes">A longer one is not read.</param>
    /// <param name="text">What it says; null where it is not read.</param>
    /// <returns>0, or the errno of a failure that may pass. A file that is not to be read is none.</returns>
    public int TryRead(string name, int maxBytes, out string? text)
    {
        text = null;
        int flags = Libc.OpenReadOnly | Libc.OpenNoFollow | Libc.OpenNonBlocking | Libc.OpenCloseOnExec;   // a pipe's other end is not waited for
        int fd = Libc.Open(System.IO.Path.Combine(Path, name), flags, 0);
        if (fd < 0)
        {
            int errno = Marshal.GetLastPInvokeError();
            return errno is Errno.TooManyFiles or Errno.TooManyFilesInSystem or Errno.NoMemory or Errno.Interrupted ? errno : 0;
        }

        using var file = new SafeFileHandle(fd, ownsHandle: true);
        Libc.StatXResult found;
        bool isOwn = Libc.StatX(fd, string.Empty, Libc.StatXResult.EmptyPath, Libc.StatXResult.BasicStats, &found) == 0
            && found.UserId == Libc.GetEffectiveUserId()
            && (found.Mode & FileTypeBits) == RegularFile
            && HasOneName(found);
        long length = isOwn ? RandomAccess.GetLength(file) : 0;
        if (!isOwn || length > maxBytes) return 0;
        byte[] bytes = new byte[length];
        text = Encoding.UTF8.GetString(bytes, 0, RandomAccess.Read(file, bytes, 0));
        return 0;
    }

    /// <summary>Writes a file of the folder, in one step for whoever reads it. What stands in its way is removed, and nothing is written through a link.</summary>
    /// <param name="name">The file.</param>
    /// <param name="temporaryName">What it is called until it is whole.</param>
    /// <param name="text">What it will say.</param>
    public void Write(string name, string temporaryName, string text)
    {
        string path = System.IO.Path.Combine(Path, name), temporary = System.IO.Path.Combine(Path, temporaryName);
        File.Delete(temporary);
        using (var file = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write)) file.Write(Encoding.UTF8.GetBytes(text));
        File.Move(temporary, path, overwrite: true);
    }

    /// <summary>A file's path by the folder's descriptor: this folder's, whatever its own path leads to by now, and short, because an address of a Unix
    /// socket holds 108 bytes.</summary>
    public string Short(string name) => $"{PathOf(Descriptor)}/{name}";

    /// <summary>Takes hold of what stands at a name, a link itself and not what it leads to, to connect to it and nothing else.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="name">A name in it.</param>
    /// <param name="errno">Why there is nothing.</param>
    public static FileDescriptor? TryHold(FileDescriptor folder, string name, out int errno)
    {
        int fd = Libc.Open($"{PathOf(folder)}/{name}", Libc.OpenPathOnly | Libc.OpenNoFollow | Libc.OpenCloseOnExec, 0);
        errno = fd < 0 ? Marshal.GetLastPInvokeError() : 0;
        return fd < 0 ? null : new FileDescriptor(fd);
    }

    /// <summary>A path of what a descriptor stands for.</summary>
    public static string PathOf(FileDescriptor descriptor) => $"/proc/self/fd/{descriptor.Value}";

    /// <summary>Removes files of this folder. One that is missing, or that this process may not remove, is left.</summary>
    public void Delete(params ReadOnlySpan<string> names)
    {
        try
        {
            foreach (string name in names) File.Delete(Short(name));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The folder is gone, and its files with it; or it is not for this process to change.
        }
    }

    public void Dispose() => Descriptor.Dispose();

    /// <summary>Not a hard link. A file that was replaced since it was opened has no name any more.</summary>
    private static bool HasOneName(in Libc.StatXResult file) => file.Links <= 1;
}
