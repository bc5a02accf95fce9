using Akka.Actor;
using Smc.Actors.Inspection.Palette;
using Smc.Actors.Inspection.Reports;
using static Smc.Actors.Protocol.InspectionProtocol;
using static Smc.Actors.Protocol.MutationProtocol;

namespace Smc.Actors.Inspection;

/// <summary>One change that an operator wants, from the request to its outcome. It answers exactly once, whatever fails.</summary>
internal sealed class MutationActor : ReceiveActor, IWithTimers
{
    /// <summary>How long whose the thing is may take.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly SmcRequest _request;
    private readonly MutationTargets _targets;
    private readonly IActorRef _asker;
    private SmcReport _answer = new ErrorReport("It is not known whether that was done: whose it is has not answered.");

    /// <param name="request">A mutation.</param>
    /// <param name="targets">Whose the things are.</param>
    /// <param name="asker">Who gets the answer.</param>
    public MutationActor(SmcRequest request, MutationTargets targets, IActorRef asker)
    {
        _request = request;
        _targets = targets;
        _asker = asker;
        Receive<Outcome>(outcome =>
        {
            _answer = ReportOf(_request.Command, outcome);
            Context.Stop(Self);
        });
        Receive<PatienceOver>(_ => Context.Stop(Self));
    }

    /// <inheritdoc />
    public ITimerScheduler Timers { get; set; } = null!;

    /// <summary>The outcome for operators.</summary>
    public static SmcReport ReportOf(InspectionCommand command, Outcome outcome) => outcome.IsDone
        ? new PageReport(command.Name, [PageLine.OfJson("done", true), new PageLine(string.Empty, outcome.Sentence, "outcome", outcome.Sentence)])
        : new ErrorReport(outcome.Sentence);

    /// <inheritdoc />
    protected override void PreStart()
    {
        Timers.StartSingleTimer(PatienceOver.Instance, PatienceOver.Instance, Patience);
        ((MutationCommand)_request.Command).Begin(_request.Arguments, _targets, Self);
    }

    /// <inheritdoc />
    protected override void PostStop() => _asker.Tell(new Answer(_answer, IsFinal: true));

    private sealed record PatienceOver : INoSerializationVerificationNeeded
    {
        public static readonly PatienceOver Instance = new();
    }
}
