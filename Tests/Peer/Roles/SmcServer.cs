using Smc.Actors;
using Smc.Transport;

namespace Smc.Peer.Roles;

/// <summary>Listens over a runtime.</summary>
internal sealed class SmcServer : Role
{
    private readonly SmcRuntime _runtime;
    private readonly ISmcListener _listener;
    private readonly Work _work;

    private SmcServer(SmcRuntime runtime, ISmcListener listener, Work work)
    {
        _runtime = runtime;
        _listener = listener;
        _work = work;
        _ = AcceptAllAsync();
    }

    public static new async Task<SmcServer> StartAsync(PeerArguments arguments)
    {
        SmcRuntime runtime = await SmcRuntime.StartAsync(arguments.Hocon);
        ISmcListener listener = await runtime.ListenAsync(arguments.At);
        var server = new SmcServer(runtime, listener, new Work(arguments));
        Say.Line($"listening {listener.LocalEndPoint}");
        return server;
    }

    public override async Task InspectAsync(string command) => Say.Line($"inspected {(await _runtime.InspectAsync(command)).ToJson().ToJsonString()}");

    public override async ValueTask DisposeAsync()
    {
        await _listener.DisposeAsync();
        await _runtime.DisposeAsync();
    }

    private async Task AcceptAllAsync()
    {
        try
        {
            while (true)
            {
                SmcStream stream = await _listener.AcceptAsync();
                Say.Line($"open {stream.Mode} {stream.FallbackReason}");
                _ = _work.DoAsync(stream);
            }
        }
        catch (ObjectDisposedException)
        {
            Say.Line($"closed");
        }
    }
}
