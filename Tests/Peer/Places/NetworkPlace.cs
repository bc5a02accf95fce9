using System.Net;
using System.Runtime.InteropServices;
using Smc.Transport.Interop.Linux;

namespace Smc.Peer.Places;

/// <summary>
/// The network namespace of this process, as the argument <c>netns</c> wants it: <c>new</c>, with a loopback device that is up, or the
/// process id of one whose namespace it is to share.
/// </summary>
internal static unsafe partial class NetworkPlace
{
    /// <summary>An address that every new namespace has beside 127.0.0.1.</summary>
    public static readonly IPAddress Alias = IPAddress.Parse("192.0.2.1");

    private const string Key = "netns=";
    private const string New = "new";
    private const int NewNetwork = 0x4000_0000;
    private const int SetFlags = 0x8914;
    private const int SetAddress = 0x8916;
    private const short UpAndRunning = 0x1 | 0x40;

    /// <summary>Moves this process where it is asked to be. Only the calling thread can be moved, so the process then begins again.</summary>
    public static void Enter(string[] args)
    {
        if (Array.Find(args, arg => arg.StartsWith(Key, StringComparison.Ordinal)) is not { } asked) return;
        string place = asked[Key.Length..];
        if (place == New) Make();
        else Join(place);

        string[] command = File.ReadAllText("/proc/self/cmdline").TrimEnd('\0').Split('\0');
        Check(Execute("/proc/self/exe", [.. command.Where(word => word != asked), null]), "execv");
    }

    private static void Make()
    {
        Check(Unshare(NewNetwork), "unshare");
        using var socket = new FileDescriptor(Libc.Socket(Libc.FamilyInternet, Libc.SocketStream | Libc.SocketCloseOnExec, 0));
        var loopback = new Request { Flags = UpAndRunning };
        "lo"u8.CopyTo(new Span<byte>(loopback.Name, Request.NameBytes));
        Check(Control(socket.Value, SetFlags, &loopback), "loopback up");
        var alias = new Request { Family = Libc.FamilyInternet };
        "lo:1"u8.CopyTo(new Span<byte>(alias.Name, Request.NameBytes));
        Alias.TryWriteBytes(new Span<byte>(alias.Address, sizeof(uint)), out _);
        Check(Control(socket.Value, SetAddress, &alias), "loopback alias");
    }

    private static void Join(string processId)
    {
        using var there = new FileDescriptor(Libc.Open($"/proc/{processId}/ns/net", Libc.OpenCloseOnExec, 0));
        Check(SetNamespace(there.Value, NewNetwork), "setns");
    }

    private static void Check(int result, string call)
    {
        if (result != 0) throw new InvalidOperationException($"{call}: errno {Marshal.GetLastPInvokeError()}");
    }

    [LibraryImport("libc", EntryPoint = "unshare", SetLastError = true)]
    private static partial int Unshare(int flags);

    [LibraryImport("libc", EntryPoint = "setns", SetLastError = true)]
    private static partial int SetNamespace(int descriptor, int kind);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static partial int Control(int descriptor, nuint request, Request* argument);

    [LibraryImport("libc", EntryPoint = "execv", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Execute(string path, string?[] args);

    /// <summary>struct ifreq, with its flags or with a struct sockaddr_in.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 40)]
    private struct Request
    {
        public const int NameBytes = 16;

        [FieldOffset(0)]
        public fixed byte Name[NameBytes];

        [FieldOffset(16)]
        public short Flags;

        [FieldOffset(16)]
        public ushort Family;

        [FieldOffset(20)]
        public fixed byte Address[sizeof(uint)];
    }
}
