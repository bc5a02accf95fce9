using System.Runtime.InteropServices;

namespace Smc.Transport.Interop.Linux;

internal static unsafe partial class Libc
{
    /// <summary>To the calls below: the thread that makes them.</summary>
    public const int CallingThread = 0;

    [LibraryImport(Library, EntryPoint = "sched_getaffinity", SetLastError = true)]
    public static partial int SchedGetAffinity(int thread, nuint maskBytes, ulong* mask);

    [LibraryImport(Library, EntryPoint = "sched_setaffinity", SetLastError = true)]
    public static partial int SchedSetAffinity(int thread, nuint maskBytes, ulong* mask);
}
