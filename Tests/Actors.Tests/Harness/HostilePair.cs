using System.Net;
using Actors.Tests.Telemetry;
using Smc.Actors;
using Smc.Peer;
using Smc.Transport;
using Smc.Transport.Rings;

namespace Actors.Tests.Harness;

/// <summary>A connection with a hostile process, which has sent <see cref="Honest"/> seeded bytes by the rules, and another connection of its victim as
/// its neighbour.</summary>
public sealed class HostilePair
{
    /// <summary>Bytes that come before the attack.</summary>
    public const int Honest = 100;

    private const int NeighboursBytes = 2_000_000;

    private readonly Pair _pair;
    private readonly Ends _neighbours;
    private readonly Task _exchange;
    private readonly Collected _collected;

    private HostilePair(Pair pair, SmcRuntime victim, Ends neighbours, SmcStream stream, PeerProcess peer, int seed)
    {
        _collected = new Collected();
        _pair = pair;
        _neighbours = neighbours;
        Victim = victim;
        Stream = stream;
        Peer = peer;
        PeerSeed = seed;
        _exchange = Exchange.BothWaysAsync(neighbours, NeighboursBytes, seed + 1);
    }

    /// <summary>The runtime at the other end.</summary>
    public SmcRuntime Victim { get; }

    /// <summary>The victim's end.</summary>
    public SmcStream Stream { get; }

    /// <summary>The hostile process.</summary>
    public PeerProcess Peer { get; }

    /// <summary>The seed of the bytes that it sends.</summary>
    public int PeerSeed { get; }

    /// <summary>Opens both connections, the hostile process being the client, and begins an exchange on the neighbour's.</summary>
    public static async Task<HostilePair> OpenAsync(Pair pair, Func<IEnumerable<string>, Task<PeerProcess>> start, string attack, int seed)
    {
        Ends neighbours = await ConnectNeighboursAsync(pair);
        ValueTask<SmcStream> accepting = pair.Listener.AcceptAsync();
        PeerProcess peer = await start(["hostile", attack, $"at={pair.Listener.LocalEndPoint}", $"seed={seed}"]);
        return await BeginAsync(pair, pair.Server, neighbours, await accepting.Guard(), peer, seed);
    }

    /// <summary>The same, the hostile process being the server.</summary>
    public static async Task<HostilePair> OpenServerAsync(
        Pair pair, Func<IEnumerable<string>, Task<(PeerProcess Process, IPEndPoint EndPoint)>> serve, string attack, int seed)
    {
        Ends neighbours = await ConnectNeighboursAsync(pair);
        (PeerProcess peer, IPEndPoint at) = await serve(["hostile-serve", attack, $"seed={seed}"]);
        SmcStream stream = await pair.Client.ConnectAsync(at).Guard();
        return await BeginAsync(pair, pair.Client, neighbours, stream, peer, seed);
    }

    /// <summary>One violation is counted, of this kind or of one of these, and the metric knows its layer.</summary>
    public async Task ViolationAsync(params RingViolation[] kinds)
    {
        await Eventually.EqualAsync(1, () => Victim.Connections.Violations.Values.Sum(), "counted violations");
        Assert.Contains(Assert.Single(Victim.Connections.Violations).Key, kinds);
        await Eventually.EqualAsync("smc.violation=cursor 1", ViolationPoints, "the metric");
        Assert.Equal(ConnectionEnd.Violated, Stream.Ending);
    }

    /// <summary>No violation is counted.</summary>
    public void NoViolation()
    {
        Assert.Empty(Victim.Connections.Violations);
        Assert.Empty(ViolationPoints());
    }

    /// <summary>When their exchange is over, the neighbours write something to each other that nobody reads.</summary>
    public async Task LeaveWithNeighboursAsync(byte[] bytes)
    {
        await _exchange;
        await _neighbours.Client.WriteAsync(bytes).Guard();
        await _neighbours.Server.WriteAsync(bytes).Guard();
    }

    /// <summary>Closes everything, and checks that nothing is left of it, that the neighbour noticed nothing and that the next one goes on.</summary>
    public async Task EndAsync()
    {
        await _exchange;
        await Stream.DisposeAsync();
        await Peer.KillAsync();
        await _neighbours.DisposeAsync();
        await _pair.DmbsAsync(0);
        await Eventually.TrueAsync(async () => (await Victim.GetConnectionsAsync()).Count == 0, "the hostile connection to end");
        await using Ends next = await _pair.ConnectAsync();
        await Exchange.BothWaysAsync(next, 10_000, PeerSeed + 2);
        Assert.Empty((Victim == _pair.Server ? _pair.Client : _pair.Server).Connections.Violations);
        _collected.Dispose();
    }

    private static async Task<Ends> ConnectNeighboursAsync(Pair pair)
    {
        Ends neighbours = await pair.ConnectAsync();
        Assert.Equal(SmcMode.SmcD, neighbours.Client.Mode);
        return neighbours;
    }

    private static async Task<HostilePair> BeginAsync(Pair pair, SmcRuntime victim, Ends neighbours, SmcStream stream, PeerProcess peer, int seed)
    {
        Assert.Equal(SmcMode.SmcD, stream.Mode);
        byte[] honest = new byte[Honest];
        await stream.ReadExactlyAsync(honest).Guard();
        Assert.Equal(SeededBytes.Take(Honest, seed), honest);
        await peer.LineAsync("ready", since: 0);
        return new HostilePair(pair, victim, neighbours, stream, peer, seed);
    }

    private string ViolationPoints() => string.Join(", ", _collected.Points(Victim.TelemetryName)
        .Where(point => point.Name == "smc.peer.violations")
        .Select(point => $"{point.Tags} {point.Value}"));
}
