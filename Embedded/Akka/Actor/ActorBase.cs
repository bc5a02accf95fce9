using Akka.Actor.Internal;
using Akka.Event;

namespace Akka.Actor;

/// <summary>Base of all actors: identity, hooks and behaviour.</summary>
public abstract class ActorBase
{
    private readonly ActorCell _cell;
    private SupervisorStrategy? _strategy;

    protected ActorBase() =>
        _cell = ActorCell.Current ?? throw new ActorInitializationException(
            $"[{GetType()}] was constructed outside of an actor system; pass Props to ActorOf instead.");

    protected static IActorContext Context =>
        ActorCell.Current ?? throw new NotSupportedException(
            "No actor runs on this thread; after an await outside of ReceiveAsync its context is gone.");

    protected IActorRef Self => _cell.Self;
    protected IActorRef Sender => _cell.Sender;

    internal Receive InitialBehavior => Receive;
    internal SupervisorStrategy Strategy => _strategy ??= _cell.Props.SupervisorStrategy ?? SupervisorStrategy();

    internal bool Handle(Receive behavior, object message) => AroundReceive(behavior, message);

    public virtual void AroundPreStart() => PreStart();
    public virtual void AroundPostStop() => PostStop();
    public virtual void AroundPreRestart(Exception cause, object message) => PreRestart(cause, message);
    public virtual void AroundPostRestart(Exception cause, object message) => PostRestart(cause);

    internal void AroundPostRestart(Exception cause) => AroundPostRestart(cause, null!); // the message belongs to the failed instance

    protected abstract bool Receive(object message);

    protected virtual bool AroundReceive(Receive receive, object message)
    {
        bool handled = receive(message);
        if (!handled)
        {
            Unhandled(message);
        }
        return handled;
    }

    protected virtual void PreStart() { }
    protected virtual void PostStop() { }

    /// <summary>Called on the failed instance; stops all children and then calls <see cref="PostStop"/>. The message may be null.</summary>
    protected virtual void PreRestart(Exception reason, object message)
    {
        foreach (var child in Context.GetChildren())
        {
            Context.Unwatch(child);
            Context.Stop(child);
        }
        PostStop();
    }

    /// <summary>Called on the fresh instance; calls <see cref="PreStart"/>.</summary>
    protected virtual void PostRestart(Exception reason) => PreStart();

    /// <summary>How this actor deals with the failures of its children; asked for once an instance.</summary>
    protected virtual SupervisorStrategy SupervisorStrategy() => Actor.SupervisorStrategy.DefaultStrategy;

    protected virtual void Unhandled(object message)
    {
        if (message is Terminated terminated)
        {
            throw new DeathPactException(terminated.ActorRef);
        }
        Context.System.EventStream.Publish(new UnhandledMessage(message, Sender, Self));
    }

    protected void UnbecomeStacked() => Context.UnbecomeStacked();
    protected void SetReceiveTimeout(TimeSpan? timeout) => Context.SetReceiveTimeout(timeout);
}
