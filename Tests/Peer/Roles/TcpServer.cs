using System.Net.Sockets;

namespace Smc.Peer.Roles;

/// <summary>A server that never heard of SMC.</summary>
internal sealed class TcpServer : Role
{
    private readonly TcpListener _listener;
    private readonly Work _work;

    public TcpServer(PeerArguments arguments)
    {
        _work = new Work(arguments);
        _listener = new TcpListener(arguments.At);
        _listener.Start();
        Say.Line($"listening {_listener.LocalEndpoint}");
        _ = AcceptAllAsync();
    }

    public override ValueTask DisposeAsync()
    {
        _listener.Dispose();
        return default;
    }

    private async Task AcceptAllAsync()
    {
        try
        {
            while (true)
            {
                Socket socket = await _listener.AcceptSocketAsync();
                Say.Line($"open Tcp");
                _ = _work.DoAsync(new NetworkStream(socket, ownsSocket: true));
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            Say.Line($"closed");
        }
    }
}
