using Smc.Transport.Paths.Smcd.Rendezvous;

namespace Smc.Actors.LinkGroups;

/// <summary>Handshakes that have failed before the peer's registration came, so that it is detached when it does. Each control socket has its share, of
/// which the oldest go: a peer displaces its own and nobody else's.</summary>
internal sealed class AbandonedAttempts
{
    /// <summary>Those of one control socket: as many as it may have announced.</summary>
    public const int MostOfSession = 1024;

    private readonly Dictionary<PeerSession, Share> _shares = [];

    /// <summary>Remembers one. A control socket that is lost has no registrations to come.</summary>
    public void Add(PeerSession session, ulong nonce)
    {
        if (session.IsLost) return;   // and so nothing is added behind Forget
        if (!_shares.TryGetValue(session, out Share? share)) _shares[session] = share = new Share();
        share.Add(nonce);
    }

    /// <summary>Takes one out.</summary>
    /// <returns>False where it is not remembered.</returns>
    public bool TryRemove(PeerSession session, ulong nonce) => _shares.TryGetValue(session, out Share? share) && share.TryRemove(nonce);

    /// <summary>The control socket is lost.</summary>
    public void Forget(PeerSession session) => _shares.Remove(session);

    private sealed class Share
    {
        private readonly LinkedList<ulong> _order = [];
        private readonly Dictionary<ulong, LinkedListNode<ulong>> _places = [];

        public void Add(ulong nonce)
        {
            if (_places.ContainsKey(nonce)) return;
            _places.Add(nonce, _order.AddLast(nonce));
            if (_order.Count > MostOfSession) TryRemove(_order.First!.Value);
        }

        public bool TryRemove(ulong nonce)
        {
            if (!_places.Remove(nonce, out LinkedListNode<ulong>? place)) return false;
            _order.Remove(place);
            return true;
        }
    }
}
