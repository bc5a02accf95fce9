using Akka.Actor;

namespace Smc.Host.Bench.Messages;

/// <summary>Sends one message at a time to a partner and waits for it to come back.</summary>
internal sealed class ServingActor(IActorRef partner, long count, TaskCompletionSource outcome) : UntypedActor
{
    private readonly Numbered[][] _series = [Numbered.Series(0)];
    private readonly Arrivals _arrivals = new(1, count);
    private long _sent;

    protected override void PreStart() => Serve();

    protected override void OnReceive(object message)
    {
        if (message is not Numbered returned)
        {
            Unhandled(message);
            return;
        }
        _arrivals.Add(returned, _series);
        if (_arrivals.AreComplete) outcome.TrySetResult();
        else Serve();
    }

    protected override void PreRestart(Exception reason, object message)
    {
        outcome.TrySetException(reason);
        base.PreRestart(reason, message);
    }

    private void Serve() => partner.Tell(Numbered.At(_series[0], _sent++), Self);
}

internal sealed class ReturningActor : UntypedActor
{
    protected override void OnReceive(object message) => Sender.Tell(message, Self);
}
