using Akka.Actor;
using Akka.Actor.Internal;

namespace Akka.Dispatch.SysMsg;

/// <summary>A step of an actor's life cycle. It overtakes user messages and is handled even while the mailbox is suspended.</summary>
internal abstract class SystemMessage
{
    /// <summary>Link of the mailbox's list; a message is in one mailbox at a time.</summary>
    internal SystemMessage? Next;

    public abstract void Invoke(ActorCell cell);

    /// <summary>Called instead of <see cref="Invoke"/> once the actor has terminated.</summary>
    public virtual void Bury(ActorCell cell) { }
}

internal sealed class Create : SystemMessage
{
    public override void Invoke(ActorCell cell) => cell.Create();
}

internal sealed class Suspend : SystemMessage
{
    public override void Invoke(ActorCell cell) => cell.FaultSuspend();
}

/// <summary>Ends a suspension; with a cause it also forgives the failure.</summary>
internal sealed class Resume(Exception? cause) : SystemMessage
{
    public override void Invoke(ActorCell cell) => cell.FaultResume(cause);
}

internal sealed class Recreate(Exception cause) : SystemMessage
{
    public override void Invoke(ActorCell cell) => cell.FaultRecreate(cause);
}

internal sealed class Terminate : SystemMessage
{
    public override void Invoke(ActorCell cell) => cell.Terminate();
}

internal sealed class Watch(IInternalActorRef watchee, IInternalActorRef watcher) : SystemMessage
{
    public IInternalActorRef Watchee { get; } = watchee;
    public IInternalActorRef Watcher { get; } = watcher;

    public override void Invoke(ActorCell cell) => cell.AddWatcher(Watcher);

    public override void Bury(ActorCell cell) => Watcher.SendSystemMessage(new DeathWatchNotification(Watchee, existenceConfirmed: true));
}

internal sealed class Unwatch(IInternalActorRef watcher) : SystemMessage
{
    public IInternalActorRef Watcher { get; } = watcher;

    public override void Invoke(ActorCell cell) => cell.RemoveWatcher(Watcher);
}

internal sealed class DeathWatchNotification(IActorRef actor, bool existenceConfirmed) : SystemMessage
{
    public IActorRef Actor { get; } = actor;
    public bool ExistenceConfirmed { get; } = existenceConfirmed;

    public override void Invoke(ActorCell cell) => cell.WatchedActorTerminated(Actor, ExistenceConfirmed);
}

internal sealed class Failed(IInternalActorRef child, Exception cause) : SystemMessage
{
    public IInternalActorRef Child { get; } = child;
    public Exception Cause { get; } = cause;

    public override void Invoke(ActorCell cell) => cell.HandleFailed(this);
}

/// <summary>A part of an asynchronous handler that comes back to its actor.</summary>
internal sealed class ActorTask(Action<ActorCell> run) : SystemMessage
{
    public override void Invoke(ActorCell cell) => run(cell);
}
