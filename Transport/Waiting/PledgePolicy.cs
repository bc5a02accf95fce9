namespace Smc.Transport.Waiting;

/// <summary>
/// When a reader saves the peer's writer its fence (<see cref="SleepWord.Pledge"/>). A fence costs some 40 ns a write; a sleep after a pledge
/// costs the peer a wake-up of its wake thread and a process-wide barrier, some hundred times as much. So a pledge takes reads that found data
/// at once, with no sleep between them, and more of them after a pledge that did not last. One thread at a time.
/// </summary>
internal struct PledgePolicy
{
    /// <summary>Reads that found data at once, at least, before a pledge.</summary>
    public const int LeastHits = 32;

    /// <summary>The most that pledges which did not last make necessary.</summary>
    public const int MostHits = 16 * 1024;

    /// <summary>Reads between a pledge and the next sleep that pay for both.</summary>
    public const int Worth = 256;

    private int _needed;
    private int _hits;
    private long _pledgedAt;

    public PledgePolicy() => _needed = LeastHits;

    /// <summary>True while a pledge stands, as far as the reader knows.</summary>
    public bool HasPledged { get; private set; }

    /// <summary>A read has found data at once.</summary>
    /// <returns>True where the reader ought to pledge now.</returns>
    public bool Hit() => !HasPledged && ++_hits >= _needed;

    /// <summary>The reader has pledged.</summary>
    /// <param name="reads">Its reads so far.</param>
    public void Pledged(long reads)
    {
        HasPledged = true;
        _pledgedAt = reads;
    }

    /// <summary>The reader is about to sleep.</summary>
    /// <param name="reads">Its reads so far.</param>
    public void Sleeps(long reads)
    {
        _hits = 0;
        if (!HasPledged) return;
        HasPledged = false;
        _needed = reads - _pledgedAt < Worth ? Math.Min(_needed * 2, MostHits) : Math.Max(_needed / 2, LeastHits);
    }
}
