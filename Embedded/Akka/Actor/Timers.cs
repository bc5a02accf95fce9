using Akka.Actor.Internal;
using Akka.Event;

namespace Akka.Actor;

/// <summary>Asks for timers, which are there from PreStart on.</summary>
public interface IWithTimers
{
    ITimerScheduler Timers { get; set; }
}

/// <summary>
/// Timers of one incarnation of an actor. Starting one again under its key replaces it. After Cancel, replacement or restart its
/// message never comes, even if it is in the mailbox already.
/// </summary>
public interface ITimerScheduler
{
    void StartPeriodicTimer(object key, object msg, TimeSpan interval);
    void StartSingleTimer(object key, object msg, TimeSpan timeout);
    bool IsTimerActive(object key);
    void Cancel(object key);
    void CancelAll();
}

internal sealed class TimerScheduler(ActorCell cell) : ITimerScheduler
{
    private readonly Dictionary<object, TimerMessage> _timers = [];

    public void StartPeriodicTimer(object key, object msg, TimeSpan interval)
    {
        var timer = Replace(key, msg, repeats: true);
        timer.Pending = cell.System.Scheduler.ScheduleTellRepeatedlyCancelable(interval, interval, cell.Self, timer, ActorRefs.NoSender);
    }

    public void StartSingleTimer(object key, object msg, TimeSpan timeout)
    {
        var timer = Replace(key, msg, repeats: false);
        timer.Pending = cell.System.Scheduler.ScheduleTellOnceCancelable(timeout, cell.Self, timer, ActorRefs.NoSender);
    }

    public bool IsTimerActive(object key) => _timers.ContainsKey(key);

    public void Cancel(object key)
    {
        if (_timers.Remove(key, out var timer))
        {
            timer.Pending?.Cancel();
        }
    }

    public void CancelAll()
    {
        foreach (var timer in _timers.Values)
        {
            timer.Pending?.Cancel();
        }
        _timers.Clear();
    }

    /// <summary>True if the message is that of the timer now running under its key.</summary>
    public bool Accept(TimerMessage timer)
    {
        if (!_timers.TryGetValue(timer.Key, out var current) || !ReferenceEquals(current, timer))
        {
            return false;
        }
        if (!timer.Repeats)
        {
            _timers.Remove(timer.Key);
        }
        return true;
    }

    private TimerMessage Replace(object key, object message, bool repeats)
    {
        Cancel(key);
        return _timers[key] = new TimerMessage(this, key, message, repeats);
    }
}

/// <summary>A timer and the message it sends to its own actor; reference identity tells a running timer from a stale one.</summary>
internal sealed class TimerMessage(TimerScheduler owner, object key, object message, bool repeats)
    : INoSerializationVerificationNeeded, IDeadLetterSuppression
{
    public object Key { get; } = key;
    public bool Repeats { get; } = repeats;
    public ICancelable? Pending { get; set; }

    /// <summary>Takes out the user's message, unless it is stale.</summary>
    public bool TryUnwrap(out object unwrapped)
    {
        unwrapped = message;
        return owner.Accept(this);
    }
}
