using System.Collections.Immutable;
using Akka.Event;
using static Smc.Actors.Protocol.RuntimeEvents;

namespace Smc.Actors.Telemetry;

/// <summary>
/// The one seam that the events of a runtime leave it by: to those that count at once, by whatever thread it happens on, and to whoever
/// subscribes to the event stream of its actor system. A subscriber that fails costs nobody else the event, and no connection: meters and
/// activities call whoever listens to them, which is not ours.
/// </summary>
/// <param name="stream">The event stream; null in a test that has none.</param>
/// <param name="log">Hears of subscribers that fail.</param>
internal sealed class EventPublisher(EventStream? stream = null, ILoggingAdapter? log = null)
{
    private ImmutableArray<Subscriber> _subscribers = [];

    /// <summary>From now on it hears each event before the event stream does, until what this returns is disposed. From any thread.</summary>
    /// <param name="name">As the log names it.</param>
    /// <param name="hear">Must not wait. It may hear an event more that was on its way when the subscription ended.</param>
    public IDisposable Subscribe(string name, Action<RuntimeEvent> hear)
    {
        var subscriber = new Subscriber(this, name, hear);
        ImmutableInterlocked.Update(ref _subscribers, static (all, one) => all.Add(one), subscriber);
        return subscriber;
    }

    /// <summary>Tells everybody.</summary>
    public void Publish(RuntimeEvent happened)
    {
        foreach (Subscriber subscriber in _subscribers)
        {
            try
            {
                subscriber.Hear(happened);
            }
            catch (Exception e)
            {
                Tell(subscriber, happened, e);
            }
        }

        stream?.Publish(happened);
    }

    /// <summary>At the first, the tenth, the hundredth time and so on: one that always fails must not fill the log.</summary>
    private void Tell(Subscriber subscriber, RuntimeEvent happened, Exception failure)
    {
        long failures = subscriber.CountFailure();
        if (IsPowerOfTen(failures))
            log?.Warning(failure, "{0} failed at {1}, {2} times so far. Most further failures of it are counted only.", subscriber.Name, happened.GetType().Name, failures);
    }

    private static bool IsPowerOfTen(long number)
    {
        while (number % 10 == 0) number /= 10;
        return number == 1;
    }

    private sealed class Subscriber(EventPublisher publisher, string name, Action<RuntimeEvent> hear) : IDisposable
    {
        private long _failures;

        public string Name => name;

        public Action<RuntimeEvent> Hear => hear;

        public long CountFailure() => Interlocked.Increment(ref _failures);

        public void Dispose() => ImmutableInterlocked.Update(ref publisher._subscribers, static (all, one) => all.Remove(one), this);
    }
}
