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
    /// <returns>How many.</returns>
    int DispatchReady();

    /// <summary>Once a second: looks for sleepers whom the peer should have rung for, at some of the connections.</summary>
    void Sweep();

    /// <summary>A continuation that <see cref="DispatchReady"/> runs inline has not returned for too long. On another thread.</summary>
    void OnBlocked();
}
