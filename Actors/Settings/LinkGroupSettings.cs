using Akka.Configuration;
using Smc.Transport.Paths.Smcd;

namespace Smc.Actors.Settings;

/// <summary>Link groups.</summary>
/// <param name="MaxConnections">Connections of one group that this process serves.</param>
/// <param name="MaxPerPeer">Groups in which this process serves one other process.</param>
/// <param name="IdleDelay">How long a group without connections is kept.</param>
public sealed record LinkGroupSettings(int MaxConnections, int MaxPerPeer, TimeSpan IdleDelay)
{
    /// <summary>The most groups in which one process serves another.</summary>
    internal const int MostPerPeer = 128;

    /// <summary>The most that a client has of one server, and hangs up on a server that begins more: those, and as many again that are being ended, whose
    /// ends may come behind the beginnings of their successors.</summary>
    internal const int MostOfServer = 2 * MostPerPeer;

    /// <summary>The least that SMC lets a group hold.</summary>
    private const int FewestConnections = 16;

    internal static LinkGroupSettings From(Config smc)
    {
        var section = new SectionReader(smc, "link-group");
        return new LinkGroupSettings(
            section.Number("max-connections", FewestConnections, LinkGroupMemory.MaxConnections),
            section.Number("max-per-peer", 1, MostPerPeer),
            section.Duration("idle-delay"));
    }
}
