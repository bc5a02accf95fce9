using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Smc.Transport.Interop.Linux;

/// <summary>
/// A TCP connection that is being opened and is bound already, so that its port can be announced before the first packet. A connection within
/// the host is complete when connect(2) returns: the base class library's would say so by way of two more threads.
/// </summary>
public sealed unsafe class TcpConnector : IDisposable
{
    private const int Type = Libc.SocketStream | Libc.SocketNonBlocking | Libc.SocketCloseOnExec;

    private readonly FileDescriptor _descriptor;
    private readonly IPEndPoint _destination;

    private TcpConnector(FileDescriptor descriptor, IPEndPoint destination)
    {
        _descriptor = descriptor;
        _destination = destination;
        Local = destination;
    }

    /// <summary>This end.</summary>
    public IPEndPoint Local { get; private set; }

    /// <summary>To be watched for writability where <see cref="Begin"/> is <see cref="SocketError.InProgress"/>.</summary>
    public SafeHandle Handle => _descriptor;

    /// <summary>Opens a socket without Nagle's delay, as .NET's own would be named and fail.</summary>
    /// <param name="destination">Where it will connect to.</param>
    /// <param name="connector">Null where it fails.</param>
    /// <returns>Success, or why: TooManyOpenSockets, AddressFamilyNotSupported…</returns>
    public static SocketError TryOpen(IPEndPoint destination, out TcpConnector? connector)
    {
        int family = destination.AddressFamily == AddressFamily.InterNetworkV6 ? Libc.FamilyInternetV6 : Libc.FamilyInternet;
        int fd = Libc.Socket(family, Type, 0);
        connector = fd < 0 ? null : new TcpConnector(new FileDescriptor(fd), destination);
        if (connector is null) return SocketErrors.From(Marshal.GetLastPInvokeError());
        connector.Set(Libc.LevelTcp, Libc.OptionTcpNoDelay);
        return SocketError.Success;
    }

    /// <summary>Binds to any port of the destination's address. To an address of this host the kernel connects from the same.</summary>
    /// <returns>False where that is no address of this host.</returns>
    public bool TryBind()
    {
        Set(Libc.LevelSocket, Libc.OptionReuseAddress);   // a port in TIME_WAIT is free for another destination
        SocketAddress address = new IPEndPoint(_destination.Address, 0).Serialize();
        fixed (byte* bytes = address.Buffer.Span)
        {
            uint length = (uint)address.Size;
            if (Libc.Bind(_descriptor.Value, bytes, length) != 0 || Libc.GetSocketName(_descriptor.Value, bytes, &length) != 0) return false;
        }

        Local = (IPEndPoint)_destination.Create(address);
        return true;
    }

    /// <summary>Sends the SYN.</summary>
    /// <returns>Success where it is connected, InProgress where <see cref="Finish"/> will tell, or why not.</returns>
    public SocketError Begin()
    {
        SocketAddress address = _destination.Serialize();
        fixed (byte* bytes = address.Buffer.Span)
        {
            if (Libc.Connect(_descriptor.Value, bytes, (uint)address.Size) == 0) return SocketError.Success;
        }

        int errno = Marshal.GetLastPInvokeError();
        return errno == Errno.InProgress ? Finish() : SocketErrors.From(errno);
    }

    /// <summary>What has become of it.</summary>
    /// <returns>As <see cref="Begin"/>.</returns>
    public SocketError Finish()
    {
        var self = new Libc.PollDescriptor { Descriptor = _descriptor.Value, Events = Libc.PollOut };
        if (Libc.Poll(&self, 1, 0) <= 0) return SocketError.InProgress;
        int errno;
        uint length = sizeof(int);
        if (Libc.GetSocketOption(_descriptor.Value, Libc.LevelSocket, Libc.OptionError, &errno, &length) != 0) errno = Marshal.GetLastPInvokeError();
        return SocketErrors.From(errno);
    }

    /// <summary>The connected socket, which does not block until it is told to; this object holds nothing any more.</summary>
    public Socket Take()
    {
        var handle = new SafeSocketHandle(_descriptor.Value, ownsHandle: true);
        _descriptor.SetHandleAsInvalid();
        return new Socket(handle) { Blocking = false };
    }

    /// <inheritdoc />
    public void Dispose() => _descriptor.Dispose();

    private void Set(int level, int option)
    {
        int on = 1;
        _ = Libc.SetSocketOption(_descriptor.Value, level, option, &on, sizeof(int));
    }
}
