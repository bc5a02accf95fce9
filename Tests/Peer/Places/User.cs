using System.Runtime.InteropServices;

namespace Smc.Peer.Places;

/// <summary>Users other than the one who runs the tests. For root alone.</summary>
public static partial class User
{
    /// <summary>A user without rights.</summary>
    public const uint Nobody = 65534;

    private const int SetDumpable = 4;

    /// <summary>Gives a file away.</summary>
    public static void Give(string path, uint user)
    {
        if (ChangeOwner(path, user, user) != 0) throw new InvalidOperationException($"chown {path}: errno {Marshal.GetLastPInvokeError()}");
    }

    /// <summary>Makes every thread of this process one of a user without rights, for good.</summary>
    internal static void BecomeNobody()
    {
        bool done = SetGroups(0, 0) == 0 && SetGroupIds(Nobody, Nobody, Nobody) == 0 && SetUserIds(Nobody, Nobody, Nobody) == 0;
        if (!done) throw new InvalidOperationException($"setresuid: errno {Marshal.GetLastPInvokeError()}");
        _ = Control(SetDumpable, 1);   // or else its own /proc/self is root's
    }

    /// <summary>A second name for a file.</summary>
    internal static void Link(string path, string other)
    {
        if (HardLink(path, other) != 0) throw new InvalidOperationException($"link {path}: errno {Marshal.GetLastPInvokeError()}");
    }

    [LibraryImport("libc", EntryPoint = "chown", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int ChangeOwner(string path, uint user, uint group);

    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int HardLink(string path, string other);

    [LibraryImport("libc", EntryPoint = "setgroups", SetLastError = true)]
    private static partial int SetGroups(nuint count, nint groups);

    [LibraryImport("libc", EntryPoint = "setresgid", SetLastError = true)]
    private static partial int SetGroupIds(uint real, uint effective, uint saved);

    [LibraryImport("libc", EntryPoint = "setresuid", SetLastError = true)]
    private static partial int SetUserIds(uint real, uint effective, uint saved);

    [LibraryImport("libc", EntryPoint = "prctl")]
    private static partial int Control(int option, nuint argument);
}
