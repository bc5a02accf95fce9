using Akka.Actor;

namespace Akka.Event;

/// <summary>Writes to standard output on the caller's thread, before the other loggers run or in their place.</summary>
public sealed class StandardOutLogger : MinimalActorRef
{
    public override ActorPath Path { get; } = new RootActorPath(new Address("akka", "all-systems")) / "StandardOutLogger";

    protected override void TellInternal(object message, IActorRef? sender) => Console.Out.WriteLine(message);
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
