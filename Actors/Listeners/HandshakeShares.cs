using Smc.Transport.Paths.Smcd.Rendezvous;

namespace Smc.Actors.Listeners;

/// <summary>
/// The handshakes of a listener, by the session that announced them. Each session has a share that runs; what comes beyond it waits for one of
/// its own to end. A client that stalls holds up itself, never the accepting of others.
/// </summary>
/// <param name="share">Handshakes of one session that run at once.</param>
/// <param name="all">Handshakes of all sessions, running and waiting.</param>
internal sealed class HandshakeShares(int share, int all)
{
    private readonly Dictionary<PeerSession, Share> _sessions = [];

    /// <summary>Handshakes that run or wait.</summary>
    public int Count { get; private set; }

    /// <summary>Takes a connection in.</summary>
    /// <param name="accepted">Announced by its session.</param>
    /// <param name="begins">True where its handshake begins now; otherwise <see cref="End"/> hands it out when its turn has come.</param>
    /// <returns>False where there are too many: it is to be plain TCP.</returns>
    public bool TryAdd(AnnouncedConnection accepted, out bool begins)
    {
        begins = false;
        if (Count >= all) return false;
        Count++;
        if (!_sessions.TryGetValue(accepted.Session, out Share? own)) _sessions.Add(accepted.Session, own = new Share());
        begins = own.Running < share;
        if (begins) own.Running++;
        else own.Waiting.Enqueue(accepted);
        return true;
    }

    /// <summary>A handshake of a session is over.</summary>
    /// <returns>The one that begins in its place, or null.</returns>
    public AnnouncedConnection? End(PeerSession session)
    {
        Count--;
        Share own = _sessions[session];
        if (own.Waiting.TryDequeue(out AnnouncedConnection? next)) return next;
        if (--own.Running == 0) _sessions.Remove(session);
        return null;
    }

    /// <summary>Hands out all that still wait, for whoever closes them.</summary>
    public IEnumerable<AnnouncedConnection> TakeWaiting()
    {
        foreach (Share own in _sessions.Values)
        {
            while (own.Waiting.TryDequeue(out AnnouncedConnection? left)) yield return left;
        }
    }

    private sealed class Share
    {
        public int Running { get; set; }

        public Queue<AnnouncedConnection> Waiting { get; } = [];
    }
}
