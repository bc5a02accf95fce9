using System.Net.Sockets;
using Smc.Transport.Paths.Tcp;

namespace Smc.Transport.Paths.Smcd.Rendezvous;

/// <summary>Watches a socket.</summary>
public sealed class SocketWatch : DescriptorWatch
{
    internal SocketWatch(ControlReactor reactor, Socket socket, ulong key)
        : base(reactor, socket.SafeHandle, key) => Socket = socket;

    /// <summary>The socket, which the watch does not own.</summary>
    public Socket Socket { get; }

    /// <summary>Stops watching, and breaks the connection off.</summary>
    public void Reset()
    {
        Dispose();
        Socket.Reset();
    }
}
