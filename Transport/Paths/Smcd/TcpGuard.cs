using System.Net.Sockets;

namespace Smc.Transport.Paths.Smcd;

/// <summary>
/// The TCP connection under a connection on shared memory. It carries no byte after the handshake; that it ends, or carries one, is the second
/// sign (after the control socket) that the peer has gone. It is closed without TIME_WAIT once both directions are done.
/// </summary>
public sealed class TcpGuard
{
    private readonly Socket _socket;
    private readonly Action _ended;
    private int _closed;

    /// <param name="socket">Owned from now on.</param>
    /// <param name="ended">Called once where the connection ends before <see cref="Close"/>, on any thread.</param>
    public TcpGuard(Socket socket, Action ended)
    {
        _socket = socket;
        _ended = ended;
        _socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
    }

    /// <summary>Begins to watch: a receive of no bytes, which ends when there is something to receive.</summary>
    public void Start() => _ = WatchAsync();

    /// <summary>Closes with a reset, so that no TIME_WAIT holds the port. The connection's own flags were stored before.</summary>
    public void Close()
    {
        if (Interlocked.Exchange(ref _closed, 1) != 0) return;
        _socket.LingerState = new LingerOption(enable: true, seconds: 0);
        _socket.Dispose();
    }

    private async Task WatchAsync()
    {
        try
        {
            // A receive of no bytes may also end without a reason: an event of the handshake's last byte that came late.
            do
            {
                await _socket.ReceiveAsync(Memory<byte>.Empty, SocketFlags.None).ConfigureAwait(false);
            }
            while (!_socket.Poll(0, SelectMode.SelectRead));
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // A reset says the same as a FIN, and as a byte that has no business here: the peer has left the protocol.
        }

        if (Volatile.Read(ref _closed) == 0) _ended();
    }
}
