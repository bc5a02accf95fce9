using Akka.Actor.Internal;
using Akka.Dispatch.SysMsg;

namespace Akka.Actor;

/// <summary>Anything a message can be sent to.</summary>
public interface ICanTell
{
    /// <summary>Sends <paramref name="message"/> and returns at once; <paramref name="sender"/> may be null.</summary>
    void Tell(object message, IActorRef? sender);
}

/// <summary>A handle to an actor. Two are equal if they name the same incarnation at the same path.</summary>
public interface IActorRef : ICanTell, IEquatable<IActorRef>
{
    ActorPath Path { get; }
}

/// <summary>What the runtime may do with a reference, and users may not.</summary>
internal interface IInternalActorRef : IActorRef
{
    ActorSystemImpl? System { get; }
    IInternalActorRef? Parent { get; }
    IEnumerable<IInternalActorRef> Children { get; }
    IInternalActorRef? GetSingleChild(string name);
    void SendSystemMessage(SystemMessage message);
    void Stop();
}

public abstract class ActorRefBase : IActorRef
{
    public abstract ActorPath Path { get; }

    public void Tell(object message, IActorRef? sender)
    {
        ArgumentNullException.ThrowIfNull(message);
        TellInternal(message, sender);
    }

    protected abstract void TellInternal(object message, IActorRef? sender);

    public bool Equals(IActorRef? other) =>
        ReferenceEquals(this, other) || (other is not null && Path.Uid == other.Path.Uid && Path.Equals(other.Path));

    public override bool Equals(object? obj) => Equals(obj as IActorRef);
    public override int GetHashCode() => Path.GetHashCode() ^ Path.Uid.GetHashCode();
    public override string ToString() => $"[{Path.ToStringWithUid()}]";
}

public static class ActorRefs
{
    public static readonly IActorRef NoSender = null!; // null is what Akka means by no sender
    public static readonly Nobody Nobody = Nobody.Instance;
}

public static class ActorRefExtensions
{
    public static bool IsNobody(this IActorRef? actorRef) => actorRef is null or Nobody;
}

public static class ActorRefImplicitSenderExtensions
{
    /// <summary>Sends with the actor that is running on this thread, if any, as sender.</summary>
    public static void Tell(this IActorRef receiver, object message) => receiver.Tell(message, ActorCell.Current?.Self);

    /// <summary>Passes a message on with its original sender.</summary>
    public static void Forward(this IActorRef receiver, object message) => receiver.Tell(message, ActorCell.Current?.Sender);
}
