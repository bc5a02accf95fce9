using Akka.Configuration;
using Smc.Transport.Paths.Smcd;

namespace Smc.Actors.Settings;

/// <summary>Link groups.</summary>
/// <param name="MaxConnections">Connections of one group that this process serves.</param>
/// <param name="MaxPerPeer">Groups in which this process serves one other process.</param>
/// <param name="IdleDelay">How long a group without connections is kept.</param>
public sealed record LinkGroupSettings(int MaxConnections, int MaxPerPeer, TimeSpan IdleDelay)
{
    /// <summary>The most groups in which one process serves another: a client hangs up on a server that begins more.</summary>
    internal const int MostPerPeer = 128;

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
