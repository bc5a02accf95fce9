using System.Runtime.InteropServices;

namespace Smc.Peer.Faults;

/// <summary>The limit of this process's file descriptors.</summary>
internal static partial class DescriptorLimit
{
    private const int NoFile = 7;
    private const int GetFlags = 1;

    /// <summary>Standard input, output and error: poll(2) takes no more descriptors at once than the limit is.</summary>
    private const int Standard = 3;

    /// <summary>Leaves room for <paramref name="more"/> descriptors beside those that are open. Less than none: a number that becomes free
    /// cannot be had again either.</summary>
    /// <returns>The limit.</returns>
    public static long Leave(int more)
    {
        // The limit is one of numbers, and the lowest free one is given out first.
        int limit = more < 0 ? Standard : 0;
        for (int free = 0; more >= 0 && (free < more || IsOpen(limit)); limit++)
        {
            if (!IsOpen(limit)) free++;
        }

        _ = GetLimit(NoFile, out Limit now);
        now.Soft = (ulong)limit;
        return SetLimit(NoFile, in now) == 0 ? limit : -1;
    }

    /// <summary>Asks without opening anything, as a list of the files in /proc would.</summary>
    private static bool IsOpen(int descriptor) => Control(descriptor, GetFlags) >= 0;

    [LibraryImport("libc", EntryPoint = "fcntl")]
    private static partial int Control(int descriptor, int command);

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
