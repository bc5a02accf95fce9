using System.Net.Sockets;

namespace Smc.Transport.Interop.Linux;

/// <summary>The names that .NET's sockets give to errno.</summary>
internal static class SocketErrors
{
    /// <summary>Names what socket(2), bind(2), connect(2) or sendmsg(2) left.</summary>
    public static SocketError From(int errno) => errno switch
    {
        0 => SocketError.Success,
        Errno.NotPermitted or Errno.AccessDenied => SocketError.AccessDenied,
        Errno.TooManyFiles or Errno.TooManyFilesInSystem => SocketError.TooManyOpenSockets,
        Errno.NoMemory or Errno.NoBufferSpace => SocketError.NoBufferSpaceAvailable,
        Errno.InvalidArgument => SocketError.InvalidArgument,
        Errno.FamilyNotSupported => SocketError.AddressFamilyNotSupported,
        Errno.AddressInUse => SocketError.AddressAlreadyInUse,
        Errno.AddressNotAvailable => SocketError.AddressNotAvailable,
        Errno.NetworkDown => SocketError.NetworkDown,
        Errno.NetworkUnreachable => SocketError.NetworkUnreachable,
        Errno.BrokenPipe => SocketError.Shutdown,
        Errno.ConnectionReset => SocketError.ConnectionReset,
        Errno.TimedOut => SocketError.TimedOut,
        Errno.ConnectionRefused => SocketError.ConnectionRefused,
        Errno.HostUnreachable => SocketError.HostUnreachable,
        _ => SocketError.SocketError,
    };
}
