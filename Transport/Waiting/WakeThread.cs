using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using Smc.Transport.Interop.Linux;

namespace Smc.Transport.Waiting;

/// <summary>
/// Wakes the asynchronous waits of up to <see cref="MaxTargets"/> link groups: one thread, unpinned, that sleeps on all their bells at once.
/// Every turn announces its sleep on each bell, fences, scans each bitmap, and sleeps only if all were empty. It is also the courier of this
/// process's writers (<see cref="SleepWord"/>): one barrier a turn, however many of the peers' readers ask for it.
/// <para>
/// A group whose peer rings for nothing spends its <see cref="WakeBudget"/>, and is left out of the turns until time has paid: its bell is not
/// slept on and its bitmap not read, so neither this process nor the thread's other groups are kept busy by it.
/// </para>
/// </summary>
internal sealed unsafe class WakeThread : IDisposable
{
    /// <summary>Groups of one thread: the words of one futex_waitv, less the thread's own.</summary>
    public const int MaxTargets = Futex.MaxWords - 1;

    /// <summary>Milliseconds between two looks at sleepers whom nobody rang for.</summary>
    public const int SweepMilliseconds = 1000;

    // Pinned and never freed early: a group may be removed after the thread has ended.
    private readonly int[] _doorbellLine = GC.AllocateArray<int>(Memory.CacheLine.Size / sizeof(int), pinned: true);
    private readonly int* _doorbell;
    private readonly ConcurrentQueue<Change> _changes = new();
    private readonly Futex.WaitEntry[] _entries = new Futex.WaitEntry[Futex.MaxWords];
    private readonly List<Served> _served = [];
    private readonly Thread _thread;
    private int _count;
    private int _ended;
    private long _busySince;
    private long _turns;
    private IWakeTarget? _dispatching;

    public WakeThread(string name)
    {
        _doorbell = (int*)Unsafe.AsPointer(ref _doorbellLine[0]);
        _thread = new Thread(Run) { IsBackground = true, Name = name };
        _thread.UnsafeStart();
    }

    private enum ChangeKind
    {
        Add,
        Remove,
        Stop,
    }

    /// <summary>Groups that are or will be served.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Turns so far, each at a wake-up.</summary>
    public long Turns => Volatile.Read(ref _turns);

    /// <summary>Tells the target that the thread is in, if it has been in dispatching for <paramref name="patience"/> or longer.</summary>
    /// <returns>True where it has.</returns>
    public bool ReportIfBlocked(TimeSpan patience)
    {
        long since = Volatile.Read(ref _busySince);
        if (since == 0 || Stopwatch.GetElapsedTime(since) < patience) return false;
        Volatile.Read(ref _dispatching)?.OnBlocked();
        return true;
    }

    /// <summary>Serves <paramref name="target"/> from now on.</summary>
    public void Add(IWakeTarget target)
    {
        Interlocked.Increment(ref _count);
        Post(new Change(ChangeKind.Add, target, null));
    }

