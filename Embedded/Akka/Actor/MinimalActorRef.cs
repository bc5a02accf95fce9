using Akka.Actor.Internal;
using Akka.Dispatch.SysMsg;
using Akka.Event;

namespace Akka.Actor;

/// <summary>A reference without a mailbox or children.</summary>
public abstract class MinimalActorRef : ActorRefBase, IInternalActorRef
{
    private protected MinimalActorRef() { }

    private protected virtual ActorSystemImpl? System => null;

    ActorSystemImpl? IInternalActorRef.System => System;
    IInternalActorRef? IInternalActorRef.Parent => null;
    IEnumerable<IInternalActorRef> IInternalActorRef.Children => [];
    IInternalActorRef? IInternalActorRef.GetSingleChild(string name) => GetSingleChild(name);
    void IInternalActorRef.SendSystemMessage(SystemMessage message) => SendSystemMessage(message);
    void IInternalActorRef.Stop() => Stop();

    protected override void TellInternal(object message, IActorRef? sender) { }

    private protected virtual IInternalActorRef? GetSingleChild(string name) => null;
    private protected virtual void SendSystemMessage(SystemMessage message) { }
    private protected virtual void Stop() { }
}

/// <summary>The reference that stands for no actor; what is sent to it is lost.</summary>
public sealed class Nobody : MinimalActorRef
{
    public static readonly Nobody Instance = new();

    private Nobody() { }

    public override ActorPath Path { get; } = new RootActorPath(new Address("akka", "all-systems")) / "Nobody";
}

/// <summary>A place in the tree where no actor lives: messages become dead letters, watchers hear of its end at once.</summary>
internal class EmptyLocalActorRef(ActorSystemImpl system, ActorPath path) : MinimalActorRef
{
    public override ActorPath Path { get; } = path;
    private protected override ActorSystemImpl System { get; } = system;

    protected override void TellInternal(object message, IActorRef? sender)
    {
        var letter = message as DeadLetter ?? new DeadLetter(message, sender ?? System.DeadLetters, this);
        if (AnswerFor(letter))
        {
            return;
        }
        if (letter.Message is IDeadLetterSuppression suppressed)
        {
            System.EventStream.Publish(new SuppressedDeadLetter(suppressed, letter.Sender, letter.Recipient));
        }
        else
        {
            System.EventStream.Publish(letter);
        }
    }

    private protected override void SendSystemMessage(SystemMessage message)
    {
        if (message is Watch watch && watch.Watchee.Equals(this) && !watch.Watcher.Equals(this))
        {
            watch.Watcher.SendSystemMessage(new DeathWatchNotification(this, existenceConfirmed: false));
        }
    }

    private static bool AnswerFor(DeadLetter letter)
    {
        if (letter.Message is not Identify identify)
        {
            return false;
        }
        letter.Sender.Tell(new ActorIdentity(identify.MessageId, null), ActorRefs.NoSender);
        return true;
    }
}

/// <summary>Publishes what it receives as <see cref="DeadLetter"/> on the event stream.</summary>
internal sealed class DeadLetterActorRef(ActorSystemImpl system, ActorPath path) : EmptyLocalActorRef(system, path);
