namespace Smc.Host.Transfer;

/// <summary>
/// A file that takes its name only when it is complete: written under a temporary name in the same folder, then renamed over whatever had
/// the name before. Disposed without <see cref="Commit"/>, it leaves nothing behind.
/// </summary>
internal sealed class PendingFile : IDisposable
{
    private readonly string _finalPath;
    private readonly string _pendingPath;
    private bool _committed;

    private PendingFile(string finalPath, string pendingPath)
    {
        _finalPath = finalPath;
        _pendingPath = pendingPath;
        Stream = new FileStream(pendingPath, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);
    }

    public FileStream Stream { get; }

    /// <exception cref="IOException">The folder does not exist or cannot be written, or the path is a folder.</exception>
    public static PendingFile Create(string path)
    {
        string full = Path.GetFullPath(path);
        if (Directory.Exists(full)) throw new IOException($"{path} is a folder.");
        string folder = Path.GetDirectoryName(full)!;
        if (!Directory.Exists(folder)) throw new DirectoryNotFoundException($"no such folder: {folder}");
        string pending = Path.Combine(folder, $".{Path.GetFileName(full)}.{Guid.NewGuid():N}.part");
        return new PendingFile(full, pending);
    }

    /// <summary>Puts the bytes on the disk and gives the file its name.</summary>
    public void Commit()
    {
        Stream.Flush(flushToDisk: true);
        Stream.Dispose();
        File.Move(_pendingPath, _finalPath, overwrite: true);
        _committed = true;
    }

    public void Dispose()
    {
        Stream.Dispose();
        if (!_committed) File.Delete(_pendingPath);
    }
}
