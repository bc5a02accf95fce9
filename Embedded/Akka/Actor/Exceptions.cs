namespace Akka.Actor;

/// <summary>Base of every exception of this library.</summary>
public abstract class AkkaException : Exception
{
    protected AkkaException(string? message, Exception? cause = null) : base(message, cause) { }
}

public class InvalidActorNameException(string message) : AkkaException(message);

public class IllegalActorStateException(string message) : AkkaException(message);

public class ActorKilledException(string message) : AkkaException(message);

/// <summary>The actor could not be constructed or started.</summary>
public class ActorInitializationException : AkkaException
{
    public ActorInitializationException(string message) : base(message) { }

    public ActorInitializationException(IActorRef? actor, string message, Exception? cause = null) : base(message, cause) => Actor = actor!;

    public IActorRef Actor { get; set; } = null!; // unknown to the shorter constructors

    public override string ToString() => Actor is null ? base.ToString() : $"{Actor}: {base.ToString()}";
}

/// <summary>PreRestart threw; the restart goes on.</summary>
public class PreRestartException(IActorRef actor, Exception restartException, Exception cause, object? optionalMessage)
    : ActorInitializationException(actor, $"PreRestart failed; the restart was caused by: {cause.Message}", restartException)
{
    public Exception RestartException { get; } = restartException;
    public object OptionalMessage { get; } = optionalMessage!; // null unless a message was being handled
}

/// <summary>The new instance or its PostRestart threw.</summary>
public class PostRestartException(IActorRef actor, Exception cause, Exception originalCause)
    : ActorInitializationException(actor, $"PostRestart failed; the restart was caused by: {originalCause.Message}", cause)
{
    public Exception OriginalCause { get; } = originalCause;
}

/// <summary>A <see cref="Terminated"/> message was not handled.</summary>
public class DeathPactException(IActorRef deadActor) : AkkaException($"{deadActor} has stopped, and its watcher did not handle that")
{
    public IActorRef DeadActor { get; } = deadActor;
}

public class ActorNotFoundException(string message, Exception? innerException = null) : AkkaException(message, innerException);

public class AskTimeoutException(string message) : AkkaException(message);

public class LoggerInitializationException(string message, Exception? cause = null) : AkkaException(message, cause);

public sealed class SchedulerException(string message) : AkkaException(message);
