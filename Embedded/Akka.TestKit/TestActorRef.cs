using Akka.Actor;
using Akka.Actor.Internal;
using Akka.Dispatch.SysMsg;

namespace Akka.TestKit;

/// <summary>
/// A reference whose actor a test can reach. The actor runs on the thread that sends to it, unless its props name a dispatcher.
/// </summary>
public class TestActorRef<TActor>(ActorSystem system, Props actorProps, IActorRef? supervisor = null, string? name = null)
    : TestActorRefBase<TActor>(system, actorProps, supervisor, name) where TActor : ActorBase
{
}

public abstract class TestActorRefBase<TActor> : IActorRef, IInternalActorRef where TActor : ActorBase
{
    private readonly LocalActorRef _inner;

    protected TestActorRefBase(ActorSystem system, Props actorProps, IActorRef? supervisor = null, string? name = null)
    {
        if (actorProps.Dispatcher == Dispatch.Dispatchers.DefaultDispatcherId)
        {
            actorProps = actorProps.WithDispatcher(CallingThreadDispatcher.Id);
        }
        var parent = (supervisor ?? ((ActorSystemImpl)system).User) as LocalActorRef
            ?? throw new ArgumentException($"{supervisor} is no actor that can have children.", nameof(supervisor));
        _inner = (LocalActorRef)parent.Cell.ActorOf(actorProps, name);
    }

    public IActorRef Ref => _inner;
    public ActorPath Path => _inner.Path;

    /// <summary>The actor itself.</summary>
    public TActor UnderlyingActor =>
        (TActor)(_inner.Cell.Instance ?? throw new IllegalActorStateException("Underlying actor is terminated, or was not started."));

    ActorSystemImpl? IInternalActorRef.System => _inner.System;
    IInternalActorRef? IInternalActorRef.Parent => _inner.Parent;
    IEnumerable<IInternalActorRef> IInternalActorRef.Children => _inner.Children;
    IInternalActorRef? IInternalActorRef.GetSingleChild(string name) => _inner.GetSingleChild(name);
    void IInternalActorRef.SendSystemMessage(SystemMessage message) => _inner.SendSystemMessage(message);
    void IInternalActorRef.Stop() => _inner.Stop();

    public void Tell(object message, IActorRef? sender) => _inner.Tell(message, sender);
    public void Tell(object message) => ((IActorRef)_inner).Tell(message);

    /// <summary>Hands the message to the behaviour at once, past mailbox and supervision: what it throws comes out here.</summary>
    public void Receive(object message, IActorRef? sender = null) => _inner.Cell.ReceiveForTest(new Envelope(message, sender));

    public bool Equals(IActorRef? other) => _inner.Equals(other);
    public override bool Equals(object? obj) => _inner.Equals(obj);
    public override int GetHashCode() => _inner.GetHashCode();
    public override string ToString() => _inner.ToString();

    public static bool operator ==(TestActorRefBase<TActor>? testActorRef, IActorRef? actorRef) => Equals(testActorRef, actorRef);
    public static bool operator !=(TestActorRefBase<TActor>? testActorRef, IActorRef? actorRef) => !Equals(testActorRef, actorRef);
    public static bool operator ==(IActorRef? actorRef, TestActorRefBase<TActor>? testActorRef) => Equals(testActorRef, actorRef);
    public static bool operator !=(IActorRef? actorRef, TestActorRefBase<TActor>? testActorRef) => !Equals(testActorRef, actorRef);
}
