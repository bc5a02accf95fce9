using System.Numerics;
using System.Runtime.InteropServices;

namespace Smc.Transport.Interop.Linux;

/// <summary>What became of <see cref="CpuAffinity.Pin"/>.</summary>
public enum PinResult
{
    /// <summary>The kernel says that the thread runs on that CPU and no other.</summary>
    Pinned = 0,

    /// <summary>Not Linux, or a sandbox that has no such call.</summary>
    NotSupported,

    /// <summary>There is no such CPU, or it is not among those of the thread's cpuset.</summary>
    NoSuchCpu,

    /// <summary>The kernel refused, or said afterwards that the thread runs elsewhere too.</summary>
    Refused,
}

/// <summary>On which CPUs threads may run: sched_getaffinity(2) and sched_setaffinity(2).</summary>
public static unsafe class CpuAffinity
{
    /// <summary>CPUs that a mask has room for: the kernel's largest CONFIG_NR_CPUS, and one that it refuses a shorter mask for.</summary>
    private const int MaskCpus = 8192;

    private const int WordBits = 64;
    private const int MaskWords = MaskCpus / WordBits;
    private const int MaskBytes = MaskWords * sizeof(ulong);

    /// <summary>
    /// The CPUs that the process may run on, ascending; empty where the system does not say. They are those of its first thread: .NET gives them
    /// to every thread that it starts, whatever thread starts it.
    /// </summary>
    public static IReadOnlyList<int> OfProcess => Read(Environment.ProcessId);

    /// <summary>The CPUs that the calling thread may run on, ascending; empty where the system does not say.</summary>
    public static IReadOnlyList<int> OfThread => Read(Libc.CallingThread);

    /// <summary>Keeps the calling thread on one CPU, and reads back what the kernel has made of that.</summary>
    /// <param name="cpu">The kernel's number of the CPU, at least 0.</param>
    public static PinResult Pin(int cpu)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(cpu);
        if (!OperatingSystem.IsLinux()) return PinResult.NotSupported;
        if (cpu >= MaskCpus) return PinResult.NoSuchCpu;
        ulong* mask = stackalloc ulong[MaskWords];
        mask[cpu / WordBits] = 1ul << (cpu % WordBits);
        if (Libc.SchedSetAffinity(Libc.CallingThread, MaskBytes, mask) == 0)
            return OfThread is [int only] && only == cpu ? PinResult.Pinned : PinResult.Refused;
        return Marshal.GetLastPInvokeError() switch
        {
            Errno.InvalidArgument => PinResult.NoSuchCpu,
            Errno.NotImplemented => PinResult.NotSupported,
            _ => PinResult.Refused,
        };
    }

    private static List<int> Read(int thread)
    {
        var cpus = new List<int>();
        ulong* mask = stackalloc ulong[MaskWords];
        if (!OperatingSystem.IsLinux() || Libc.SchedGetAffinity(thread, MaskBytes, mask) != 0) return cpus;
        for (int word = 0; word < MaskWords; word++)
        {
            for (ulong left = mask[word]; left != 0; left &= left - 1) cpus.Add((word * WordBits) + BitOperations.TrailingZeroCount(left));
        }

        return cpus;
    }
}
