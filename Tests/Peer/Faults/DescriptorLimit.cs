using System.Runtime.InteropServices;

namespace Smc.Peer.Faults;

/// <summary>The limit of this process's file descriptors.</summary>
internal static unsafe partial class DescriptorLimit
{
    private const int NoFile = 7;

    /// <summary>Leaves room for <paramref name="more"/> descriptors beside those that are open.</summary>
    /// <returns>The limit.</returns>
    public static long Leave(int more)
    {
        // Numbers are given out from below: what counts is the highest that can be had, so holes are filled first.
        var limit = default(Limit);
        _ = GetLimit(NoFile, ref limit);
        int highest = Directory.GetFileSystemEntries("/proc/self/fd").Select(path => int.Parse(Path.GetFileName(path), null)).Max();
        int holes = highest + 1 - Directory.GetFileSystemEntries("/proc/self/fd").Length;
        limit.Soft = (ulong)Math.Max(0, highest + 1 + more - Math.Max(0, holes));
        return SetLimit(NoFile, in limit) == 0 ? (long)limit.Soft : -1;
    }

    [LibraryImport("libc", EntryPoint = "getrlimit")]
    private static partial int GetLimit(int resource, ref Limit limit);

    [LibraryImport("libc", EntryPoint = "setrlimit")]
    private static partial int SetLimit(int resource, in Limit limit);

    [StructLayout(LayoutKind.Sequential)]
    private struct Limit
    {
        public ulong Soft;
        public ulong Hard;
    }
}
