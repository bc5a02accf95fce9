namespace Akka.Actor;

/// <summary>A behaviour; false means unhandled.</summary>
public delegate bool Receive(object message);

/// <summary>A behaviour that calls Unhandled itself.</summary>
public delegate void UntypedReceive(object message);

public interface IActorRefFactory
{
    IActorRef ActorOf(Props props, string? name = null);
    ActorSelection ActorSelection(ActorPath actorPath);
    ActorSelection ActorSelection(string actorPath);
}

public static class ActorRefFactoryExtensions
{
    public static IActorRef ActorOf<TActor>(this IActorRefFactory factory, string? name = null) where TActor : ActorBase, new() =>
        factory.ActorOf(Props.Create<TActor>(), name);

    public static ActorSelection ActorSelection(this IActorRefFactory factory, IActorRef anchorRef, string actorPath) =>
        ActorRefFactoryShared.ActorSelection(anchorRef, actorPath);
}

public interface ICanWatch
{
    /// <summary>Terminated comes once <paramref name="subject"/> has stopped, at once if it has already.</summary>
    IActorRef Watch(IActorRef subject);

    /// <summary>As <see cref="Watch"/>, with <paramref name="message"/> in the place of Terminated; the first of two watches counts.</summary>
    IActorRef WatchWith(IActorRef subject, object message);

    /// <summary>From here on no Terminated comes, not even one that is already queued.</summary>
    IActorRef Unwatch(IActorRef subject);
}

/// <summary>An actor's view of its cell; valid only while the actor handles a message or a hook.</summary>
public interface IActorContext : IActorRefFactory, ICanWatch
{
    IActorRef Self { get; }
    IActorRef Parent { get; }
    Props Props { get; }
    ActorSystem System { get; }

    /// <summary>The child of that name, or <see cref="Nobody"/>.</summary>
    IActorRef Child(string name);

    IEnumerable<IActorRef> GetChildren();
    void Become(Receive receive);
    void BecomeStacked(Receive receive);
    void UnbecomeStacked();
    void SetReceiveTimeout(TimeSpan? timeout);
    void Stop(IActorRef child);
}

public interface IUntypedActorContext : IActorContext
{
    void Become(UntypedReceive receive);
}
