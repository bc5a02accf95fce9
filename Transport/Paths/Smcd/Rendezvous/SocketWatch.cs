using System.Net.Sockets;

namespace Smc.Transport.Paths.Smcd.Rendezvous;

/// <summary>Watches a socket.</summary>
public sealed class SocketWatch : DescriptorWatch
{
    internal SocketWatch(ControlReactor reactor, Socket socket, ulong key)
        : base(reactor, socket.SafeHandle, key) => Socket = socket;

    /// <summary>The socket, which the watch does not own.</summary>
    public Socket Socket { get; }

    /// <summary>Stops watching and closes the socket with a reset: the peer learns of it at once, and no TIME_WAIT holds the port.</summary>
    public void Reset()
    {
        Dispose();
        Socket.LingerState = new LingerOption(enable: true, seconds: 0);
        Socket.Dispose();
    }
}
