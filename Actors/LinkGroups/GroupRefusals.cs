using Smc.Transport;
using Smc.Transport.Paths.Smcd.Rendezvous;

namespace Smc.Actors.LinkGroups;

/// <summary>
/// Why groups were refused, or have failed, for the handshake that comes after that. Bounded: at the limit all are forgotten, and such a handshake
/// gives a more general reason.
/// </summary>
internal sealed class GroupRefusals
{
    /// <summary>Groups that are remembered.</summary>
    public const int Most = 256;

    private readonly Dictionary<(PeerSession Session, uint Group), SmcReason> _reasons = [];

    /// <summary>Remembers a reason; a later one of the same group wins.</summary>
    public void Remember(PeerSession session, uint group, SmcReason reason)
    {
        if (_reasons.Count >= Most) _reasons.Clear();
        _reasons[(session, group)] = reason;
    }

    /// <summary>The reason, or null where none is remembered.</summary>
    public SmcReason? Find(PeerSession session, uint group) => _reasons.TryGetValue((session, group), out SmcReason reason) ? reason : null;
}
