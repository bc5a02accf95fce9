using System.Diagnostics.CodeAnalysis;
using Smc.Transport.Wire.Rendezvous;

namespace Smc.Transport.Paths.Smcd.Rendezvous;

/// <summary>
/// Announcements that wait for their TCP connections. A process has a share of the table, whichever of its control sockets it announces on, and what
/// has waited longer than any client does is dropped for what comes: a process that announces and never connects takes a quarter of the table from the
/// others, and no more; as many of them as fill it take it all until then. Those that wait stand in a list by their age, and nothing else does: what is taken,
/// cancelled or announced anew leaves nothing behind. Not thread-safe.
/// </summary>
internal sealed class AnnouncementTable(TimeProvider time)
{
    /// <summary>Announcements of all processes.</summary>
    public const int Capacity = 4096;

    /// <summary>Announcements of one process: the backlog of a busy listener.</summary>
    public const int ShareOfPeer = 1024;

    /// <summary>After so long a client has given up.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(30);

    private readonly Dictionary<Route, LinkedListNode<Announcement>> _byRoute = [];
    private readonly Dictionary<(PeerSession Session, ulong Nonce), LinkedListNode<Announcement>> _byNonce = [];
    private readonly Dictionary<PeerIdentity, int> _shares = [];
    private readonly LinkedList<Announcement> _byAge = [];

    /// <summary>Announcements that wait now.</summary>
    public int Count => _byRoute.Count;

    /// <summary>What is kept of announcements by their age.</summary>
    public int Kept => _byAge.Count;

    /// <summary>Adds one. A connection of the same route that was announced before will not come any more.</summary>
    /// <returns>False where the table or the process's share of it is full; the client goes on with TCP when nobody answers.</returns>
    public bool TryAdd(PeerSession session, in Announce announce)
    {
        var route = new Route(announce.Client, announce.Server);
        if (_byRoute.TryGetValue(route, out LinkedListNode<Announcement>? before)) Remove(before);
        DropOld();
        int share = _shares.GetValueOrDefault(session.Identity);
        if (Count >= Capacity || share >= ShareOfPeer || _byNonce.ContainsKey((session, announce.Nonce))) return false;
        LinkedListNode<Announcement> added = _byAge.AddLast(new Announcement(route, session, announce.Nonce, time.GetTimestamp()));
        _byRoute.Add(route, added);
        _byNonce.Add((session, announce.Nonce), added);
        _shares[session.Identity] = share + 1;
        return true;
    }

    /// <summary>Takes the announcement of an accepted connection.</summary>
    public bool TryTake(RendezvousEndPoint client, RendezvousEndPoint server, [NotNullWhen(true)] out PeerSession? session, out ulong nonce)
    {
        bool found = _byRoute.TryGetValue(new Route(client, server), out LinkedListNode<Announcement>? announced);
        session = announced?.Value.Session;
        nonce = announced?.Value.Nonce ?? 0;
        if (found) Remove(announced!);
        return found;
    }

    /// <summary>Takes an announcement back.</summary>
    /// <returns>False where its connection has come already, or there was none.</returns>
    public bool TryCancel(PeerSession session, ulong nonce)
    {
        bool found = _byNonce.TryGetValue((session, nonce), out LinkedListNode<Announcement>? announced);
        if (found) Remove(announced!);
        return found;
    }

    /// <summary>Forgets a session.</summary>
    public void Forget(PeerSession session)
    {
        if (!_shares.ContainsKey(session.Identity)) return;
        for (LinkedListNode<Announcement>? one = _byAge.First, next; one is not null; one = next)
        {
            next = one.Next;
            if (one.Value.Session == session) Remove(one);
        }
    }

    private void Remove(LinkedListNode<Announcement> announced)
    {
        Announcement announcement = announced.Value;
        _byAge.Remove(announced);
        _byRoute.Remove(announcement.Route);
        _byNonce.Remove((announcement.Session, announcement.Nonce));
        PeerIdentity peer = announcement.Session.Identity;
        int share = _shares[peer] - 1;
        if (share > 0) _shares[peer] = share;
        else _shares.Remove(peer);
    }

    private void DropOld()
    {
        while (_byAge.First is { } oldest && time.GetElapsedTime(oldest.Value.At) >= Lifetime) Remove(oldest);
    }

    private readonly record struct Route(RendezvousEndPoint Client, RendezvousEndPoint Server);

    private sealed record Announcement(Route Route, PeerSession Session, ulong Nonce, long At);
}
