using System.Diagnostics.CodeAnalysis;
using Smc.Transport.Wire.Rendezvous;

namespace Smc.Transport.Paths.Smcd.Rendezvous;

/// <summary>
/// Announcements that wait for their TCP connections. A session has a share of the table, and what has waited longer than any client does is
/// dropped for what comes: a peer that announces and never connects costs nobody else anything. Not thread-safe.
/// </summary>
internal sealed class AnnouncementTable(TimeProvider time)
{
    /// <summary>Announcements of all sessions.</summary>
    public const int Capacity = 4096;

    /// <summary>Announcements of one session: the backlog of a busy listener.</summary>
    public const int ShareOfSession = 1024;

    /// <summary>After so long a client has given up.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(30);

    private readonly Dictionary<Route, Announcement> _byRoute = [];
    private readonly Dictionary<(PeerSession Session, ulong Nonce), Route> _byNonce = [];
    private readonly Dictionary<PeerSession, int> _shares = [];
    private readonly Queue<(Route Route, Announcement Announcement)> _byAge = [];

    /// <summary>Announcements that wait now.</summary>
    public int Count => _byRoute.Count;

    /// <summary>Adds one. A connection of the same route that was announced before will not come any more.</summary>
    /// <returns>False where the table or the session's share of it is full; the client goes on with TCP when nobody answers.</returns>
    public bool TryAdd(PeerSession session, in Announce announce)
    {
        var route = new Route(announce.Client, announce.Server);
        Remove(route, out _);
        DropOld();
        int share = _shares.GetValueOrDefault(session);
        if (Count >= Capacity || share >= ShareOfSession || !_byNonce.TryAdd((session, announce.Nonce), route)) return false;
        var announcement = new Announcement(session, announce.Nonce, time.GetTimestamp());
        _byRoute.Add(route, announcement);
        _byAge.Enqueue((route, announcement));
        _shares[session] = share + 1;
        return true;
    }

    /// <summary>Takes the announcement of an accepted connection.</summary>
    public bool TryTake(RendezvousEndPoint client, RendezvousEndPoint server, [NotNullWhen(true)] out PeerSession? session, out ulong nonce)
    {
        bool found = Remove(new Route(client, server), out Announcement announcement);
        session = found ? announcement.Session : null;
        nonce = announcement.Nonce;
        return found;
    }

    /// <summary>Takes an announcement back.</summary>
    /// <returns>False where its connection has come already, or there was none.</returns>
    public bool TryCancel(PeerSession session, ulong nonce) =>
        _byNonce.TryGetValue((session, nonce), out Route route) && Remove(route, out _);

    /// <summary>Forgets a session.</summary>
    public void Forget(PeerSession session)
    {
        if (!_shares.ContainsKey(session)) return;
        foreach ((Route route, Announcement announcement) in _byRoute)
        {
            if (announcement.Session == session) Remove(route, out _);
        }
    }

    private bool Remove(Route route, out Announcement announcement)
    {
        if (!_byRoute.Remove(route, out announcement)) return false;
        _byNonce.Remove((announcement.Session, announcement.Nonce));
        int share = _shares[announcement.Session] - 1;
        if (share > 0) _shares[announcement.Session] = share;
        else _shares.Remove(announcement.Session);
        return true;
    }

    private void DropOld()
    {
        while (_byAge.TryPeek(out (Route Route, Announcement Announcement) oldest))
        {
            bool isTaken = !_byRoute.TryGetValue(oldest.Route, out Announcement current) || current != oldest.Announcement;
            if (!isTaken && time.GetElapsedTime(oldest.Announcement.At) < Lifetime) return;
            _byAge.Dequeue();
            if (!isTaken) Remove(oldest.Route, out _);
        }
    }

    private readonly record struct Route(RendezvousEndPoint Client, RendezvousEndPoint Server);

    private readonly record struct Announcement(PeerSession Session, ulong Nonce, long At);
}
