namespace Smc.Actors.Dispatch;

/// <summary>
/// By which a thread says that it is about to sleep, and whoever has work for it finds out whether it has to be woken. The thread announces,
/// looks for work once more and sleeps; the other queues its work and calls <see cref="Take"/>, which costs no system call while the thread is
/// awake, and gives the sleeper to one of several at a time. A plain store instead of that exchange could erase the next announcement
/// (Tests/Models/vector.pml fails on that variant). As SleepWord of Smc.Transport, but within a process, and apart from what is slept on.
/// </summary>
internal struct SleepAnnouncement
{
    /// <summary>The thread will look for work by itself.</summary>
    public const int Awake = 0;

    /// <summary>The thread sleeps, or is about to.</summary>
    public const int Asleep = 1;

    /// <summary>There is no thread: one has to be started.</summary>
    public const int Absent = 2;

    private int _kind;

    /// <summary>Announces, by the thread itself: what it reads after this is not older.</summary>
    public void Announce(int kind) =>
        Interlocked.Exchange(ref _kind, kind);   // SYNC sleep-announcement: announced before work is looked for; pairs with the fence in Take

    /// <summary>Takes back what the thread has announced, by itself.</summary>
    public void Withdraw() => Volatile.Write(ref _kind, Awake);

    /// <summary>Takes the sleeper, if there is one. Work that it is to find has been queued before.</summary>
    /// <returns><see cref="Awake"/>, or what the caller has to wake or to start.</returns>
    public int Take()
    {
        Interlocked.MemoryBarrier();   // SYNC sleep-announcement: work before the announcement is read; pairs with the exchange in Announce
        return Volatile.Read(ref _kind) == Awake ? Awake : Interlocked.Exchange(ref _kind, Awake);
    }

    /// <summary>Turns one announcement into another, unless it has been taken.</summary>
    public bool TryChange(int from, int to) =>
        Interlocked.CompareExchange(ref _kind, to, from) == from;   // SYNC sleep-announcement: one of this and the exchange in Take wins
}
