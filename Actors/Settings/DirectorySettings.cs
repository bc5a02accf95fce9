using Akka.Configuration;

namespace Smc.Actors.Settings;

/// <summary>Who speaks SMC beyond this host.</summary>
/// <param name="Peers">Those who do.</param>
/// <param name="PlainHold">How long a server that answered a Proposal with something else is spared the next one.</param>
public sealed record DirectorySettings(IReadOnlyList<DirectoryPeer> Peers, TimeSpan PlainHold)
{
    internal static DirectorySettings From(Config smc)
    {
        var section = new SectionReader(smc, "directory");
        return new DirectorySettings(
            section.List<DirectoryPeer>("peers", "addresses, address/prefix or address:port", DirectoryPeer.TryParse),
            section.Duration("plain-hold"));
    }
}
