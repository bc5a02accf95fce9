using Akka.Actor;
using Smc.Actors.Inspection.Palette;
using Smc.Actors.Inspection.Reports;
using Smc.Transport.Wire.Clc;
using static Smc.Actors.Protocol.MutationProtocol;

namespace Smc.Actors.Inspection.Commands;

/// <summary><c>smc ueid-show</c>, after <c>smcd ueid show</c>: one a line, in the order of preference.</summary>
internal sealed class UeidShowCommand() : SnapshotCommand("ueid-show", "Lists the user EIDs: two ends need one in common.")
{
    private static readonly Column<string>[] Columns = [Column.Of<string>("UEID", "ueid", ueid => ueid)];

    /// <inheritdoc />
    public override SmcReport Answer(SmcArguments arguments, RuntimeSnapshot snapshot)
    {
        IReadOnlyList<string> ueids = snapshot.Runtime.Ueids;
        return new TableReport<string>(Name, Columns, ueids, $"Count: {ReportText.Counted(ueids.Count, "UEID")} (of {Ueid.MaxCount})")
        {
            Notes = ueids.Count == 0 ? ["Without one all connections are plain TCP: smc ueid-add -e UEID, or smc.handshake.ueids."] : [],
        };
    }
}

/// <summary>A command that changes the user EIDs.</summary>
internal abstract class UeidMutationCommand(string name, string description, params IReadOnlyList<SmcArgument> arguments) : MutationCommand(name, description, arguments)
{
    /// <summary>The one that is meant.</summary>
    protected static readonly SmcArgument One = new("ueid", "-e", "The user EID.", ArgumentKind.Formed)
    {
        IsMandatory = true,
        Form = "1 to 32 characters A-Z 0-9 . -, the first a letter or digit, without '..'",
        IsOfForm = static word => Ueid.TryParse(word, out _),
    };

    /// <inheritdoc />
    internal override void Begin(SmcArguments arguments, MutationTargets targets, IActorRef replyTo) => targets.Pnet.Tell(MessageOf(arguments), replyTo);

    /// <summary>What the table's actor is told.</summary>
    protected abstract IUeidMutation MessageOf(SmcArguments arguments);

    /// <summary>The one that was given.</summary>
    protected static Ueid Given(SmcArguments arguments) => Ueid.TryParse(arguments.Text(One), out Ueid ueid) ? ueid : default;
}

/// <summary><c>smc ueid-add</c>.</summary>
internal sealed class UeidAddCommand() : UeidMutationCommand("ueid-add", "Adds a user EID behind the others.", One)
{
    /// <inheritdoc />
    protected override IUeidMutation MessageOf(SmcArguments arguments) => new AddUeid(Given(arguments));
}

/// <summary><c>smc ueid-del</c>.</summary>
internal sealed class UeidDeleteCommand() : UeidMutationCommand("ueid-del", "Takes a user EID out.", One)
{
    /// <inheritdoc />
    protected override IUeidMutation MessageOf(SmcArguments arguments) => new DeleteUeid(Given(arguments));
}

/// <summary><c>smc ueid-flush</c>.</summary>
internal sealed class UeidFlushCommand() : UeidMutationCommand("ueid-flush", "Takes all user EIDs out: new connections are plain TCP.")
{
    /// <inheritdoc />
    protected override IUeidMutation MessageOf(SmcArguments arguments) => FlushUeids.Instance;
}
