namespace Smc.Actors.Dispatch;

/// <summary>
/// The one bell of a completion vector: messages to its actors and completions of its queues ring it, and its thread sleeps on it. Ringing is
/// safe from any thread; while the thread is awake it costs a fence and no system call. Where there is no thread (at first, and after
/// <see cref="TryLeave"/>) the ring begins one. The protocol is that of Tests/Models/vector.pml.
/// </summary>
/// <param name="begin">Starts a thread, which looks for work at once.</param>
internal sealed class Doorbell(Action begin)
{
    private readonly AutoResetEvent _wakeUp = new(initialState: false);
    private SleepAnnouncement _sleeper = Initially(SleepAnnouncement.Absent);
    private long _wakeUps;

    /// <summary>Rings that found the thread asleep, or none.</summary>
    public long WakeUps => Volatile.Read(ref _wakeUps);

    /// <summary>Tells the thread to look for work that has been made visible before.</summary>
    public void Ring()
    {
        switch (_sleeper.Take())
        {
            case SleepAnnouncement.Asleep:
                Wake();
                break;
            case SleepAnnouncement.Absent:
                Begin();
                break;
        }
    }

    /// <summary>Wakes the thread where it sleeps; begins none.</summary>
    public void WakeSleeper()
    {
        if (_sleeper.TryChange(SleepAnnouncement.Asleep, SleepAnnouncement.Awake)) Wake();
    }

    /// <summary>Says that the thread is about to sleep. It then looks for work once more; this and what follows is called by that thread only.</summary>
    public void Announce() => _sleeper.Announce(SleepAnnouncement.Asleep);

    /// <summary>Takes the announcement back.</summary>
    public void Withdraw() => _sleeper.Withdraw();

    /// <summary>Sleeps until a ring, after an announcement. It may end early; the caller looks for work in each case.</summary>
    public void Wait()
    {
        _wakeUp.WaitOne();
        _sleeper.Withdraw();
    }

    /// <summary>Says that there is no thread any more, after an announcement: the caller ends, and the next ring begins another.</summary>
    /// <returns>False where somebody has rung since the announcement: the caller looks for work.</returns>
    public bool TryLeave() => _sleeper.TryChange(SleepAnnouncement.Asleep, SleepAnnouncement.Absent);

    private static SleepAnnouncement Initially(int kind)
    {
        var announcement = default(SleepAnnouncement);
        announcement.Announce(kind);
        return announcement;
    }

    private void Wake()
    {
        Interlocked.Increment(ref _wakeUps);   // several may have rung one after the other
        _wakeUp.Set();
    }

    private void Begin()
    {
        Interlocked.Increment(ref _wakeUps);
        try
        {
            begin();
        }
        catch
        {
            _sleeper.Announce(SleepAnnouncement.Absent);   // the next ring tries again
            throw;
        }
    }
}
