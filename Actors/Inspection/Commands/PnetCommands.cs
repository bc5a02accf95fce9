using Akka.Actor;
using Smc.Actors.Inspection.Palette;
using Smc.Actors.Inspection.Reports;
using static Smc.Actors.Inspection.Commands.CommonArguments;
using static Smc.Actors.Protocol.MutationProtocol;

namespace Smc.Actors.Inspection.Commands;

/// <summary>What the commands of the PNETID table have in common, after <c>smc_pnet</c>.</summary>
internal static class Pnet
{
    public const string Subject = "PNETIDs";

    public static readonly SmcArgument Id = new("pnetid", "-P", "The PNETID.", ArgumentKind.Formed)
    {
        Form = "1 to 16 characters A-Z 0-9",
        IsOfForm = static word => word.Length is >= 1 and <= 16 && word.All(letter => char.IsAsciiLetterUpper(letter) || char.IsAsciiDigit(letter)),
    };

    public static readonly SmcArgument Interface = new("interface", "-I", "A network interface.");
    public static readonly SmcArgument Device = new("ibdev", "-D", "An RDMA device.");
}

/// <summary><c>smc pnet-show</c>.</summary>
internal sealed class PnetShowCommand() : SnapshotCommand("pnet-show", "Lists which devices have which PNETID.", Pnet.Id, Pnet.Interface, Pnet.Device)
{
    private static readonly Column<string>[] Columns =
    [
        Column.Of<string>("PNET-ID", "pnetId", id => id),
        Column.Of<string>("Net-Dev", "netDevice", _ => string.Empty),
        Column.Of<string>("IB-Dev", "ibDevice", _ => string.Empty),
        Column.Of<string>("IB-P", "ibPort", _ => string.Empty),
    ];

    /// <inheritdoc />
    public override SmcReport Answer(SmcArguments arguments, RuntimeSnapshot snapshot) =>
        new TableReport<string>(Name, Columns, [], "Count: 0 PNETIDs") { Notes = [ComesWithSmcR(Pnet.Subject), "loopback-ism needs none: it reaches whoever shares its rendezvous folder."] };
}

/// <summary>A command that will change the table.</summary>
internal sealed class PnetMutationCommand(string name, string description, params IReadOnlyList<SmcArgument> arguments) : MutationCommand(name, description, arguments)
{
    /// <inheritdoc />
    internal override void Begin(SmcArguments arguments, MutationTargets targets, IActorRef replyTo) => replyTo.Tell(new Outcome(IsDone: false, ComesWithSmcR(Pnet.Subject)));
}
