using Akka.Actor;
using Akka.Event;
using Petabridge.Cmd;
using Petabridge.Cmd.Host;
using Smc.Actors.Inspection.Palette;
using Smc.Actors.Settings;

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

    /// <summary>Warns where whoever reaches the port may change something: a command host asks nobody who he is.</summary>
    public override void OnRegister(PetabridgeCmd plugin)
    {
        if (plugin.Sys.Settings.Config.GetBoolean(InspectionSettings.AllowMutationsKey, false))
        {
            plugin.Sys.Log.Warning(
                "The palette {0} is open to every user of this host, or to whoever reaches the port of the command host, and {1} is on: they may change what this process does.",
                SmcPalette.Name,
                InspectionSettings.AllowMutationsKey);
        }
    }

    private static CommandDefinition Define(InspectionCommand command)
    {
        CommandDefinitionBuilder builder = new CommandDefinitionBuilder().WithName(command.Name).WithDescription(command.Description);
        foreach (SmcArgument argument in command.Arguments)
            builder.WithArgument(b => b.WithName(argument.Name).WithDescription(argument.Description).WithSwitch(argument.Switch).IsMandatory(argument.IsMandatory));
        return builder.Build();
    }
}
