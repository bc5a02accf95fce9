using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Smc.Peer.Faults;

/// <summary>Memory that cannot be had: from now on, and for ever, the kernel answers one of the calls that shared memory takes with ENOMEM, by a
/// filter of system calls (seccomp). A limit of memory would hit whatever asks for memory first.</summary>
internal static unsafe partial class MemoryShortage
{
    private const int NoMemory = 12;
    private const int NoNewPrivileges = 38;
    private const int FilterMode = 1;
    private const int AllThreads = 1;
    private const uint MapShared = 1;
    private const uint UnixFamily = 1;
    private const uint AddWatch = 1;

    private const ushort LoadWord = 0x20;
    private const ushort JumpEqual = 0x15;
    private const ushort JumpAtLeast = 0x35;
    private const ushort JumpBits = 0x45;
    private const ushort Return = 0x06;
    private const uint Allow = 0x7FFF_0000;
    private const uint Fail = 0x0005_0000 | NoMemory;

    private const uint CallNumber = 0;
    private const uint Arguments = 16;

    private static readonly bool IsX64 = RuntimeInformation.ProcessArchitecture == Architecture.X64;

    /// <summary>Begins.</summary>
    /// <param name="call">create (memfd_create), size (ftruncate), commit (fallocate), map (mmap of what is shared), socket (of Unix) or watch
    /// (epoll_ctl of one more descriptor).</param>
    /// <param name="bytes">Asks for less are granted, where bytes are asked for.</param>
    public static void Begin(string call, uint bytes)
    {
        Filter[] program = call switch
        {
            "create" => [.. Only(IsX64 ? 319u : 279u), .. Refuse],
            "size" => [.. Only(IsX64 ? 77u : 46u), .. AtLeast(argument: 1, bytes), .. Refuse],
            "commit" => [.. Only(IsX64 ? 285u : 47u), .. AtLeast(argument: 3, bytes), .. Refuse],
            "map" => [.. Only(IsX64 ? 9u : 222u), .. AtLeast(argument: 1, bytes), .. WithBits(argument: 3, MapShared), .. Refuse],
            "socket" => [.. Only(IsX64 ? 41u : 198u), .. Exactly(argument: 0, UnixFamily), .. Refuse],
            "watch" => [.. Only(IsX64 ? 233u : 21u), .. Exactly(argument: 1, AddWatch), .. Refuse],
            _ => throw new ArgumentException($"no such call: {call}"),
        };

        fixed (Filter* filters = program)
        {
            var list = new Program { Length = (ushort)program.Length, Filters = filters };
            _ = Control(NoNewPrivileges, 1, 0, 0, 0);
            if (SystemCall(IsX64 ? 317 : 277, FilterMode, AllThreads, &list) != 0) throw new Win32Exception(Marshal.GetLastPInvokeError());
        }
    }

    private static Filter[] Refuse => [new(Return, 0, 0, Fail)];

    private static Filter[] Only(uint call) => Unless(CallNumber, JumpEqual, call);

    private static Filter[] AtLeast(uint argument, uint value) => Unless(LowWord(argument), JumpAtLeast, value);

    private static Filter[] Exactly(uint argument, uint value) => Unless(LowWord(argument), JumpEqual, value);

    private static Filter[] WithBits(uint argument, uint bits) => Unless(LowWord(argument), JumpBits, bits);

    /// <summary>Allows the call unless the comparison holds.</summary>
    private static Filter[] Unless(uint offset, ushort comparison, uint value) =>
        [new(LoadWord, 0, 0, offset), new(comparison, 1, 0, value), new(Return, 0, 0, Allow)];

    private static uint LowWord(uint argument) => Arguments + (argument * sizeof(ulong));

    [LibraryImport("libc", EntryPoint = "prctl")]
    private static partial int Control(int option, ulong a, ulong b, ulong c, ulong d);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial long SystemCall(long number, ulong operation, ulong flags, Program* program);

    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct Filter(ushort Code, byte JumpTrue, byte JumpFalse, uint Value);

    [StructLayout(LayoutKind.Sequential)]
    private struct Program
    {
        public ushort Length;
        public Filter* Filters;
    }
}
