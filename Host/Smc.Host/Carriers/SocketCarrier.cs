using System.Net;
using System.Net.Sockets;
using Smc.Host.CommandLine;

namespace Smc.Host.Carriers;

/// <summary>Plain sockets as a carrier: loopback TCP with and without Nagle's algorithm, and Unix domain sockets.</summary>
internal sealed class SocketCarrier(CarrierSettings settings) : Carrier
{
    private const int Backlog = 1024;

    public override async ValueTask<CarrierListener> ListenAsync(string at, CancellationToken ct)
    {
        EndPoint endPoint = settings.Over == Over.Uds ? new UnixDomainSocketEndPoint(at) : await EndPointText.Parse(at).ToListenAsync(ct);
        Socket socket = Create(endPoint.AddressFamily);
        try
        {
            socket.Bind(endPoint);
            socket.Listen(Backlog);
            return new Listener(this, socket, at);
        }
        catch (SocketException failure)
        {
            socket.Dispose();
            throw FailureText.Listening(at, failure);
        }
    }

    public override async ValueTask<Connection> ConnectAsync(string at, CancellationToken ct)
    {
        EndPoint endPoint = settings.Over == Over.Uds ? new UnixDomainSocketEndPoint(at) : EndPointText.Parse(at).ToConnect();
        Socket socket = Create(endPoint.AddressFamily);
        try
        {
            // A socket that was ever used asynchronously pays for it in its blocking calls: a synchronous program connects synchronously.
            if (settings.Blocking) socket.Connect(endPoint);
            else await socket.ConnectAsync(endPoint, ct);
            return new SocketConnection(socket);
        }
        catch (SocketException failure)
        {
            socket.Dispose();
            throw FailureText.Connecting(at, failure);
        }
        catch (OperationCanceledException)
        {
            socket.Dispose();
            throw;
        }
    }

    public override ValueTask DisposeAsync() => default;

    private Socket Create(AddressFamily family) =>
        Configure(family is AddressFamily.Unix ? new Socket(family, SocketType.Stream, ProtocolType.Unspecified)
            : family is AddressFamily.Unspecified ? new Socket(SocketType.Stream, ProtocolType.Tcp)
            : new Socket(family, SocketType.Stream, ProtocolType.Tcp));

    private Socket Configure(Socket socket)
    {
        if (settings.Over == Over.Tcp) socket.NoDelay = true;
        if (settings.BufferBytes is { } bytes)
        {
            socket.SendBufferSize = bytes;
            socket.ReceiveBufferSize = bytes;
        }
        return socket;
    }

    private sealed class Listener(SocketCarrier carrier, Socket socket, string at) : CarrierListener
    {
        public override string Address => socket.LocalEndPoint is IPEndPoint ip ? ip.ToString() : at;

        public override async ValueTask<Connection> AcceptAsync(CancellationToken ct) =>
            new SocketConnection(carrier.Configure(await socket.AcceptAsync(ct)));

        public override ValueTask DisposeAsync()
        {
            socket.Dispose();
            if (socket.AddressFamily == AddressFamily.Unix) File.Delete(at);
            return default;
        }
    }
}

/// <summary>One plain socket.</summary>
internal sealed class SocketConnection(Socket socket) : Connection
{
    public override Stream Stream { get; } = new NetworkStream(socket, ownsSocket: true);

    public override string Mode => socket.AddressFamily == AddressFamily.Unix ? "UDS" : "TCP";

    public override string Peer => socket.RemoteEndPoint is IPEndPoint ip ? ip.ToString() : "local";

    public override void ShutdownWrite() => socket.Shutdown(SocketShutdown.Send);

    public override void Push()
    {
        if (socket.AddressFamily == AddressFamily.Unix || socket.NoDelay) return;
        socket.NoDelay = true;
        socket.NoDelay = false;
    }
}
