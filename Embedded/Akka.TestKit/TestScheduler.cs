using Akka.Actor;
using Akka.Configuration;
using Akka.Dispatch;
using Akka.Event;

namespace Akka.TestKit;

/// <summary>Virtual time: it stands still until a test advances it, and what falls due then runs on the test's thread, in order.</summary>
public class TestScheduler(Config schedulerConfig, ILoggingAdapter log) : IScheduler, IAdvancedScheduler
{
    private static readonly DateTimeOffset Start = DateTimeOffset.UtcNow;

    private readonly Lock _lock = new();
    private readonly PriorityQueue<Job, (TimeSpan Due, long Number)> _jobs = new();
    private TimeSpan _elapsed;
    private long _lastNumber;

    protected Config SchedulerConfig { get; } = schedulerConfig;
    protected ILoggingAdapter Log { get; } = log;
    public IAdvancedScheduler Advanced => this;
    public DateTimeOffset Now => Start + MonotonicClock;
    public TimeSpan HighResMonotonicClock => MonotonicClock;

    public TimeSpan MonotonicClock
    {
        get
        {
            lock (_lock)
            {
                return _elapsed;
            }
        }
    }

    public void Advance(TimeSpan offset)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(offset, TimeSpan.Zero);
        TimeSpan end = MonotonicClock + offset;
        while (NextDue(end) is { } job)
        {
            if (job.Cancelable is not { IsCancellationRequested: true })
            {
                job.Action();
            }
        }
    }

    public void AdvanceTo(DateTimeOffset when) => Advance(when - Now);

    public void ScheduleTellOnce(TimeSpan delay, ICanTell receiver, object message, IActorRef? sender) =>
        ScheduleTellOnce(delay, receiver, message, sender, null);

    public void ScheduleTellOnce(TimeSpan delay, ICanTell receiver, object message, IActorRef? sender, ICancelable? cancelable) =>
        Add(delay, null, () => receiver.Tell(message, sender), cancelable);

    public void ScheduleTellRepeatedly(TimeSpan initialDelay, TimeSpan interval, ICanTell receiver, object message, IActorRef? sender) =>
        ScheduleTellRepeatedly(initialDelay, interval, receiver, message, sender, null);

    public void ScheduleTellRepeatedly(
        TimeSpan initialDelay, TimeSpan interval, ICanTell receiver, object message, IActorRef? sender, ICancelable? cancelable) =>
        Add(initialDelay, interval, () => receiver.Tell(message, sender), cancelable);

    public void ScheduleOnce(TimeSpan delay, Action action) => Add(delay, null, action, null);
    public void ScheduleOnce(TimeSpan delay, Action action, ICancelable? cancelable) => Add(delay, null, action, cancelable);
    public void ScheduleOnce(TimeSpan delay, IRunnable action) => Add(delay, null, action.Run, null);
    public void ScheduleOnce(TimeSpan delay, IRunnable action, ICancelable? cancelable) => Add(delay, null, action.Run, cancelable);
    public void ScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, Action action) => Add(initialDelay, interval, action, null);

    public void ScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, Action action, ICancelable? cancelable) =>
        Add(initialDelay, interval, action, cancelable);

    public void ScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, IRunnable action) => Add(initialDelay, interval, action.Run, null);

    public void ScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, IRunnable action, ICancelable? cancelable) =>
        Add(initialDelay, interval, action.Run, cancelable);

    private void Add(TimeSpan delay, TimeSpan? interval, Action action, ICancelable? cancelable)
    {
        lock (_lock)
        {
            _jobs.Enqueue(new Job(action, interval, cancelable), (_elapsed + delay, ++_lastNumber));
        }
    }

    /// <summary>Moves time to the next job up to <paramref name="end"/>, or there if none is due.</summary>
    private Job? NextDue(TimeSpan end)
    {
        lock (_lock)
        {
            if (!_jobs.TryPeek(out var job, out var priority) || priority.Due > end)
            {
                _elapsed = end;
                return null;
            }
            _jobs.Dequeue();
            _elapsed = priority.Due > _elapsed ? priority.Due : _elapsed;
            if (job.Interval is { } interval && job.Cancelable is not { IsCancellationRequested: true })
            {
                _jobs.Enqueue(job, (priority.Due + interval, ++_lastNumber));
            }
            return job;
        }
    }

    private sealed record Job(Action Action, TimeSpan? Interval, ICancelable? Cancelable);
}
