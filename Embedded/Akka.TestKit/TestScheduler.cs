using System.Diagnostics;
using Akka.Actor;
using Akka.Configuration;
using Akka.Event;

namespace Akka.TestKit;

/// <summary>
/// Virtual time: it stands still until a test advances it. What falls due then runs on the test's thread, in order, and finds the time
/// that was advanced to; what repeats runs once an advance. The monotonic clocks are real.
/// </summary>
public class TestScheduler(Config schedulerConfig, ILoggingAdapter log) : IScheduler, IAdvancedScheduler
{
    private static readonly long Origin = Stopwatch.GetTimestamp();

    private readonly Lock _lock = new();
    private readonly PriorityQueue<Job, (DateTimeOffset Due, long Number)> _jobs = new();
    private DateTimeOffset _now = DateTimeOffset.UtcNow;
    private long _lastNumber;

    protected Config SchedulerConfig { get; } = schedulerConfig;
    protected ILoggingAdapter Log { get; } = log;
    public IAdvancedScheduler Advanced => this;
    public TimeSpan MonotonicClock => Stopwatch.GetElapsedTime(Origin);

    public DateTimeOffset Now
    {
        get
        {
            lock (_lock)
            {
                return _now;
            }
        }
    }

    public void Advance(TimeSpan offset)
    {
        foreach (var job in TakeDue(offset))
        {
            if (job.Cancelable is { IsCancellationRequested: true })
            {
                continue;
            }
            job.Action();
            if (job.Interval is { } interval && job.Cancelable is not { IsCancellationRequested: true })
            {
                Add(interval, job);
            }
        }
    }

    public void AdvanceTo(DateTimeOffset when)
    {
        var offset = when - Now;
        Advance(offset >= TimeSpan.Zero ? offset : throw new InvalidOperationException("Time does not go back."));
    }

    public void ScheduleTellOnce(TimeSpan delay, ICanTell receiver, object message, IActorRef? sender, ICancelable? cancelable = null) =>
        Add(delay, null, () => receiver.Tell(message, sender), cancelable);

    public void ScheduleTellRepeatedly(
        TimeSpan initialDelay, TimeSpan interval, ICanTell receiver, object message, IActorRef? sender, ICancelable? cancelable = null) =>
        Add(initialDelay, interval, () => receiver.Tell(message, sender), cancelable);

    public void ScheduleOnce(TimeSpan delay, Action action, ICancelable? cancelable = null) => Add(delay, null, action, cancelable);

    public void ScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, Action action, ICancelable? cancelable = null) =>
        Add(initialDelay, interval, action, cancelable);

    private void Add(TimeSpan delay, TimeSpan? interval, Action action, ICancelable? cancelable) => Add(delay, new Job(action, interval, cancelable));

    private void Add(TimeSpan delay, Job job)
    {
        lock (_lock)
        {
            _jobs.Enqueue(job, (_now + delay, ++_lastNumber));
        }
    }

    /// <summary>Moves time and takes what is due by then; what these jobs schedule waits for the next advance.</summary>
    private List<Job> TakeDue(TimeSpan offset)
    {
        lock (_lock)
        {
            _now += offset;
            var due = new List<Job>();
            while (_jobs.TryPeek(out var job, out var priority) && priority.Due <= _now)
            {
                due.Add(job);
                _jobs.Dequeue();
            }
            return due;
        }
    }

    private sealed record Job(Action Action, TimeSpan? Interval, ICancelable? Cancelable);
}