    /// <summary>Stops serving <paramref name="target"/>. When the task is done the thread does not touch it any more.</summary>
    public Task RemoveAsync(IWakeTarget target)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Post(new Change(ChangeKind.Remove, target, done));
        if (Volatile.Read(ref _ended) != 0) CompleteRemovals();
        return done.Task;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        Post(new Change(ChangeKind.Stop, null, null));
        if (Thread.CurrentThread != _thread) _thread.Join();
    }

    private void Post(Change change)
    {
        _changes.Enqueue(change);
        Interlocked.MemoryBarrier();   // SYNC doorbell: change before announcement; pairs with the announcement in Run
        if (SleepWord.TakeSleeper(_doorbell) != SleepWord.Awake) SleepWord.Wake(_doorbell);
    }

    private void Run()
    {
        long nextSweep = Environment.TickCount64 + SweepMilliseconds;
        while (TryApplyChanges())
        {
            long now = Environment.TickCount64;
            Volatile.Write(ref _turns, _turns + 1);
            SleepWord.Announce(_doorbell, SleepWord.Thread);
            foreach (Served served in _served) served.Listen(now);
            if (Dispatch(now) == 0 && _changes.IsEmpty) Wait(now, nextSweep);
            SleepWord.Withdraw(_doorbell);
            foreach (Served served in _served) served.Disarm();
            if (Environment.TickCount64 < nextSweep) continue;
            nextSweep = Environment.TickCount64 + SweepMilliseconds;
            foreach (Served served in _served) served.Target.Sweep();
        }

        Interlocked.Exchange(ref _ended, 1);   // SYNC ended: before the last look at the changes; pairs with Post (change before _ended)
        CompleteRemovals();
    }

    /// <summary>The thread has ended and touches no target any more.</summary>
    private void CompleteRemovals()
    {
        while (_changes.TryDequeue(out Change change)) change.Done?.SetResult();
    }

    private int Dispatch(long now)
    {
        Volatile.Write(ref _busySince, Stopwatch.GetTimestamp());
        int rung = 0;
        bool owed = false;
        foreach (Served served in _served) owed |= served.IsHeard && served.Target.TakeReady();
        if (owed)
        {
            // SYNC courier: debts taken, then what was written. A writer that went by without a fence, because it saw the debt alone, had published
            // before it looked: that is visible below. One that looks later sees an announcement, and fences. Pairs with SmcdPath.WakePeerReader.
            Interlocked.MemoryBarrierProcessWide();
            foreach (Served served in _served)
            {
                if (served.IsHeard) served.Target.PayDebts();
            }
        }

        foreach (Served served in _served)
        {
            if (!served.IsHeard) continue;
            Volatile.Write(ref _dispatching, served.Target);
            rung += served.Dispatch(now);
        }

        Volatile.Write(ref _busySince, 0);
        return rung;
    }

    private void Wait(long now, long nextSweep)
    {
        long until = nextSweep;
        int words = 0;
        _entries[words++] = new Futex.WaitEntry(_doorbell, SleepWord.Thread);
        foreach (Served served in _served)
        {
            if (served.IsHeard) _entries[words++] = served.Target.Bell.WaitEntry;
            else until = Math.Min(until, now + served.DeafFor(now));
        }

        int timeout = _served.Count == 0 ? -1 : (int)Math.Max(0, until - now);
        Futex.WaitAny(_entries.AsSpan(0, words), timeout, out int woken);
        foreach (Served served in _served)
        {
            if (served.IsHeard && --woken == 0) served.WasWoken = true;   // word 0 is the thread's own
        }
    }

    /// <returns>False where the thread is to end.</returns>
    private bool TryApplyChanges()
    {
        while (_changes.TryDequeue(out Change change))
        {
            switch (change.Kind)
            {
                case ChangeKind.Add:
                    _served.Add(new Served(change.Target!));
                    break;
                case ChangeKind.Remove:
                    Forget(change.Target!);
                    change.Done!.SetResult();
                    break;
                default:
                    return false;
            }
        }

        return true;
    }

    /// <summary>Apart: what its lambda captures would be allocated at every look for changes.</summary>
    private void Forget(IWakeTarget target)
    {
        if (_served.RemoveAll(served => served.Target == target) > 0) Interlocked.Decrement(ref _count);
    }

    /// <summary>A target, and what its peer may still cost.</summary>
    private sealed class Served(IWakeTarget target)
    {
        private WakeBudget _budget;

        public IWakeTarget Target { get; } = target;

        /// <summary>True where the target has its share of this turn.</summary>
        public bool IsHeard { get; private set; }

        /// <summary>True where the wait ended by this target's bell, or its announcement was taken: there is to be a reason in the bitmap.</summary>
        public bool WasWoken { get; set; }

        /// <summary>Milliseconds until the target is listened to again.</summary>
        public long DeafFor(long now) => _budget.SpentFor(now);

        /// <summary>Announces the sleep on the target's bell, unless its peer has spent its budget.</summary>
        public void Listen(long now)
        {
            bool wasHeard = IsHeard;
            IsHeard = _budget.SpentFor(now) <= 0;
            if (IsHeard) Target.Bell.Arm();
            else if (wasHeard) Target.OnMuted();
        }

        public void Disarm()
        {
            if (IsHeard) WasWoken |= !Target.Bell.Disarm();
        }

        /// <returns>Connections that were rung for.</returns>
        public int Dispatch(long now)
        {
            WakeTally tally = Target.DispatchReady();
            bool forNothing = (WasWoken || tally.Rung > 0) && tally.Earned == 0 && tally.Idle == 0;
            WasWoken = false;
            if (forNothing || tally != default) _budget.Count(now, tally.Earned, forNothing ? 1 : tally.Idle);
            return tally.Rung;
        }
    }

    private readonly record struct Change(ChangeKind Kind, IWakeTarget? Target, TaskCompletionSource? Done);
}
