using System.Runtime.InteropServices;

namespace Smc.Transport.Interop.Linux;

/// <summary>System calls that have no wrapper in the C library, by architecture.</summary>
internal static class SyscallNumbers
{
    public static readonly nint Futex = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 202 : 98;

    /// <summary>Linux 5.16; one number on every architecture.</summary>
    public const nint FutexWaitV = 449;
}
