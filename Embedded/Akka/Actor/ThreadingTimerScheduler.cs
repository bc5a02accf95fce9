using System.Collections.Concurrent;
using System.Diagnostics;
using Akka.Configuration;
using Akka.Event;

namespace Akka.Actor;

/// <summary>The system's scheduler, on the timers of the runtime: monotonic, about a millisecond fine, and free while nothing is due.</summary>
internal sealed class ThreadingTimerScheduler(Config schedulerConfig, ILoggingAdapter log) : IScheduler, IAdvancedScheduler, IDisposable
{
    private static readonly long Origin = Stopwatch.GetTimestamp();

    private readonly ConcurrentDictionary<Job, bool> _jobs = [];
    private volatile bool _disposed;

    public Config SchedulerConfig { get; } = schedulerConfig;
    public IAdvancedScheduler Advanced => this;
    public DateTimeOffset Now => DateTimeOffset.Now;
    public TimeSpan MonotonicClock => Stopwatch.GetElapsedTime(Origin);

    public void ScheduleTellOnce(TimeSpan delay, ICanTell receiver, object message, IActorRef? sender, ICancelable? cancelable = null) =>
        Start(delay, null, () => receiver.Tell(message, sender), cancelable);

    public void ScheduleTellRepeatedly(
        TimeSpan initialDelay, TimeSpan interval, ICanTell receiver, object message, IActorRef? sender, ICancelable? cancelable = null) =>
        Start(initialDelay, interval, () => receiver.Tell(message, sender), cancelable);

    public void ScheduleOnce(TimeSpan delay, Action action, ICancelable? cancelable = null) => Start(delay, null, action, cancelable);

    public void ScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, Action action, ICancelable? cancelable = null) =>
        Start(initialDelay, interval, action, cancelable);

    public void Dispose()
    {
        _disposed = true;
        foreach (var job in _jobs.Keys)
        {
            job.Dispose();
        }
    }

    private void Start(TimeSpan delay, TimeSpan? interval, Action action, ICancelable? cancelable)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(delay, TimeSpan.Zero);
        if (interval is { } period)
        {
            ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(period, TimeSpan.Zero, nameof(interval));
        }
        if (_disposed)
        {
            throw new SchedulerException("The scheduler has ended with its actor system.");
        }
        if (cancelable is not { IsCancellationRequested: true })
        {
            new Job(this, action, interval, cancelable).Start(delay);
        }
    }

    private sealed class Job : IDisposable
    {
        private readonly ThreadingTimerScheduler _owner;
        private readonly Action _action;
        private readonly TimeSpan? _interval;
        private readonly ICancelable? _cancelable;
        private readonly Timer _timer;
        private CancellationTokenRegistration _cancellation;
        private int _running;

        public Job(ThreadingTimerScheduler owner, Action action, TimeSpan? interval, ICancelable? cancelable)
        {
            _owner = owner;
            _action = action;
            _interval = interval;
            _cancelable = cancelable;
            _timer = new Timer(static job => ((Job)job!).Fire(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan); // the state given
            owner._jobs.TryAdd(this, true);
        }

        public void Start(TimeSpan delay)
        {
            _timer.Change(delay, _interval ?? Timeout.InfiniteTimeSpan);
            if (_cancelable is not null)
            {
                _cancellation = _cancelable.Token.UnsafeRegister(static job => ((Job)job!).Dispose(), this); // the state given
            }
        }

        public void Dispose()
        {
            _owner._jobs.TryRemove(this, out _);
            _timer.Dispose();
            _cancellation.Unregister();
        }

        private void Fire()
        {
            if (_cancelable is { IsCancellationRequested: true } || Interlocked.Exchange(ref _running, 1) != 0)
            {
                return; // cancelled, or the previous run still goes on
            }
            try
            {
                _action();
            }
            catch (Exception cause)
            {
                _owner.Report(cause);
                Dispose(); // no more runs
            }
            finally
            {
                Volatile.Write(ref _running, 0);
                if (_interval is null)
                {
                    Dispose();
                }
            }
        }
    }

    private void Report(Exception cause) => log.Error(cause, "Scheduled work failed");
}
