using Smc.Peer.Handshakes;
using Smc.Peer.Hostile;
using Smc.Peer.Places;
using Smc.Peer.Roles;

namespace Smc.Peer;

/// <summary>What this process is.</summary>
internal abstract class Role : IAsyncDisposable
{
    /// <summary>Opens a connection, at a client.</summary>
    public virtual void Connect() => Say.Line($"this role does not connect");

    /// <summary>Begins its attack, at a hostile end.</summary>
    public virtual void Attack() => Say.Line($"this role does not attack");

    /// <summary>Says what its runtime says of itself, where it has one: a command of <c>smc inspect</c>, and its answer as JSON in one line.</summary>
    public virtual Task InspectAsync(string command)
    {
        Say.Line($"this role has no runtime");
        return Task.CompletedTask;
    }

    public abstract ValueTask DisposeAsync();

    public static async Task<Role> StartAsync(PeerArguments arguments) => arguments.Kind switch
    {
        "serve" => await SmcServer.StartAsync(arguments),
        "connect" => await SmcClient.StartAsync(arguments),
        "reopen" => await Reopener.StartAsync(arguments),
        "tcp-serve" => new TcpServer(arguments),
        "tcp-connect" => new TcpClientRole(arguments),
        "hostile" => await HostileRole.ConnectAsync(arguments),
        "hostile-serve" => HostileRole.Serve(arguments),
        "bad-memory" or "bad-memory-serve" => BadMemoryRole.Start(arguments),
        "handshake" or "handshake-serve" => new DyingHandshake(arguments),
        "giver" => new Giver(arguments),
        "vectors" => await VectorReport.ReportAsync(arguments),
        "stranger" => Stranger.Start(arguments),
        "impostor" => Impostor.Start(arguments),
        "visitor" => Visitor.Start(arguments),
        _ => throw new ArgumentException($"unknown kind {arguments.Kind}"),
    };
}
