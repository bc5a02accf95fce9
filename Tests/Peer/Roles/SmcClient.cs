using System.Net.Sockets;
using Smc.Actors;
using Smc.Transport;

namespace Smc.Peer.Roles;

/// <summary>Connects over a runtime, once for every order.</summary>
internal sealed class SmcClient : Role
{
    private readonly SmcRuntime _runtime;
    private readonly PeerArguments _arguments;
    private readonly Work _work;

    private SmcClient(SmcRuntime runtime, PeerArguments arguments)
    {
        _runtime = runtime;
        _arguments = arguments;
        _work = new Work(arguments);
    }

    public static new async Task<SmcClient> StartAsync(PeerArguments arguments)
    {
        var client = new SmcClient(await SmcRuntime.StartAsync(arguments.Hocon), arguments);
        Say.Line($"ready");
        return client;
    }

    public override void Connect() => _ = ConnectAsync();

    public override ValueTask DisposeAsync() => _runtime.DisposeAsync();

    private async Task ConnectAsync()
    {
        try
        {
            SmcStream stream = await _runtime.ConnectAsync(_arguments.At);
            Say.Line($"open {stream.Mode} {stream.FallbackReason}");
            await _work.DoAsync(stream);
        }
        catch (SocketException e)
        {
            Say.Line($"refused {e.SocketErrorCode}");
        }
    }
}
