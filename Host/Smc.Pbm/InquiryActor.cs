using Akka.Actor;
using Petabridge.Cmd;
using Smc.Actors.Inspection;
using Smc.Actors.Inspection.Palette;
using Smc.Actors.Inspection.Reports;
using Smc.Actors.Protocol;

namespace Smc.Pbm;

/// <summary>One question, from the command to its last answer. However it ends, the client gets a final response. The API of Petabridge.Cmd does not say
/// when a client has read one: of answers that go on, each counts as taken after a while, so that no more than some hundred a second come.</summary>
internal sealed class InquiryActor : ReceiveActor
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(200);

    private readonly SmcRequest _request;
    private readonly IActorRef _inspector;
    private readonly IActorRef _client;
    private readonly TimeSpan _patience;
    private bool _isOver;

    /// <param name="request">What is asked.</param>
    /// <param name="inspector">Who answers.</param>
    /// <param name="client">Who gets the responses.</param>
    /// <param name="patience">How long the inspector may say nothing.</param>
    public InquiryActor(SmcRequest request, IActorRef inspector, IActorRef client, TimeSpan patience)
    {
        _request = request;
        _inspector = inspector;
        _client = client;
        _patience = patience;
        Receive<InspectionProtocol.Answer>(OnAnswer);
        Receive<Terminated>(_ => End(new ErroredCommandResponse("The inspector has ended.")));
        Receive<ReceiveTimeout>(_ => End(new ErroredCommandResponse($"The inspector has not answered for {patience.TotalSeconds} s.")));
    }

    /// <inheritdoc />
    protected override void PreStart()
    {
        Context.Watch(_inspector);

        // One that goes on may say nothing for long, and says so itself when it fails.
        if (!_request.Command.IsLive) Context.SetReceiveTimeout(_patience + _request.Command.Takes(_request.Arguments));
        _inspector.Tell(new InspectionProtocol.Inquire(_request) { Viewer = InspectionViewer.Session("pbm", _client.Path.ToStringWithAddress()) });
    }

    /// <inheritdoc />
    protected override void PostStop()
    {
        if (!_isOver) _client.Tell(new ErroredCommandResponse("The question could not be answered."));
    }

    private void OnAnswer(InspectionProtocol.Answer answer)
    {
        string text = _request.Render(answer.Report, TextTable.MaxWidth).TrimEnd('\n');
        CommandResponse response = answer.Report.IsError ? new ErroredCommandResponse(text, answer.IsFinal) : new CommandResponse(text, answer.IsFinal);
        if (answer.IsFinal)
        {
            End(response);
            return;
        }

        if (text.Length > 0) _client.Tell(response);
        Context.System.Scheduler.ScheduleTellOnce(Pace, Sender, InspectionProtocol.Taken.Instance, Self);
    }

    private void End(CommandResponse response)
    {
        _isOver = true;
        _client.Tell(response);
        Context.Stop(Self);
    }
}
