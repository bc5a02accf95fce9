using System.Net.Sockets;
using Smc.Transport.Interop.Linux;

namespace Smc.Transport.Paths.Smcd.Rendezvous;

/// <summary>
/// Says once, on the reactor's turn, that a socket can be read or has ended. Handshakes read their few messages this way, without a thread
/// pool between the kernel and their actor.
/// </summary>
public sealed class SocketWatch : IDisposable
{
    private const uint ReadOnce = Libc.EpollIn | Libc.EpollPeerHangUp | Libc.EpollOneShot;

    private readonly ControlReactor _reactor;
    private readonly ulong _key;
    private bool _isAdded;
    private bool _isDisposed;

    internal SocketWatch(ControlReactor reactor, Socket socket, ulong key)
    {
        _reactor = reactor;
        _key = key;
        Socket = socket;
    }

    /// <summary>The socket, which the watch does not own.</summary>
    public Socket Socket { get; }

    /// <summary>Called once for every <see cref="Arm"/>; must not block.</summary>
    public Action? Readable { get; set; }

    /// <summary>Watches for the next byte, end or error; at once where there is one already.</summary>
    public void Arm()
    {
        _reactor.WatchSocket(Socket, _key, ReadOnce, add: !_isAdded);
        _isAdded = true;
    }

    /// <summary>Stops watching. The socket may be used otherwise afterwards.</summary>
    public void Dispose()
    {
        if (_isDisposed) return;
        _isDisposed = true;
        Readable = null;
        _reactor.Forget(_key, _isAdded ? Socket : null);
    }
}
