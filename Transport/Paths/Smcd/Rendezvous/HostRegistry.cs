using System.Net;
using System.Runtime.Versioning;
using Smc.Transport.Interop.Linux;
using Smc.Transport.Wire;

namespace Smc.Transport.Paths.Smcd.Rendezvous;

/// <summary>
/// The rendezvous folder: one entry a process, beside its control socket and a lock file whose flock it holds while it lives. Who finds a lock
/// free sweeps what the dead has left. One thread at a time.
/// </summary>
internal sealed class HostRegistry : IDisposable
{
    /// <summary>A listener may share its port with others (SO_REUSEPORT); so many of them are announced to.</summary>
    public const int MaxMatches = 4;

    /// <summary>A folder that changed less than this long before it was read may have changed again unseen: its clock is that coarse.</summary>
    private static readonly TimeSpan ClockGrain = TimeSpan.FromMilliseconds(50);

    /// <summary>A longer entry is none.</summary>
    private const int MaxEntryBytes = 1 << 20;

    private readonly OwnedFolder _folder;
    private readonly FileDescriptor _lock;
    private readonly string _name;
    private readonly ulong _networkNamespace;
    private List<RegistryEntry> _entries = [];
    private DateTime _readAt = DateTime.MinValue;
    private DateTime _folderTime = DateTime.MinValue;

    private HostRegistry(OwnedFolder folder, FileDescriptor ownLock, SmcGid gid, ulong networkNamespace)
    {
        _folder = folder;
        _lock = ownLock;
        _networkNamespace = networkNamespace;
        Gid = gid;
        _name = NameOf(gid);
    }

    /// <summary>This process's device.</summary>
    public SmcGid Gid { get; }

    /// <summary>The folder, for sockets relative to it.</summary>
    public FileDescriptor Folder => _folder.Descriptor;

    /// <summary>The name of this process's control socket.</summary>
    public string SocketName => _name + RegistryFiles.Socket;

    /// <summary>Opens the folder, sweeps the dead and takes a place among the living.</summary>
    /// <param name="path">Created with mode 0700 where it is missing.</param>
    /// <param name="gid">This process's device.</param>
    /// <param name="networkNamespace">The cookie of this process's network namespace.</param>
    /// <param name="problem">What is wrong, in words.</param>
    [UnsupportedOSPlatform("windows")]
    public static HostRegistry? TryOpen(string path, SmcGid gid, ulong networkNamespace, out string problem)
    {
        OwnedFolder? folder = OwnedFolder.TryOpen(path, out problem);
        if (folder is null) return null;
        Sweep(folder);
        FileDescriptor? ownLock = folder.TryLockNew(NameOf(gid) + RegistryFiles.Lock);
        if (ownLock is not null) return new HostRegistry(folder, ownLock, gid, networkNamespace);
        problem = $"{path}: no lock file can be created";
        folder.Dispose();
        return null;
    }

    /// <summary>Publishes where this process listens, in one step.</summary>
    public void Publish(IReadOnlyList<IPEndPoint> listeners) => _folder.Write(
        _name + RegistryFiles.Entry, _name + RegistryFiles.Entry + RegistryFiles.Unfinished, new RegistryEntry(Gid, _networkNamespace, listeners).Format());

    /// <summary>The living processes that listen where a connection to <paramref name="destination"/> would arrive.</summary>
    /// <exception cref="IOException">The folder is gone, or there is no descriptor left to read it: nobody knows who listens.</exception>
    public IReadOnlyList<RegistryEntry> Find(IPEndPoint destination)
    {
        Refresh();
        destination = EndPointMatch.Unmap(destination);
        List<RegistryEntry>? found = null;
        var best = EndPointMatch.Fit.Wildcard;
        foreach (RegistryEntry entry in _entries)
        {
            foreach (IPEndPoint listener in entry.Listeners)
            {
                EndPointMatch.Fit fit = EndPointMatch.Of(listener, entry.NetworkNamespace == _networkNamespace, destination);
                if (fit == EndPointMatch.Fit.None || fit < best) continue;
                if (fit > best) found?.Clear();
                best = fit;
                found ??= [];
                if (found.Count < MaxMatches && !found.Contains(entry)) found.Add(entry);
            }
        }

        return found ?? (IReadOnlyList<RegistryEntry>)[];
    }

    /// <summary>Removes what a process has left behind, if it is dead.</summary>
    public void SweepIfDead(SmcGid gid)
    {
        SweepOne(_folder, NameOf(gid));
        _folderTime = DateTime.MinValue;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        Remove(_folder, _name);
        _lock.Dispose();
        _folder.Dispose();
    }

    private static string NameOf(SmcGid gid) => gid.ToGuid().ToString("N");

    private static void Sweep(OwnedFolder folder)
    {
        foreach (string path in Directory.EnumerateFiles(folder.Path, "*" + RegistryFiles.Lock)) SweepOne(folder, Path.GetFileNameWithoutExtension(path));
    }

    private static void SweepOne(OwnedFolder folder, string name)
    {
        using FileDescriptor? taken = folder.TryLock(name + RegistryFiles.Lock, create: false);
        if (taken is not null) Remove(folder, name);
    }

    private static void Remove(OwnedFolder folder, string name)
    {
        // The lock goes last: while it is there, and free, the next start sweeps what is left.
        string path = Path.Combine(folder.Path, name);
        try
        {
            File.Delete(path + RegistryFiles.Entry + RegistryFiles.Unfinished);
            File.Delete(path + RegistryFiles.Entry);
            File.Delete(path + RegistryFiles.Socket);
            File.Delete(path + LocalDoor.Suffix + LocalDoor.Unfinished);
            File.Delete(path + LocalDoor.Suffix);
            File.Delete(path + RegistryFiles.Lock);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The folder is gone, and its files with it; or it is not for this process to change.
        }
    }

    private void Refresh()
    {
        DateTime changed = Directory.GetLastWriteTimeUtc(_folder.Path);
        if (changed == _folderTime && _readAt - changed > ClockGrain) return;
        DateTime readAt = DateTime.UtcNow;
        var entries = new List<RegistryEntry>();
        bool isComplete = true;
        foreach (string path in Directory.EnumerateFiles(_folder.Path, "*" + RegistryFiles.Entry))
        {
            if (!Guid.TryParseExact(Path.GetFileNameWithoutExtension(path), "N", out Guid id)) continue;
            int errno = _folder.TryRead(Path.GetFileName(path), MaxEntryBytes, out string? text);
            if (errno is Errno.TooManyFiles or Errno.TooManyFilesInSystem) throw new IOException($"No descriptor is left to read {path}.");
            isComplete &= errno == 0;
            if (text is not null && RegistryEntry.TryParse(SmcGid.FromGuid(id), text, out RegistryEntry? entry)) entries.Add(entry);
        }

        _entries = entries;
        _readAt = readAt;
        _folderTime = isComplete ? changed : DateTime.MinValue;   // what could not be read now is read the next time
    }
}
