using System.Globalization;
using System.Runtime.InteropServices;

namespace Smc.Peer.Faults;

/// <summary>The limit of this process's file descriptors.</summary>
internal static partial class DescriptorLimit
{
    private const int NoFile = 7;

    /// <summary>Leaves room for <paramref name="more"/> descriptors beside those that are open.</summary>
    /// <returns>The limit.</returns>
    public static long Leave(int more)
    {
        // The limit is one of numbers, and the lowest free one is given out first.
        HashSet<int> open = [.. Open()];
        int limit = 0;
        for (int free = 0; free < more || open.Contains(limit); limit++)
        {
            if (!open.Contains(limit)) free++;
        }

        _ = GetLimit(NoFile, out Limit now);
        now.Soft = (ulong)limit;
        return SetLimit(NoFile, in now) == 0 ? limit : -1;
    }

    /// <summary>The open descriptors, without the one that looking at them takes.</summary>
    private static IEnumerable<int> Open() => Directory.GetFileSystemEntries("/proc/self/fd")
        .Where(path => new FileInfo(path).LinkTarget is not null)
        .Select(path => int.Parse(Path.GetFileName(path), CultureInfo.InvariantCulture));

    [LibraryImport("libc", EntryPoint = "getrlimit")]
    private static partial int GetLimit(int resource, out Limit limit);

    [LibraryImport("libc", EntryPoint = "setrlimit")]
    private static partial int SetLimit(int resource, in Limit limit);

    [StructLayout(LayoutKind.Sequential)]
    private struct Limit
    {
        public ulong Soft;
        public ulong Hard;
    }
}
