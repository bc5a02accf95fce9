namespace Smc.Actors.Devices;

/// <summary>How often something may be started again: a limit within a window of time that moves. One thread at a time.</summary>
/// <param name="most">Restarts within the window.</param>
/// <param name="window">Its length.</param>
internal sealed class RestartBudget(int most, TimeSpan window)
{
    private readonly Queue<TimeSpan> _restarts = [];

    /// <summary>Takes one restart.</summary>
    /// <param name="now">By a clock that is never set.</param>
    /// <returns>False where there have been too many.</returns>
    public bool TryTake(TimeSpan now)
    {
        while (_restarts.TryPeek(out TimeSpan oldest) && oldest + window <= now) _restarts.Dequeue();
        if (_restarts.Count >= most) return false;
        _restarts.Enqueue(now);
        return true;
    }
}
