using System.Collections.Concurrent;
using System.Collections.Immutable;
using Akka.Actor;
using Akka.Actor.Internal;

namespace Akka.Event;

/// <summary>Publishes events to subscribers by type: a subscriber to a class or interface gets all that derives from it.</summary>
public class LoggingBus
{
    private readonly Lock _lock = new();
    private ImmutableList<(IActorRef Subscriber, Type Channel)> _subscriptions = [];
    private ConcurrentDictionary<Type, IActorRef[]> _receivers = []; // per event type; dropped with every change
    private readonly StandardOutLogger _stdout = new();

    public LogLevel LogLevel { get; private set; }

    public virtual bool Subscribe(IActorRef subscriber, Type classifier) =>
        Change(subscriptions => subscriptions.Contains((subscriber, classifier)) ? subscriptions : subscriptions.Add((subscriber, classifier)));

    public virtual bool Unsubscribe(IActorRef subscriber) =>
        Change(subscriptions => subscriptions.RemoveAll(s => s.Subscriber.Equals(subscriber)));

    /// <summary>Also ends subscriptions of classes derived from <paramref name="classifier"/>.</summary>
    public virtual bool Unsubscribe(IActorRef subscriber, Type classifier) =>
        Change(subscriptions => subscriptions.RemoveAll(s => s.Subscriber.Equals(subscriber) && classifier.IsAssignableFrom(s.Channel)));

    public virtual void Publish(object @event)
    {
        var receivers = Volatile.Read(ref _receivers);
        var type = @event.GetType();
        if (!receivers.TryGetValue(type, out var subscribers))
        {
            subscribers = [.. Volatile.Read(ref _subscriptions).Where(s => s.Channel.IsAssignableFrom(type)).Select(s => s.Subscriber).Distinct()];
            receivers[type] = subscribers;
        }
        foreach (var subscriber in subscribers)
        {
            subscriber.Tell(@event, ActorRefs.NoSender);
        }
    }

    public void StartStdoutLogger(Settings config)
    {
        LogLevel = Logging.LogLevelFor(config.StdoutLogLevel);
        Subscribe(_stdout, LogLevel);
    }

    /// <summary>Starts the loggers that the settings name; standard output's own is then silent, unless it is among them.</summary>
    internal void StartDefaultLoggers(ActorSystemImpl system)
    {
        var level = Logging.LogLevelFor(system.Settings.LogLevel);
        LogLevel = level;
        Unsubscribe(_stdout);
        int number = 0;
        foreach (string name in system.Settings.Loggers)
        {
            var type = TypeName.Resolve(name);
            if (type == typeof(StandardOutLogger))
            {
                Subscribe(_stdout, level);
                continue;
            }
            var logger = system.SystemActorOf(Props.Create(type), $"log{++number}-{type.Name}");
            var timeout = system.Settings.LoggerStartTimeout;
            try
            {
                logger.Ask<LoggerInitialized>(new InitializeLogger(this), timeout).GetAwaiter().GetResult();
            }
            catch (Exception e)
            {
                throw new LoggerInitializationException($"Logger [{name}] did not answer InitializeLogger within {timeout}", e);
            }
            Subscribe(logger, level);
        }
    }

    /// <summary>Subscribes a logger to the levels from <paramref name="level"/> up.</summary>
    private void Subscribe(IActorRef logger, LogLevel level)
    {
        for (var each = level; each <= LogLevel.ErrorLevel; each++)
        {
            Subscribe(logger, each.ClassFor());
        }
    }

    private bool Change(Func<ImmutableList<(IActorRef Subscriber, Type Channel)>, ImmutableList<(IActorRef, Type)>> change)
    {
        lock (_lock)
        {
            var changed = change(_subscriptions);
            if (ReferenceEquals(changed, _subscriptions) || changed.Count == _subscriptions.Count)
            {
                return false;
            }
            // SYNC event-stream: subscriptions before the empty cache; Publish reads them in the other order.
            Volatile.Write(ref _subscriptions, changed);
            Volatile.Write(ref _receivers, []);
            return true;
        }
    }
}

/// <summary>The event stream of a system; subscribers that stop are unsubscribed.</summary>
public class EventStream : LoggingBus
{
    private IActorRef? _unsubscriber;

    internal EventStream() { }

    public override bool Subscribe(IActorRef subscriber, Type classifier)
    {
        ArgumentNullException.ThrowIfNull(subscriber);
        _unsubscriber?.Tell(new EventStreamUnsubscriber.Register(subscriber), ActorRefs.NoSender);
        return base.Subscribe(subscriber, classifier);
    }

    internal void StartUnsubscriber(ActorSystemImpl system)
    {
        _unsubscriber = system.SystemActorOf(Props.Create(() => new EventStreamUnsubscriber(this)), "eventStreamUnsubscriber");
    }
}

public static class EventStreamExtensions
{
    public static bool Subscribe<TChannel>(this EventStream eventStream, IActorRef subscriber) => eventStream.Subscribe(subscriber, typeof(TChannel));
}

internal sealed class EventStreamUnsubscriber(EventStream eventStream) : ActorBase
{
    public sealed record Register(IActorRef Subscriber);

    protected override bool Receive(object message)
    {
        switch (message)
        {
            case Register register:
                Context.Watch(register.Subscriber);
                return true;
            case Terminated terminated:
                eventStream.Unsubscribe(terminated.ActorRef);
                return true;
            default:
                return false;
        }
    }
}
