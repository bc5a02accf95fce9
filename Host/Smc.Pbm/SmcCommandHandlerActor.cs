using Akka.Actor;
using Petabridge.Cmd;
using Petabridge.Cmd.Host;
using Smc.Actors.Inspection.Palette;

namespace Smc.Pbm;

/// <summary>
/// One client's commands: each becomes a question to the inspector.
/// <code>
/// failure of              who restarts it           what its client sees
/// SmcCommandHandlerActor  the command host          the command that it failed at, and those under way, end with an error; the next is answered
/// InquiryActor            nobody: it stops          its command ends with an error; others go on
/// </code>
/// </summary>
internal sealed class SmcCommandHandlerActor : CommandHandlerActor
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private readonly IActorRef _inspector;
    private readonly TimeSpan _patience;

    public SmcCommandHandlerActor(CommandPalette palette, IActorRef inspector)
        : this(palette, inspector, Patience)
    {
    }

    /// <param name="palette">The commands.</param>
    /// <param name="inspector">Who answers.</param>
    /// <param name="patience">How long it may say nothing.</param>
    public SmcCommandHandlerActor(CommandPalette palette, IActorRef inspector, TimeSpan patience)
        : base(palette)
    {
        _inspector = inspector;
        _patience = patience;
        foreach (InspectionCommand command in SmcPalette.Commands) Process(command.Name, Ask);
    }

    /// <inheritdoc />
    protected override void PreRestart(Exception reason, object message)
    {
        if (message is Command) Sender.Tell(new ErroredCommandResponse($"The command failed: {reason.Message}"));
        base.PreRestart(reason, message);
    }

    /// <inheritdoc />
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Stop);

    private void Ask(Command command)
    {
        string[] words = [command.Name, .. command.Arguments.SelectMany(argument => new[] { argument.Item1, argument.Item2 }).Where(word => !string.IsNullOrEmpty(word))];
        if (!SmcPalette.TryParse(words, out SmcRequest? request, out string error))
        {
            Sender.Tell(new ErroredCommandResponse(error));
            return;
        }

        IActorRef client = Sender;
        Context.ActorOf(Props.Create(() => new InquiryActor(request, _inspector, client, _patience)));
    }
}
