namespace Smc.Transport.Interop.Linux;

/// <summary>The kernel's cookie of this process's network namespace: loopback addresses mean the same only where it is equal.</summary>
internal static unsafe class NetworkNamespace
{
    /// <summary>The cookie, or 0 where the kernel (before 5.14) does not tell.</summary>
    public static ulong ReadCookie()
    {
        int fd = Libc.Socket(Libc.FamilyUnix, Libc.SocketSeqPacket | Libc.SocketCloseOnExec, 0);
        if (fd < 0) return 0;
        using var socket = new FileDescriptor(fd);
        ulong cookie;
        uint length = sizeof(ulong);
        return Libc.GetSocketOption(fd, Libc.LevelSocket, Libc.OptionNetworkNamespaceCookie, &cookie, &length) == 0 ? cookie : 0;
    }
}
