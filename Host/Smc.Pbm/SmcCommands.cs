using Akka.Actor;
using Petabridge.Cmd;
using Petabridge.Cmd.Host;
using Smc.Actors.Inspection.Palette;

namespace Smc.Pbm;

/// <summary>
/// The palette <c>smc</c> for pbm: <c>PetabridgeCmd.Get(system).RegisterCommandPalette(new SmcCommands(runtime.Inspector))</c>. Commands,
/// arguments and answers are those of <see cref="SmcPalette"/>; this only carries them.
/// </summary>
/// <param name="inspector">Of the runtime to look into.</param>
public sealed class SmcCommands(IActorRef inspector) : CommandPaletteHandler(Palette)
{
    private static readonly new CommandPalette Palette = new(SmcPalette.Name, SmcPalette.Commands.Select(Define));

    /// <inheritdoc />
    public override Props HandlerProps => Props.Create(() => new SmcCommandHandlerActor(Palette, inspector));

    private static CommandDefinition Define(InspectionCommand command)
    {
        CommandDefinitionBuilder builder = new CommandDefinitionBuilder().WithName(command.Name).WithDescription(command.Description);
        foreach (SmcArgument argument in command.Arguments)
            builder.WithArgument(b => b.WithName(argument.Name).WithDescription(argument.Description).WithSwitch(argument.Switch).IsMandatory(argument.IsMandatory));
        return builder.Build();
    }
}
