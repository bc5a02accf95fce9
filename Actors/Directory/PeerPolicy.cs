using System.Net;
using Smc.Actors.Settings;

namespace Smc.Actors.Directory;

/// <summary>With whom a handshake may begin that nobody announced: with the peers that the directory lists, with all, or with none.</summary>
internal sealed class PeerPolicy(Negotiation negotiation, IReadOnlyList<DirectoryPeer> peers)
{
    /// <summary>True where the first bytes of a connection from this address may be a Proposal.</summary>
    public bool Sniffs(IPAddress remote) => Allows(peer => peer.Contains(remote));

    /// <summary>True where a server may be sent a Proposal.</summary>
    public bool Proposes(IPEndPoint server) => Allows(peer => peer.Port == server.Port && peer.Contains(server.Address));

    private bool Allows(Func<DirectoryPeer, bool> isMeant) => negotiation switch
    {
        Negotiation.Always => true,
        Negotiation.Directory => peers.Any(isMeant),
        _ => false,
    };
}
