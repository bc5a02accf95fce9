namespace Smc.Transport.Waiting;

/// <summary>The wake threads of a runtime: one, and another for every <see cref="WakeThread.MaxTargets"/> link groups more.</summary>
public sealed class WakeService : IDisposable
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly List<WakeThread> _threads = [];
    private readonly Timer? _watchdog;
    private long _blocked;

    /// <param name="watchInlineCompletions">Look once a second for a continuation that blocks a wake thread.</param>
    public WakeService(bool watchInlineCompletions)
    {
        if (watchInlineCompletions) _watchdog = new Timer(static state => ((WakeService)state!).ReportBlocked(LookEvery), this, LookEvery, LookEvery);
    }

    /// <summary>Seconds in which a wake thread was found blocked by a continuation that ran inline.</summary>
    public long BlockedSeconds => Volatile.Read(ref _blocked);

    internal WakeThread Add(IWakeTarget target)
    {
        lock (_gate)
        {
            WakeThread? thread = _threads.Find(t => t.Count < WakeThread.MaxTargets);
            if (thread is null)
            {
                thread = new WakeThread($"smc-wake-{_threads.Count}");
                _threads.Add(thread);
            }

            thread.Add(target);
            return thread;
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _watchdog?.Dispose();
        lock (_gate)
        {
            foreach (WakeThread thread in _threads) thread.Dispose();
            _threads.Clear();
        }
    }

    /// <summary>Counts the threads that have been blocked for <paramref name="patience"/> or longer, and tells the connections that block them.</summary>
    internal void ReportBlocked(TimeSpan patience)
    {
        lock (_gate) Volatile.Write(ref _blocked, _blocked + _threads.Count(thread => thread.ReportIfBlocked(patience)));
    }
}
