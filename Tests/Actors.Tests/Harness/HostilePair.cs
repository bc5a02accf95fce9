using Smc.Peer;
using Smc.Transport;

namespace Actors.Tests.Harness;

/// <summary>A connection with a hostile client process, which has sent <see cref="Honest"/> seeded bytes by the rules, and another connection of
/// the same server as its neighbour.</summary>
public sealed class HostilePair
{
    /// <summary>Bytes that come before the attack.</summary>
    public const int Honest = 100;

    private readonly Pair _pair;
    private readonly Ends _neighbours;
    private readonly Task _exchange;

    private HostilePair(Pair pair, Ends neighbours, SmcStream stream, PeerProcess peer, int seed)
    {
        _pair = pair;
        _neighbours = neighbours;
        Stream = stream;
        Peer = peer;
        PeerSeed = seed;
        _exchange = Exchange.BothWaysAsync(neighbours, 2_000_000, seed + 1);
    }

    /// <summary>The server's end.</summary>
    public SmcStream Stream { get; }

    /// <summary>The process at the other end.</summary>
    public PeerProcess Peer { get; }

    /// <summary>The seed of the bytes that it sends.</summary>
    public int PeerSeed { get; }

    /// <summary>Opens both connections, and begins an exchange on the neighbour's.</summary>
    public static async Task<HostilePair> OpenAsync(Pair pair, Func<IEnumerable<string>, Task<PeerProcess>> start, string attack, int seed)
    {
        Ends neighbours = await pair.ConnectAsync();
        Assert.Equal(SmcMode.SmcD, neighbours.Client.Mode);
        ValueTask<SmcStream> accepting = pair.Listener.AcceptAsync();
        PeerProcess peer = await start(["hostile", attack, $"at={pair.Listener.LocalEndPoint}", $"seed={seed}"]);
        SmcStream stream = await accepting.Guard();
        byte[] honest = new byte[Honest];
        await stream.ReadExactlyAsync(honest).Guard();
        Assert.Equal(SeededBytes.Take(Honest, seed), honest);
        return new HostilePair(pair, neighbours, stream, peer, seed);
    }

    /// <summary>One violation is counted, by a name.</summary>
    public Task ViolationAsync() => Eventually.EqualAsync(1, () => _pair.Server.Connections.Violations.Values.Sum(), "counted violations");

    /// <summary>Closes everything, and checks that nothing is left of it, that the neighbour noticed nothing and that the next one goes on.</summary>
    public async Task EndAsync()
    {
        await _exchange;
        await Stream.DisposeAsync();
        await Peer.KillAsync();
        await _neighbours.DisposeAsync();
        await _pair.DmbsAsync(0);
        await Eventually.TrueAsync(async () => (await _pair.Server.GetConnectionsAsync()).Count == 0, "the hostile connection to end");
        await using Ends next = await _pair.ConnectAsync();
        await Exchange.BothWaysAsync(next, 10_000, PeerSeed + 2);
    }
}
