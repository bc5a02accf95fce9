namespace Smc.Transport.Waiting;

/// <summary>A link group, as its wake thread sees it. Called on that thread only.</summary>
internal interface IWakeTarget
{
    /// <summary>What the thread sleeps on and scans.</summary>
    OwnBell Bell { get; }

    /// <summary>Takes the connections that the peer has rung for, and the debts of its readers among them (<see cref="SleepWord.Owed"/>).</summary>
    /// <returns>True where there were debts: the thread passes a process-wide barrier and calls <see cref="PayDebts"/>.</returns>
    bool TakeReady();

    /// <summary>Wakes the peer's readers whose debts were taken, and who have not seen all that this process has written.</summary>
    void PayDebts();

    /// <summary>Wakes the connections that were taken.</summary>
    WakeTally DispatchReady();

    /// <summary>The peer has rung for nothing too often, and is not listened to for up to <see cref="WakeBudget.Longest"/> milliseconds.</summary>
    void OnMuted();

    /// <summary>Once a second: looks for sleepers whom the peer should have rung for.</summary>
    void Sweep();

    /// <summary>A continuation that <see cref="DispatchReady"/> runs inline has not returned for too long. On another thread.</summary>
    void OnBlocked();
}

/// <summary>What the rings of a turn came to.</summary>
/// <param name="Rung">Connections that were rung for.</param>
/// <param name="Earned">Waits that had come to their end, and debts of a reader that something had been written for since its last.</param>
/// <param name="Idle">Waits that were broken off for nothing, and debts that repeat themselves.</param>
internal readonly record struct WakeTally(int Rung, int Earned, int Idle)
{
    public static WakeTally operator +(WakeTally one, WakeTally other) => new(one.Rung + other.Rung, one.Earned + other.Earned, one.Idle + other.Idle);
}
