using Smc.Actors.Inspection.Palette;
using Smc.Actors.Inspection.Reports;
using Smc.Actors.Protocol;
using static Smc.Actors.Inspection.Commands.CommonArguments;

namespace Smc.Actors.Inspection.Commands;

/// <summary><c>smc links</c>, after <c>smcr linkgroup link-show</c>.</summary>
internal sealed class LinksCommand() : SnapshotCommand("links", "Lists the links of the link groups.", Group, NetDevice, Device)
{
    private static readonly Column<LinkGroupReport>[] Columns =
    [
        Column.Of<LinkGroupReport>("LG-ID", "id", group => group.Id),
        Column.Role<LinkGroupReport>("LG-Role", "role", group => group.IsServer ? ConnectionRole.Server : ConnectionRole.Client),
        Column.Of<LinkGroupReport>("LG-Type", "type", _ => string.Empty),
        Column.Of<LinkGroupReport>("Net-Dev", "netDevice", _ => string.Empty),
        Column.Of<LinkGroupReport>("Link-State", "state", _ => string.Empty),
        Column.Count<LinkGroupReport>("#Conns", "connections", group => group.Connections),
    ];

    /// <inheritdoc />
    public override SmcReport Answer(SmcArguments arguments, RuntimeSnapshot snapshot) => new TableReport<LinkGroupReport>(Name, Columns, [], "Count: 0 links")
    {
        Notes = [ComesWithSmcR("Links"), "A link group of SMC-D has none: both ends map the same memory. smc linkgroups lists those."],
    };
}
