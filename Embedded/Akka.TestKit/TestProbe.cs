using Akka.Actor;
using Akka.Actor.Internal;
using Akka.Dispatch.SysMsg;

namespace Akka.TestKit;

/// <summary>A further test actor with expectations of its own; it can stand for an actor reference itself.</summary>
public class TestProbe : TestKitBase, IActorRef, IInternalActorRef, INoImplicitSender
{
    public TestProbe(ActorSystem system, ITestKitAssertions assertions, string? testProbeName = null)
        : base(assertions, system, testProbeName) { }

    public IActorRef Ref => TestActor;
    public IActorRef Sender => LastSender;
    ActorPath IActorRef.Path => TestActor.Path;
    ActorSystemImpl? IInternalActorRef.System => Inner.System;
    IInternalActorRef? IInternalActorRef.Parent => Inner.Parent;
    IEnumerable<IInternalActorRef> IInternalActorRef.Children => Inner.Children;

    private IInternalActorRef Inner => (IInternalActorRef)TestActor;

    /// <summary>Answers the sender of the last message received.</summary>
    public void Reply(object message) => Sender.Tell(message, TestActor);

    /// <summary>Sends with this probe as sender.</summary>
    public void Send(IActorRef actor, object message) => actor.Tell(message, TestActor);

    /// <summary>Passes the last message received on, with its sender.</summary>
    public void Forward(IActorRef actor) => actor.Tell(LastMessage, Sender);

    void ICanTell.Tell(object message, IActorRef? sender) => TestActor.Tell(message, sender);
    void IInternalActorRef.SendSystemMessage(SystemMessage message) => Inner.SendSystemMessage(message);
    void IInternalActorRef.Stop() => Inner.Stop();
    IInternalActorRef? IInternalActorRef.GetSingleChild(string name) => Inner.GetSingleChild(name);

    public bool Equals(IActorRef? other) => TestActor.Equals(other);
    public override bool Equals(object? obj) => TestActor.Equals(obj);
    public override int GetHashCode() => TestActor.GetHashCode();
    public override string ToString() => $"TestProbe({TestActor})";
}
