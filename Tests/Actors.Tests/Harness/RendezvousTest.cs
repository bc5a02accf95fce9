using System.Net;
using System.Net.Sockets;
using Smc.Actors;
using Smc.Transport;

namespace Actors.Tests.Harness;

/// <summary>A test with a rendezvous folder of its own, and the runtimes and peers in it, which end with it.</summary>
public abstract class RendezvousTest : IAsyncLifetime
{
    /// <summary>Deadlines that no handshake of a loaded machine meets: where a test is not about deadlines, none may show.</summary>
    private const string Patience = "smc.handshake { match-timeout = 50s, clc-timeout = 55s }";

    private readonly List<IAsyncDisposable> _owned = [];

    /// <summary>A free port of 127.0.0.1.</summary>
    protected static IPEndPoint Loopback { get; } = new(IPAddress.Loopback, 0);

    /// <summary>The folder. The first runtime creates it, with mode 0700.</summary>
    protected string Folder { get; } = Path.Combine(Directory.CreateTempSubdirectory("smc-actors-tests-").FullName, "rendezvous");

    /// <summary>The folder as an argument of a peer process.</summary>
    protected string FolderArgument => $"folder={Folder}";

    public virtual Task InitializeAsync() => Task.CompletedTask;

    public virtual async Task DisposeAsync()
    {
        for (int i = _owned.Count - 1; i >= 0; i--) await _owned[i].DisposeAsync().Guard();
        Directory.Delete(Path.GetDirectoryName(Folder)!, recursive: true);
    }

    /// <summary>A port of 127.0.0.1 that was free a moment ago: for a test that binds one twice.</summary>
    protected static IPEndPoint FreeEndPoint()
    {
        using var socket = new Socket(Loopback.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(Loopback);
        return (IPEndPoint)socket.LocalEndPoint!;
    }

    /// <summary>Ends with the test, before what was owned before it.</summary>
    protected T Own<T>(T owned)
        where T : IAsyncDisposable
    {
        _owned.Add(owned);
        return owned;
    }

    /// <summary>A runtime in the folder.</summary>
    /// <param name="hocon">Settings; a later one of a key wins.</param>
    protected async Task<SmcRuntime> StartRuntimeAsync(string hocon = "") =>
        Own(await SmcRuntime.StartAsync($"smc.rendezvous.folder = \"{Folder}\"\n{Patience}\n{hocon}"));

    /// <summary>A server, and a runtime of its own to connect to it.</summary>
    protected async Task<Pair> StartPairAsync(string serverHocon = "", string clientHocon = "", IPEndPoint? at = null)
    {
        SmcRuntime server = await StartRuntimeAsync(serverHocon);
        SmcRuntime client = await StartRuntimeAsync(clientHocon);
        return new Pair(server, client, Own(await server.ListenAsync(at ?? Loopback)));
    }

    /// <summary>A peer process that listens.</summary>
    protected async Task<(PeerProcess Process, IPEndPoint EndPoint)> ServeAsync(params string[] args)
    {
        (PeerProcess process, IPEndPoint endPoint) = await PeerProcess.ListeningAsync(keepsItsThreads: false, args);
        return (Own(process), endPoint);
    }

    /// <summary>A peer process that connects when told.</summary>
    protected async Task<PeerProcess> ReadyAsync(params string[] args) => Own(await PeerProcess.ReadyAsync(keepsItsThreads: false, args));
}

/// <summary>Two runtimes, one of which listens.</summary>
/// <param name="Server">The one that listens.</param>
/// <param name="Client">The one that connects.</param>
/// <param name="Listener">Where.</param>
public sealed record Pair(SmcRuntime Server, SmcRuntime Client, ISmcListener Listener)
{
    /// <summary>Opens a connection.</summary>
    public Task<Ends> ConnectAsync() => ConnectAsync(Listener.LocalEndPoint);

    /// <summary>Opens a connection to an endpoint that the listener is reached by.</summary>
    public async Task<Ends> ConnectAsync(IPEndPoint to)
    {
        ValueTask<SmcStream> accepting = Listener.AcceptAsync();
        SmcStream client = await Client.ConnectAsync(to).Guard();
        return new Ends(client, await accepting.Guard());
    }
}

/// <summary>Both ends of a connection.</summary>
public sealed record Ends(SmcStream Client, SmcStream Server) : IAsyncDisposable
{
    /// <summary>Closes both in order, without leaving unread bytes: the client first.</summary>
    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        await Server.DisposeAsync();
    }
}
