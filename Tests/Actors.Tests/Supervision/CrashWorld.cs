using System.Net;
using Actors.Tests.Harness;
using Akka.Configuration;
using Smc.Actors;
using Smc.Actors.Settings;

namespace Actors.Tests.Supervision;

/// <summary>
/// Three runtimes. The client and the server have the connections that suffer; a third one has a connection with either of them, in link groups of
/// their own, on which bytes go round all the time.
/// </summary>
internal sealed class CrashWorld : IAsyncDisposable
{
    /// <summary>Deadlines are out of reach: whoever hears of a failure only by one hangs. Groups without connections end at once, so that what
    /// they held must come back.</summary>
    private const string Settings = """
        smc.handshake { match-timeout = 50s, clc-timeout = 55s }
        smc.link-group.idle-delay = 1ms
        smc.wait.spin = off
        smc.inspection.allow-mutations = on
        akka.loglevel = OFF
        akka.stdout-loglevel = OFF
        """;

    private static readonly IPEndPoint AnyPort = new(IPAddress.Loopback, 0);

    private readonly SmcRuntime _neighbour;
    private readonly EchoServer _neighbours;

    private CrashWorld((SmcRuntime Runtime, CrashPlan Plan) client, (SmcRuntime Runtime, CrashPlan Plan) server, SmcRuntime neighbour, EchoServer echo, EchoServer neighbours)
    {
        Client = client.Runtime;
        Server = server.Runtime;
        Plans = new Dictionary<Side, CrashPlan> { [Side.Client] = client.Plan, [Side.Server] = server.Plan };
        _neighbour = neighbour;
        _neighbours = neighbours;
        Echo = echo;
    }

    public SmcRuntime Client { get; }

    public SmcRuntime Server { get; }

    /// <summary>Where the actors of either fail.</summary>
    public IReadOnlyDictionary<Side, CrashPlan> Plans { get; }

    /// <summary>What the server accepts.</summary>
    public EchoServer Echo { get; }

    /// <summary>The neighbour's connections with either.</summary>
    public IReadOnlyDictionary<Side, Pinging> Neighbours { get; private set; } = new Dictionary<Side, Pinging>();

    /// <summary>A runtime whose actors can fail.</summary>
    public static Task<SmcRuntime> StartRuntimeAsync(string folder, PropsFactory props) => SmcRuntime.StartAsync(SettingsIn(folder), props);

    /// <summary>The runtimes and the listeners.</summary>
    public static async Task<CrashWorld> StartAsync(string folder)
    {
        var clientPlan = new CrashPlan();
        var serverPlan = new CrashPlan();
        SmcRuntime server = await StartRuntimeAsync(folder, serverPlan.PropsOf);
        SmcRuntime client = await StartRuntimeAsync(folder, clientPlan.PropsOf);
        SmcRuntime neighbour = await SmcRuntime.StartAsync(SettingsIn(folder));
        EchoServer echo = new EchoServer(await server.ListenAsync(AnyPort)).Start();
        EchoServer neighbours = new EchoServer(await neighbour.ListenAsync(AnyPort)).Start();
        return new CrashWorld((client, clientPlan), (server, serverPlan), neighbour, echo, neighbours);
    }

    /// <summary>The neighbour's connections begin. When bytes have gone round nothing of their handshakes is on its way any more: no plan fails at it.</summary>
    public async Task BeginAsync(int seed)
    {
        Neighbours = new Dictionary<Side, Pinging>
        {
            [Side.Server] = new(await _neighbour.ConnectAsync(Echo.EndPoint).Guard(), seed),
            [Side.Client] = new(await Client.ConnectAsync(_neighbours.EndPoint).Guard(), seed),
        };
        foreach (Pinging neighbour in Neighbours.Values) Assert.True(await neighbour.GoesOnAsync());
    }

    public async ValueTask DisposeAsync()
    {
        await _neighbour.DisposeAsync().Guard();
        await Client.DisposeAsync().Guard();
        await Server.DisposeAsync().Guard();
    }

    private static Config SettingsIn(string folder) => SmcSettings.Parse($"smc.rendezvous.folder = \"{folder}\"\n{Settings}");
}
