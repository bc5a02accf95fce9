using Akka.Actor;

namespace Akka.Event;

/// <summary>A logger without an actor; it writes on the caller's thread.</summary>
public abstract class MinimalLogger : MinimalActorRef
{
    public override ActorPath Path { get; } = new RootActorPath(new Address("akka", "all-systems")) / "StandardOutLogger";

    protected sealed override void TellInternal(object message, IActorRef? sender) => Log(message);

    protected abstract void Log(object message);
}

/// <summary>Writes to standard output, before the other loggers run or in their place.</summary>
public class StandardOutLogger : MinimalLogger
{
    protected override void Log(object message) => Console.Out.WriteLine(message);
}

/// <summary>The logger actor that writes to standard output.</summary>
public class DefaultLogger : ActorBase
{
    protected override bool Receive(object message)
    {
        switch (message)
        {
            case InitializeLogger:
                Sender.Tell(new LoggerInitialized());
                return true;
            case LogEvent logEvent:
                Print(logEvent);
                return true;
            default:
                return false;
        }
    }

    protected virtual void Print(LogEvent logEvent) => Console.Out.WriteLine(logEvent);
}
