using System.Diagnostics;
using System.Net.Sockets;
using Smc.Transport.Paths.Smcd.Rendezvous;

namespace Smc.Transport.Paths.Smcd;

/// <summary>
/// The TCP connection under a connection on shared memory. It carries no byte after the handshake; that it ends, or carries one, is the second
/// sign (after the control socket) that the peer has gone. It is closed without TIME_WAIT once both directions are done.
/// </summary>
public sealed class TcpGuard
{
    private readonly SocketWatch _watch;
    private int _closed;

    /// <param name="watch">Watches the socket of the handshake; both are owned from now on.</param>
    /// <param name="ended">Called once where the connection ends before <see cref="Close"/>; must not block.</param>
    public TcpGuard(SocketWatch watch, Action ended)
    {
        _watch = watch;
        _watch.Ready = ended;
        _watch.Socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
    }

    /// <summary>Begins to watch for the end, a reset, or a byte that has no business here. The handshake has reserved the watch: it would have fallen
    /// back otherwise, because past Confirm nothing can.</summary>
    public void Start()
    {
        bool isWatched = _watch.Arm();
        Debug.Assert(isWatched);
    }

    /// <summary>Closes with a reset, so that no TIME_WAIT holds the port. The connection's own flags were stored before.</summary>
    public void Close()
    {
        if (Interlocked.Exchange(ref _closed, 1) == 0) _watch.Reset();
    }
}
