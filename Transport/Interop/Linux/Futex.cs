using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Smc.Transport.Interop.Linux;

/// <summary>What ended a wait.</summary>
internal enum FutexResult : byte
{
    /// <summary>Woken, interrupted, or the word had already changed: look again.</summary>
    Retry,

    /// <summary>The time-out passed.</summary>
    TimedOut,
}

/// <summary>Sleeping on 32-bit words in shared memory. Never the process-private form: the word belongs to two processes.</summary>
internal static unsafe class Futex
{
    private const int OperationWait = 0;
    private const int OperationWake = 1;
    private const int ClockMonotonic = 1;

    /// <summary>The most words that <see cref="WaitAny"/> takes.</summary>
    public const int MaxWords = 128;

    /// <summary>Sleeps while <paramref name="word"/> still holds <paramref name="expected"/>.</summary>
    /// <param name="word">Aligned to 4 bytes, in mapped or pinned memory.</param>
    /// <param name="expected">The value to sleep on.</param>
    /// <param name="timeoutMilliseconds">-1 waits for ever.</param>
    public static FutexResult Wait(int* word, int expected, int timeoutMilliseconds)
    {
        Debug.Assert(((nint)word & 3) == 0);
        Libc.TimeSpec relative = ToTimeSpec(timeoutMilliseconds);
        nint result = Libc.Syscall(
            SyscallNumbers.Futex, (nint)word, OperationWait, expected, timeoutMilliseconds < 0 ? 0 : (nint)(&relative), 0, 0);
        return result != 0 && Marshal.GetLastPInvokeError() == Errno.TimedOut ? FutexResult.TimedOut : FutexResult.Retry;
    }

    /// <summary>Wakes every sleeper of <paramref name="word"/>.</summary>
    public static void WakeAll(int* word) => Libc.Syscall(SyscallNumbers.Futex, (nint)word, OperationWake, int.MaxValue, 0, 0, 0);

    /// <summary>Sleeps until one of the words is woken or no longer holds its value. Needs Linux 5.16, see <see cref="SupportsWaitAny"/>.</summary>
    /// <param name="words">At most <see cref="MaxWords"/>.</param>
    /// <param name="timeoutMilliseconds">-1 waits for ever.</param>
    /// <param name="woken">The number of a word that was woken; -1 where none is known to be.</param>
    public static FutexResult WaitAny(ReadOnlySpan<WaitEntry> words, int timeoutMilliseconds, out int woken)
    {
        Debug.Assert(words.Length is > 0 and <= MaxWords);
        Libc.TimeSpec deadline = default;
        if (timeoutMilliseconds >= 0)
        {
            // Stopwatch counts CLOCK_MONOTONIC nanoseconds on Linux, which is the clock that the call compares with.
            long nanoseconds = Stopwatch.GetTimestamp() + (timeoutMilliseconds * 1_000_000L);
            deadline = new Libc.TimeSpec { Seconds = nanoseconds / 1_000_000_000, Nanoseconds = nanoseconds % 1_000_000_000 };
        }

        fixed (WaitEntry* first = words)
        {
            nint result = Libc.Syscall(
                SyscallNumbers.FutexWaitV, (nint)first, words.Length, 0, timeoutMilliseconds < 0 ? 0 : (nint)(&deadline), ClockMonotonic, 0);
            woken = (int)result;
            return result < 0 && Marshal.GetLastPInvokeError() == Errno.TimedOut ? FutexResult.TimedOut : FutexResult.Retry;
        }
    }

    /// <summary>True where the kernel knows futex_waitv.</summary>
    public static bool SupportsWaitAny { get; } = OperatingSystem.IsLinux() && ProbeWaitAny();

    private static bool ProbeWaitAny()
    {
        int word = 0;
        var entry = new WaitEntry(&word, expected: 1);   // the value differs, so a kernel that knows the call returns at once
        return Libc.Syscall(SyscallNumbers.FutexWaitV, (nint)(&entry), 1, 0, 0, ClockMonotonic, 0) >= 0
            || Marshal.GetLastPInvokeError() != Errno.NotImplemented;
    }

    private static Libc.TimeSpec ToTimeSpec(int milliseconds) =>
        new() { Seconds = milliseconds / 1000, Nanoseconds = milliseconds % 1000 * 1_000_000L };

    /// <summary>struct futex_waitv: a word, the value to sleep on, and its size. Shared between processes.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public readonly struct WaitEntry(int* word, int expected)
    {
        private const uint Size32 = 2;

        private readonly ulong _value = (uint)expected;
        private readonly ulong _address = (ulong)word;
        private readonly uint _flags = Size32;
        private readonly uint _reserved;
    }
}
