using Akka.Event;

namespace Akka.Actor;

/// <summary>Handled by the actor's cell, not by its behaviour.</summary>
public interface IAutoReceivedMessage;

/// <summary>Could stop or mislead an actor if it came from outside.</summary>
public interface IPossiblyHarmful;

/// <summary>Never leaves the process.</summary>
public interface INoSerializationVerificationNeeded;

/// <summary>Does not restart the receive time-out.</summary>
public interface INotInfluenceReceiveTimeout;

/// <summary>Stops its receiver once the messages queued before it are handled.</summary>
public sealed class PoisonPill : IAutoReceivedMessage, IPossiblyHarmful, IDeadLetterSuppression
{
    private PoisonPill() { }

    public static PoisonPill Instance { get; } = new();

    public override string ToString() => "<PoisonPill>";
}

/// <summary>Makes its receiver fail with <see cref="ActorKilledException"/>.</summary>
public sealed class Kill : IAutoReceivedMessage
{
    private Kill() { }

    public static Kill Instance { get; } = new();

    public override string ToString() => "<Kill>";
}

/// <summary>A watched actor has stopped. Unhandled, it fails the watcher with <see cref="DeathPactException"/>.</summary>
public sealed class Terminated(IActorRef actorRef, bool existenceConfirmed, bool addressTerminated)
    : IAutoReceivedMessage, IPossiblyHarmful, IDeadLetterSuppression, INoSerializationVerificationNeeded, IEquatable<Terminated>
{
    public IActorRef ActorRef { get; } = actorRef;
    public bool ExistenceConfirmed { get; } = existenceConfirmed;
    public bool AddressTerminated { get; } = addressTerminated;

    public bool Equals(Terminated? other) =>
        other is not null && ActorRef.Equals(other.ActorRef)
        && ExistenceConfirmed == other.ExistenceConfirmed && AddressTerminated == other.AddressTerminated;

    public override bool Equals(object? obj) => Equals(obj as Terminated);
    public override int GetHashCode() => HashCode.Combine(ActorRef, ExistenceConfirmed, AddressTerminated);
    public override string ToString() => $"<Terminated>: {ActorRef} - ExistenceConfirmed={ExistenceConfirmed}";
}

/// <summary>Asks an actor who it is; the answer is an <see cref="ActorIdentity"/>.</summary>
public sealed class Identify(object? messageId) : IAutoReceivedMessage, INotInfluenceReceiveTimeout
{
    public object MessageId { get; } = messageId!; // null is a legal correlation id

    public override string ToString() => $"<Identify>: {MessageId}";
}

/// <summary>Answers <see cref="Identify"/>; the subject is null where there is no such actor.</summary>
public sealed class ActorIdentity(object? messageId, IActorRef? subject)
{
    public object MessageId { get; } = messageId!; // as given in Identify
    public IActorRef Subject { get; } = subject!; // null where nobody lives

    public override string ToString() => $"<ActorIdentity>: {Subject} - MessageId={MessageId}";
}

/// <summary>No message came for the time given to <see cref="IActorContext.SetReceiveTimeout"/>.</summary>
public class ReceiveTimeout : IPossiblyHarmful
{
    private ReceiveTimeout() { }

    public static ReceiveTimeout Instance { get; } = new();
}

/// <summary>Outcome of an operation, for requests answered by Ask or PipeTo.</summary>
public abstract class Status
{
    public sealed class Success(object? status) : Status
    {
        public static readonly Success Instance = new(null);

        public readonly object Status = status!; // the instance without a value carries null

        public override string ToString() => $"Success: {Status}";
    }

    public sealed class Failure(Exception? cause, object? state) : Status
    {
        public readonly Exception Cause = cause!; // null means cancelled
        public readonly object State = state!; // optional

        public Failure(Exception? cause) : this(cause, null) { }

        public override string ToString() => $"Failure: {Cause}";
    }
}
