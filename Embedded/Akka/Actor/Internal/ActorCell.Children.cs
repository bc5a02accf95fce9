using Akka.Dispatch.SysMsg;

namespace Akka.Actor.Internal;

internal sealed partial class ActorCell
{
    private static long _lastUid;

    // Created with the first child; locked, because ActorSystem.ActorOf and selections come from any thread.
    private ChildrenTable? _children;

    public IEnumerable<IInternalActorRef> Children => _children?.Snapshot() ?? [];

    private ChildrenTable ChildTable => _children ?? Interlocked.CompareExchange(ref _children, new ChildrenTable(), null) ?? _children;

    public IEnumerable<IActorRef> GetChildren() => Children;
    public IActorRef Child(string name) => FindChild(name) as IActorRef ?? Nobody.Instance;
    public IInternalActorRef? FindChild(string name) => _children?.Find(name);

    public IActorRef ActorOf(Props props, string? name = null)
    {
        if (name is not null)
        {
            CheckName(name);
        }
        var table = _waitingFor == ChildrenEnd.Termination ? throw ChildrenTable.Closed() : ChildTable;
        string childName = name ?? table.NextName();
        props = SystemImpl.Deployed(props, Self.Path, childName);
        var dispatcher = SystemImpl.Dispatchers.Lookup(props.Dispatcher);
        LocalActorRef Make() => new(SystemImpl, props, dispatcher, _self, new ChildActorPath(Self.Path, childName, Interlocked.Increment(ref _lastUid)));
        var child = table.Add(childName, Make);
        child.Start();
        return child;
    }

    public void Stop(IActorRef child)
    {
        _children?.MarkDying(child);
        ((IInternalActorRef)child).Stop();
    }

    private static void CheckName(string name)
    {
        if (name.Length == 0)
        {
            throw new InvalidActorNameException("An actor's name cannot be empty.");
        }
        if (!ActorPath.IsValidPathElement(name))
        {
            throw new InvalidActorNameException(
                $"[{name}] cannot name an actor: letters, digits and {ActorPath.ValidSymbols} can, with no $ in front.");
        }
    }

    private void StopChildren()
    {
        foreach (var child in Children)
        {
            Stop(child);
        }
    }

    private void SuspendChildren(IReadOnlyCollection<IActorRef> except)
    {
        foreach (var child in Children)
        {
            if (!except.Contains(child))
            {
                child.SendSystemMessage(new Suspend());
            }
        }
    }
}
