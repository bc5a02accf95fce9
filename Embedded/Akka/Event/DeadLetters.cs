using Akka.Actor;

namespace Akka.Event;

/// <summary>Marks messages whose loss is normal: they become <see cref="SuppressedDeadLetter"/>s, which nobody logs.</summary>
public interface IDeadLetterSuppression;

/// <summary>A message that reached nobody, or that nobody handled; published on the event stream.</summary>
public abstract class AllDeadLetters(object message, IActorRef? sender, IActorRef recipient)
{
    public object Message { get; } = message;
    public IActorRef Sender { get; } = sender!; // null without a sender
    public IActorRef Recipient { get; } = recipient;

    public override string ToString() => $"{GetType().Name} from {Sender} to {Recipient}: <{Message}>";
}

public sealed class DeadLetter(object message, IActorRef? sender, IActorRef recipient) : AllDeadLetters(message, sender, recipient);

public sealed class SuppressedDeadLetter(IDeadLetterSuppression message, IActorRef? sender, IActorRef recipient)
    : AllDeadLetters(message, sender, recipient);

public sealed class UnhandledMessage(object message, IActorRef? sender, IActorRef recipient) : AllDeadLetters(message, sender, recipient);

/// <summary>Logs the first dead letters, and at debug level the unhandled messages if asked to.</summary>
internal sealed class DeadLetterListener : ActorBase
{
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private int _count;

    protected override void PreStart()
    {
        Context.System.EventStream.Subscribe(Self, typeof(DeadLetter));
        if (Context.System.Settings.DebugUnhandledMessage)
        {
            Context.System.EventStream.Subscribe(Self, typeof(UnhandledMessage));
        }
    }

    protected override bool Receive(object message)
    {
        switch (message)
        {
            case DeadLetter { Message: LogEvent }:
                return true; // its logger has stopped; logging that would never end
            case DeadLetter letter:
                Log(letter);
                return true;
            case UnhandledMessage unhandled:
                _log.Debug("Unhandled message from {0} to {1}: {2}", unhandled.Sender, unhandled.Recipient, unhandled.Message);
                return true;
            default:
                return false;
        }
    }

    private void Log(DeadLetter letter)
    {
        var settings = Context.System.Settings;
        if (++_count > settings.LogDeadLetters || (!settings.LogDeadLettersDuringShutdown && ((Actor.Internal.ActorSystemImpl)Context.System).IsTerminating))
        {
            return;
        }
        string last = _count == settings.LogDeadLetters ? " (the last one logged: akka.log-dead-letters)" : "";
        _log.Info("Dead letter {0}{1}: {2} from {3} to {4}", _count, last, letter.Message.GetType().Name, letter.Sender, letter.Recipient);
    }
}
