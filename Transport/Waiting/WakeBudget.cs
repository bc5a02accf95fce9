namespace Smc.Transport.Waiting;

/// <summary>
/// What a peer may cost this process by wake-ups that had no reason: <see cref="Burst"/> at once, then one a millisecond, and one more for every
/// wake-up that had one. Who has spent it is not listened to until time has paid, <see cref="Longest"/> at a time at most: an honest peer, which
/// wakes those alone who have a reason, never comes near.
/// One thread at a time. The clock is <see cref="Environment.TickCount64"/>.
/// </summary>
internal struct WakeBudget
{
    /// <summary>Wake-ups without a reason that cost nothing but themselves.</summary>
    public const int Burst = 64;

    /// <summary>Milliseconds that a peer is not listened to for what it did in one go, however much that was.</summary>
    public const int Longest = 16;

    private long _paidUntil;   // each wake-up without a reason puts it off by a millisecond; once it lies in the future nothing is left

    /// <summary>Milliseconds until the peer is listened to again; 0 or less where it is.</summary>
    public readonly long SpentFor(long now) => _paidUntil - now;

    /// <summary>Counts wake-ups.</summary>
    /// <param name="now">In milliseconds.</param>
    /// <param name="earned">Those that had a reason.</param>
    /// <param name="idle">Those that had none.</param>
    public void Count(long now, int earned, int idle) =>
        _paidUntil = Math.Min(Math.Max(_paidUntil - earned, now - Burst) + idle, now + Longest);
}
