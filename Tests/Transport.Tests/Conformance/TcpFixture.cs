using System.Net;
using System.Net.Sockets;
using Smc.Transport.Paths.Tcp;

namespace Smc.Transport.Tests.Conformance;

/// <summary>Plain TCP over loopback: the fallback.</summary>
public sealed class TcpFixture : ITransportFixture
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    public TcpFixture()
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
    }

    public bool KeepsDataBeforeReset => false;

    /// <summary>A FIN before the reset makes it a broken pipe.</summary>
    public SocketError[] ErrorsAfterPeerClosed => [SocketError.ConnectionReset, SocketError.Shutdown];

    public StreamPair Connect() => Connect(Wrap);

    /// <summary>Connects, and lets the accepting end be something else.</summary>
    public StreamPair Connect(Func<Socket, SmcStream> accept)
    {
        var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        client.Connect(_listener.LocalEndPoint!);
        return new StreamPair(Wrap(client), accept(_listener.Accept()));
    }

    public void Dispose() => _listener.Dispose();

    private static SmcStream Wrap(Socket socket)
    {
        socket.NoDelay = true;
        return new SmcStream(new TcpPath(socket), (IPEndPoint)socket.LocalEndPoint!, (IPEndPoint)socket.RemoteEndPoint!, SmcReason.NotPublished);
    }
}
