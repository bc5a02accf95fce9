using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using Smc.Transport.Interop.Linux;

namespace Smc.Transport.Waiting;

/// <summary>
/// Wakes the asynchronous waits of up to <see cref="MaxTargets"/> link groups: one thread, unpinned, that sleeps on all their bells at once.
/// Every turn announces its sleep on each bell, fences, scans each bitmap, and sleeps only if all were empty. It is also the courier of this
/// process's writers (<see cref="SleepWord"/>): one barrier a turn, however many of the peers' readers ask for it.
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
    private readonly List<IWakeTarget> _targets = [];
    private readonly Thread _thread;
    private int _count;
    private int _ended;
    private long _busySince;
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
            SleepWord.Announce(_doorbell, SleepWord.Thread);
            foreach (IWakeTarget target in _targets) target.Bell.Arm();
            if (Dispatch() == 0 && _changes.IsEmpty) Wait(nextSweep);
            SleepWord.Withdraw(_doorbell);
            foreach (IWakeTarget target in _targets) target.Bell.Disarm();
            if (Environment.TickCount64 < nextSweep) continue;
            nextSweep = Environment.TickCount64 + SweepMilliseconds;
            foreach (IWakeTarget target in _targets) target.Sweep();
        }

        Interlocked.Exchange(ref _ended, 1);   // SYNC ended: before the last look at the changes; pairs with Post (change before _ended)
        CompleteRemovals();
    }

    /// <summary>The thread has ended and touches no target any more.</summary>
    private void CompleteRemovals()
    {
        while (_changes.TryDequeue(out Change change)) change.Done?.SetResult();
    }

    private int Dispatch()
    {
        Volatile.Write(ref _busySince, Stopwatch.GetTimestamp());
        int woken = 0;
        bool owed = false;
        foreach (IWakeTarget target in _targets) owed |= target.TakeReady();
        if (owed)
        {
            // SYNC courier: debts taken, then what was written. A writer that went by without a fence, because it saw the debt alone, had published
            // before it looked: that is visible below. One that looks later sees an announcement, and fences. Pairs with SmcdPath.WakePeerReader.
            Interlocked.MemoryBarrierProcessWide();
            foreach (IWakeTarget target in _targets) target.PayDebts();
        }

        foreach (IWakeTarget target in _targets)
        {
            Volatile.Write(ref _dispatching, target);
            woken += target.DispatchReady();
        }

        Volatile.Write(ref _busySince, 0);
        return woken;
    }

    private void Wait(long nextSweep)
    {
        int words = 0;
        _entries[words++] = new Futex.WaitEntry(_doorbell, SleepWord.Thread);
        foreach (IWakeTarget target in _targets) _entries[words++] = target.Bell.WaitEntry;
        int timeout = _targets.Count == 0 ? -1 : (int)Math.Max(0, nextSweep - Environment.TickCount64);
        Futex.WaitAny(_entries.AsSpan(0, words), timeout);
    }

    /// <returns>False where the thread is to end.</returns>
    private bool TryApplyChanges()
    {
        while (_changes.TryDequeue(out Change change))
        {
            switch (change.Kind)
            {
                case ChangeKind.Add:
                    _targets.Add(change.Target!);
                    break;
                case ChangeKind.Remove:
                    if (_targets.Remove(change.Target!)) Interlocked.Decrement(ref _count);
                    change.Done!.SetResult();
                    break;
                default:
                    return false;
            }
        }

        return true;
    }

    private readonly record struct Change(ChangeKind Kind, IWakeTarget? Target, TaskCompletionSource? Done);
}
