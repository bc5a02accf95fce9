using Akka.Dispatch.SysMsg;

namespace Akka.Actor.Internal;

internal sealed partial class ActorCell
{
    private Dictionary<IActorRef, object?>? _watching; // value: the message given to WatchWith
    private Dictionary<IActorRef, object?>? _terminatedQueued; // Terminated is in the mailbox
    private HashSet<IInternalActorRef>? _watchedBy;

    public IActorRef Watch(IActorRef subject) => Watch(subject, null);
    public IActorRef WatchWith(IActorRef subject, object message) => Watch(subject, message);

    public IActorRef Unwatch(IActorRef subject)
    {
        if (_watching is not null && _watching.Remove(subject))
        {
            ((IInternalActorRef)subject).SendSystemMessage(new Unwatch(_self));
        }
        _terminatedQueued?.Remove(subject); // a Terminated that is already queued is dropped when its turn comes
        return subject;
    }

    public void AddWatcher(IInternalActorRef watcher)
    {
        if (!watcher.Equals(Self))
        {
            (_watchedBy ??= []).Add(watcher);
        }
    }

    public void RemoveWatcher(IInternalActorRef watcher) => _watchedBy?.Remove(watcher);

    public void WatchedActorTerminated(IActorRef actor, bool existenceConfirmed)
    {
        if (_watching is not null && _watching.Remove(actor, out object? message) && _waitingFor != ChildrenEnd.Termination)
        {
            (_terminatedQueued ??= [])[actor] = message;
            Mailbox.Post(new Terminated(actor, existenceConfirmed, addressTerminated: false), actor);
        }
        if (_children is not null && _children.Remove(actor))
        {
            ChildTerminated();
        }
    }

    private IActorRef Watch(IActorRef subject, object? message)
    {
        if (subject.Equals(Self))
        {
            return subject;
        }
        if ((_watching ??= []).TryAdd(subject, message))
        {
            var watchee = (IInternalActorRef)subject;
            watchee.SendSystemMessage(new Watch(watchee, _self));
        }
        return subject;
    }

    private void ReceivedTerminated(Terminated terminated)
    {
        if (_terminatedQueued is null || !_terminatedQueued.Remove(terminated.ActorRef, out object? message))
        {
            return;
        }
        ReceiveMessage(message ?? terminated); // a stash and PreRestart have the Terminated
    }

    /// <summary>A stashed Terminated is back in the mailbox; the message given to WatchWith came once.</summary>
    public void TerminatedUnstashed(Terminated terminated) => (_terminatedQueued ??= []).TryAdd(terminated.ActorRef, null);

    private void TellWatchersWeDied()
    {
        ParentRef.SendSystemMessage(new DeathWatchNotification(Self, existenceConfirmed: true));
        foreach (var watcher in _watchedBy ?? [])
        {
            if (!watcher.Equals(ParentRef))
            {
                watcher.SendSystemMessage(new DeathWatchNotification(Self, existenceConfirmed: true));
            }
        }
        _watchedBy = null;
    }

    private void UnwatchAll()
    {
        foreach (var watchee in _watching?.Keys ?? Enumerable.Empty<IActorRef>())
        {
            ((IInternalActorRef)watchee).SendSystemMessage(new Unwatch(_self));
        }
        _watching = null;
        _terminatedQueued = null;
    }
}
