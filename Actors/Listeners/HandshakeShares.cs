namespace Smc.Actors.Listeners;

/// <summary>
/// Handshakes of a listener by party: the process that announced them, or the network they come from. Each has a share that runs; what was
/// announced beyond it waits for one of its own to end, up to half of what all have. A client that stalls holds up its
/// own party and never the accepting; where parties take together what all have, which two can whose connections wait, the others are plain TCP.
/// </summary>
/// <param name="share">Handshakes of one party that run at once.</param>
/// <param name="all">Handshakes of all parties, running and waiting.</param>
internal sealed class HandshakeShares<TParty>(int share, int all)
    where TParty : notnull
{
    private readonly Dictionary<TParty, Share> _parties = [];

    /// <summary>Handshakes that run or wait.</summary>
    public int Count { get; private set; }

    private int MostOfParty => Math.Max(share, all / 2);

    /// <summary>Takes a connection in.</summary>
    /// <param name="party">Whose share it takes.</param>
    /// <param name="accepted">Announced, or to be sniffed: only what was announced waits.</param>
    /// <param name="begins">True where its handshake begins now; otherwise <see cref="End"/> hands it out when its turn has come.</param>
    /// <returns>False where there are too many: it gets no handshake.</returns>
    public bool TryAdd(TParty party, AcceptedConnection accepted, out bool begins)
    {
        bool isKnown = _parties.TryGetValue(party, out Share? own);
        begins = Count < all && (own?.Running ?? 0) < share;
        if (Count >= all || own?.Count >= MostOfParty || (!begins && accepted.Announcement is null)) return false;
        if (!isKnown) _parties.Add(party, own = new Share());
        Count++;
        if (begins) own!.Running++;
        else own!.Waiting.Enqueue(accepted);
        return true;
    }

    /// <summary>A handshake of a party is over.</summary>
    /// <returns>The one that begins in its place, or null.</returns>
    public AcceptedConnection? End(TParty party)
    {
        Count--;
        Share own = _parties[party];
        if (own.Waiting.TryDequeue(out AcceptedConnection? next)) return next;
        if (--own.Running == 0) _parties.Remove(party);
        return null;
    }

    /// <summary>Hands out all that still wait, for whoever closes them.</summary>
    public IEnumerable<AcceptedConnection> TakeWaiting()
    {
        foreach (Share own in _parties.Values)
        {
            while (own.Waiting.TryDequeue(out AcceptedConnection? left)) yield return left;
        }
    }

    private sealed class Share
    {
        public int Running { get; set; }

        public int Count => Running + Waiting.Count;

        public Queue<AcceptedConnection> Waiting { get; } = [];
    }
}
