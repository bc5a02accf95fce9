using Akka.Actor;
using Petabridge.Cmd;
using Petabridge.Cmd.Host;
using Smc.Actors.Inspection.Palette;
using Smc.Actors.Inspection.Reports;
using Smc.Actors.Protocol;

namespace Smc.Pbm;

/// <summary>One client's commands: each becomes a question to the inspector.</summary>
internal sealed class SmcCommandHandlerActor : CommandHandlerActor
{
    private readonly IActorRef _inspector;

    public SmcCommandHandlerActor(CommandPalette palette, IActorRef inspector)
        : base(palette)
    {
        _inspector = inspector;
        foreach (InspectionCommand command in SmcPalette.Commands) Process(command.Name, Ask);
    }

    private void Ask(Command command)
    {
        string[] words = [command.Name, .. command.Arguments.SelectMany(argument => new[] { argument.Item1, argument.Item2 }).Where(word => !string.IsNullOrEmpty(word))];
        if (!SmcPalette.TryParse(words, out SmcRequest? request, out string error))
        {
            Sender.Tell(new ErroredCommandResponse(error));
            return;
        }

        IActorRef client = Sender;
        Context.ActorOf(Props.Create(() => new InquiryActor(request, _inspector, client)));
    }
}

/// <summary>One question, from the command to its last answer.</summary>
internal sealed class InquiryActor : ReceiveActor
{
    public InquiryActor(SmcRequest request, IActorRef inspector, IActorRef client)
    {
        Receive<InspectionProtocol.Answer>(answer =>
        {
            string text = request.Render(answer.Report, TextTable.MaxWidth).TrimEnd('\n');
            client.Tell(answer.Report.IsError ? new ErroredCommandResponse(text, answer.IsFinal) : new CommandResponse(text, answer.IsFinal));
            if (answer.IsFinal) Context.Stop(Self);
        });
        inspector.Tell(new InspectionProtocol.Inquire(request));
    }
}
