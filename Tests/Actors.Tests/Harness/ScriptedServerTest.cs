using Smc.Actors;
using Smc.Peer.Handshakes;
using Smc.Transport;

namespace Actors.Tests.Harness;

/// <summary>A test of a runtime that connects to a scripted server.</summary>
public abstract class ScriptedServerTest : RendezvousTest
{
    /// <summary>A client that has announced itself and connected to a server that has not answered.</summary>
    protected async Task<(SmcRuntime Runtime, ScriptedServer Server, Task<SmcStream> Connecting)> BeginAsync(
        string hocon = "", CancellationToken cancellation = default)
    {
        SmcRuntime runtime = await StartRuntimeAsync(hocon);
        var server = new ScriptedServer(Folder);
        Task<SmcStream> connecting = runtime.ConnectAsync(server.EndPoint, cancellation).AsTask();
        Assert.True(await server.AcceptConnectionAsync().Guard());
        return (runtime, server, connecting);
    }

    /// <summary>The diagnosis of the Decline that comes next; None where something else comes.</summary>
    protected static async Task<SmcReason> ReadDeclineAsync(ScriptedEnd end) => ScriptedEnd.ReasonOf(await end.ReadClcAsync());
}
