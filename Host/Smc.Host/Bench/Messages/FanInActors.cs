using Akka.Actor;

namespace Smc.Host.Bench.Messages;

/// <summary>Sends all its messages to whoever asks.</summary>
internal sealed class SendingActor(Numbered[] messages, long count) : UntypedActor
{
    public static readonly object Begin = new();

    protected override void OnReceive(object message)
    {
        IActorRef receiver = Sender;
        for (long i = 0; i < count; i++) receiver.Tell(Numbered.At(messages, i), Self);
    }
}

/// <summary>Asks the senders to begin, and checks what comes.</summary>
internal sealed class ReceivingActor(IActorRef[] senders, Numbered[][] series, long count, TaskCompletionSource outcome) : UntypedActor
{
    private readonly Arrivals _arrivals = new(senders.Length, count);

    protected override void PreStart()
    {
        foreach (IActorRef sender in senders) sender.Tell(SendingActor.Begin, Self);
    }

    protected override void OnReceive(object message)
    {
        if (message is not Numbered numbered)
        {
            Unhandled(message);
            return;
        }
        _arrivals.Add(numbered, series);
        if (_arrivals.AreComplete) outcome.TrySetResult();
    }

    protected override void PreRestart(Exception reason, object message)
    {
        outcome.TrySetException(reason);
        base.PreRestart(reason, message);
    }
}
