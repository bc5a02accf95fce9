using System.Net.Sockets;

namespace Smc.Peer.Roles;

/// <summary>A client that never heard of SMC.</summary>
internal sealed class TcpClientRole : Role
{
    private readonly PeerArguments _arguments;
    private readonly Work _work;

    public TcpClientRole(PeerArguments arguments)
    {
        _arguments = arguments;
        _work = new Work(arguments);
        Say.Line($"ready");
    }

    public override void Connect() => _ = ConnectAsync();

    public override ValueTask DisposeAsync() => default;

    private async Task ConnectAsync()
    {
        var socket = new Socket(_arguments.At.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(_arguments.At);
        Say.Line($"open Tcp");
        await _work.DoAsync(new NetworkStream(socket, ownsSocket: true));
    }
}
