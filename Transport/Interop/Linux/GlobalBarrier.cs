namespace Smc.Transport.Interop.Linux;

/// <summary>
/// membarrier(2) across processes: a full fence on every processor that runs a registered process, paid for by the caller (some microseconds)
/// instead of by those who would have to fence at every step.
/// </summary>
internal static class GlobalBarrier
{
    private const int CommandQuery = 0;
    private const int CommandGlobalExpedited = 1 << 1;
    private const int CommandRegisterGlobalExpedited = 1 << 2;

    /// <summary>True where this process can order others' steps by <see cref="Run"/>, and its own are ordered by theirs. Registers the process
    /// at the first look, which takes some milliseconds. False before Linux 4.16 and where a container forbids the call.</summary>
    public static bool IsAvailable { get; } = OperatingSystem.IsLinux() && IsKnown() && Call(CommandRegisterGlobalExpedited) == 0;

    /// <summary>Returns when every thread of every registered process has passed a full fence.</summary>
    public static void Run() => Call(CommandGlobalExpedited);

    private static bool IsKnown()
    {
        const int Needed = CommandGlobalExpedited | CommandRegisterGlobalExpedited;
        nint known = Call(CommandQuery);
        return known > 0 && (known & Needed) == Needed;
    }

    private static nint Call(int command) => Libc.Syscall(SyscallNumbers.Membarrier, command, 0, 0, 0, 0, 0);
}
