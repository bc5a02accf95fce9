using Akka.Actor;

namespace Embedded.Tests.Actor;

/// <summary>Sends everything back; exceptions it throws.</summary>
internal sealed class Echo : UntypedActor
{
    protected override void OnReceive(object message)
    {
        if (message is Exception exception)
        {
            throw exception;
        }
        Sender.Tell(message);
    }
}

/// <summary>Tells a probe of its life cycle, and counts.</summary>
internal sealed class Counter(IActorRef probe) : ReceiveActor
{
    private int _count;

    public Counter(IActorRef probe, string failure) : this(probe) => throw new InvalidOperationException(failure);

    protected override void PreStart()
    {
        Receive();
        probe.Tell($"start {Self.Path.Name}");
    }

    protected override void PostStop() => probe.Tell($"stop {Self.Path.Name}");

    protected override void PreRestart(Exception reason, object message)
    {
        probe.Tell($"restart {Self.Path.Name} {reason.Message} {message ?? "nothing"}");
        base.PreRestart(reason, message!);
    }

    private void Receive() => Become(() =>
    {
        Receive<Exception>(exception => throw exception);
        Receive<string>(_ => Sender.Tell(++_count));
    });
}
