using Akka.Actor;
using Smc.Actors.Inspection.Commands;
using Smc.Actors.Inspection.Palette;
using Smc.Actors.Inspection.Reports;
using static Smc.Actors.Protocol.InspectionProtocol;

namespace Smc.Actors.Inspection;

/// <summary>
/// Answers every window, <c>/user/smc-inspector</c>: beside the runtime's tree, so that neither's failure is the other's, and on the default
/// dispatcher, so that looking never delays a handshake. It takes at most four snapshots a second, however many ask: who asks within
/// <see cref="MaxAge"/> of another gets the same moment.
/// </summary>
internal sealed class SmcInspectorActor : ReceiveActor
{
    /// <summary>How old a snapshot may be.</summary>
    public static readonly TimeSpan MaxAge = TimeSpan.FromMilliseconds(250);

    private const string LookersDispatcher = "akka.actor.default-dispatcher";

    private readonly Func<RuntimeSnapshot> _take;
    private readonly TimeProvider _time;
    private readonly PropsFactory _props;
    private readonly UnbegunChildren _unbegun = new(begun: Directive.Stop);
    private RuntimeSnapshot? _snapshot;
    private long _taken;

    /// <param name="take">Takes a snapshot.</param>
    /// <param name="time">Whose timestamps tell its age.</param>
    /// <param name="props">What actors are made of.</param>
    public SmcInspectorActor(Func<RuntimeSnapshot> take, TimeProvider time, PropsFactory props)
    {
        _take = take;
        _time = time;
        _props = props;
        Receive<Inquire>(inquiry =>
        {
            if (inquiry.Request.Command is TailCommand) Tail(inquiry.Request.Arguments);
            else Sender.Tell(new Answer(Answer(inquiry.Request), IsFinal: true));
        });
        Receive<TailOver>(over =>
        {
            if (_unbegun.Remove(over.Tail)) over.Window.Tell(new Answer(new ErrorReport("The inspector failed: nothing is watched."), IsFinal: true));
        });
    }

    /// <summary>The same, where looking disturbs nobody.</summary>
    public static Props OnLookersDispatcher(Props props) => props.WithDispatcher(LookersDispatcher);

    /// <summary>Whoever asked what the inspector has failed at is answered.</summary>
    protected override void PreRestart(Exception reason, object message)
    {
        if (message is Inquire) Sender.Tell(new Answer(new ErrorReport($"The inspector failed: {reason.Message}"), IsFinal: true));
        base.PreRestart(reason, message);
    }

    /// <inheritdoc />
    protected override SupervisorStrategy SupervisorStrategy() => _unbegun.Strategy;

    private void Tail(SmcArguments arguments)
    {
        IActorRef tail = Context.ActorOf(OnLookersDispatcher(_props(typeof(TailActor), arguments, Sender)));
        Context.WatchWith(tail, new TailOver(tail, Sender));
    }

    private SmcReport Answer(SmcRequest request) => request.Command switch
    {
        SnapshotCommand command => command.Answer(request.Arguments, Snapshot()),
        _ => throw new InvalidOperationException($"{request.Command.Name} is answered by nobody."),
    };

    private RuntimeSnapshot Snapshot()
    {
        if (_snapshot is { } recent && _time.GetElapsedTime(_taken) < MaxAge) return recent;
        _taken = _time.GetTimestamp();
        return _snapshot = _take();
    }

    private sealed record TailOver(IActorRef Tail, IActorRef Window);
}
