using System.Diagnostics.CodeAnalysis;
using Smc.Transport;
using Smc.Transport.Paths.Smcd.Rendezvous;

namespace Smc.Actors.LinkGroups;

/// <summary>
/// Why groups were refused, have failed, or have ended at their server, for what the peer has sent for them before it could know. Each control socket has
/// its share, of which the oldest go: a peer displaces its own and nobody else's.
/// </summary>
internal sealed class GroupRefusals
{
    /// <summary>Groups of one control socket that are remembered: as many as a server may have begun.</summary>
    public const int MostOfSession = 256;

    /// <summary>Slabs that a peer may offer to one of them: as many as it may have refused in a group that goes on.</summary>
    public const int MostSlabs = PeerSlabs.MostRefused;

    private readonly Dictionary<PeerSession, Share> _shares = [];

    /// <summary>Remembers a reason; a later one of the same group wins. Of a control socket that is lost nothing comes any more.</summary>
    public void Remember(PeerSession session, uint group, SmcReason reason)
    {
        if (session.IsLost) return;   // and so nothing is added behind Forget
        if (!_shares.TryGetValue(session, out Share? share)) _shares[session] = share = new Share();
        share.Remember(group, reason);
    }

    /// <summary>The reason, or null where none is remembered.</summary>
    public SmcReason? Find(PeerSession session, uint group) =>
        _shares.TryGetValue(session, out Share? share) && share.TryFind(group, out Refusal? refusal) ? refusal.Reason : null;

    /// <summary>The peer has offered a slab for a group, which is refused where the group is remembered.</summary>
    /// <param name="session">The peer.</param>
    /// <param name="group">The group.</param>
    /// <param name="reason">Why.</param>
    /// <param name="isExcess">The peer has offered more than any runtime does.</param>
    /// <returns>False where it is not remembered.</returns>
    public bool TryRefuseSlab(PeerSession session, uint group, out SmcReason reason, out bool isExcess)
    {
        (reason, isExcess) = (SmcReason.None, false);
        if (!_shares.TryGetValue(session, out Share? share) || !share.TryFind(group, out Refusal? refusal)) return false;
        reason = refusal.Reason;
        isExcess = ++refusal.Slabs > MostSlabs;
        return true;
    }

    /// <summary>The control socket is lost.</summary>
    public void Forget(PeerSession session) => _shares.Remove(session);

    private sealed class Share
    {
        private readonly Dictionary<uint, Refusal> _refusals = [];
        private readonly Queue<uint> _order = [];

        public void Remember(uint group, SmcReason reason)
        {
            if (_refusals.TryGetValue(group, out Refusal? before))
            {
                before.Reason = reason;
                return;
            }

            _refusals.Add(group, new Refusal { Reason = reason });
            _order.Enqueue(group);
            if (_order.Count > MostOfSession) _refusals.Remove(_order.Dequeue());
        }

        public bool TryFind(uint group, [NotNullWhen(true)] out Refusal? refusal) => _refusals.TryGetValue(group, out refusal);
    }

    private sealed class Refusal
    {
        public SmcReason Reason { get; set; }

        public int Slabs { get; set; }
    }
}
