using Akka.Actor;
using Smc.Actors.Inspection.Palette;
using Smc.Actors.Inspection.Reports;
using static Smc.Actors.Protocol.InspectionProtocol;

namespace Smc.Actors.Inspection;

/// <summary>
/// Answers every window. It stands on the default dispatcher, so that looking never delays a handshake, and takes at most four snapshots a
/// second, however many ask: who asks within <see cref="MaxAge"/> of another gets the same moment.
/// </summary>
internal sealed class SmcInspectorActor : ReceiveActor
{
    /// <summary>How old a snapshot may be.</summary>
    public static readonly TimeSpan MaxAge = TimeSpan.FromMilliseconds(250);

    private readonly Func<RuntimeSnapshot> _take;
    private RuntimeSnapshot? _snapshot;
    private TimeSpan _taken;

    public SmcInspectorActor(Func<RuntimeSnapshot> take)
    {
        _take = take;
        Receive<Inquire>(inquiry => Sender.Tell(new Answer(Answer(inquiry.Request), IsFinal: true)));
    }

    /// <summary>Whoever asked what the inspector has failed at is answered.</summary>
    protected override void PreRestart(Exception reason, object message)
    {
        if (message is Inquire) Sender.Tell(new Answer(new ErrorReport($"The inspector failed: {reason.Message}"), IsFinal: true));
        base.PreRestart(reason, message);
    }

    private SmcReport Answer(SmcRequest request) => request.Command switch
    {
        SnapshotCommand command => command.Answer(request.Arguments, Snapshot()),
        _ => throw new InvalidOperationException($"{request.Command.Name} is answered by nobody."),
    };

    private RuntimeSnapshot Snapshot()
    {
        TimeSpan now = Context.System.Scheduler.MonotonicClock;
        if (_snapshot is { } recent && now - _taken < MaxAge) return recent;
        _taken = now;
        return _snapshot = _take();
    }
}
