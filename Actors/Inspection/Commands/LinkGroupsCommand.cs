using System.Globalization;
using System.Text.Json.Nodes;
using Smc.Actors.Inspection.Palette;
using Smc.Actors.Inspection.Reports;
using Smc.Actors.Protocol;
using Smc.Transport;
using static Smc.Actors.Inspection.Commands.CommonArguments;

namespace Smc.Actors.Inspection.Commands;

/// <summary><c>smc linkgroups</c>, after <c>smcr linkgroup show</c> and <c>smcd linkgroup show</c>.</summary>
internal sealed class LinkGroupsCommand() : SnapshotCommand("linkgroups", "Lists the link groups: one, or several, for each pair of processes.", Group, Kind, Peer, Details)
{
    private static readonly SmcArgument Peer = new("peer", "-p", "Only those whose peer has this PID, where it is a number, or a GID that begins with this.");

    private static readonly Column<LinkGroupReport>[] Columns =
    [
        Column.Of<LinkGroupReport>("LG-ID", "id", group => group.Id),
        Column.Role<LinkGroupReport>("LG-Role", "role", RoleOf),
        Column.Of<LinkGroupReport>("LG-Type", "type", _ => "SMCD"),
        Column.Of<LinkGroupReport>("VLAN", "vlan", _ => "0x0") with { Rank = 5 },
        Column.Count<LinkGroupReport>("#Conns", "connections", group => group.Connections),
        Column.Of<LinkGroupReport>("PNET-ID", "pnetId", _ => string.Empty) with { Rank = 4 },
        Column.Of<LinkGroupReport>("State", "state", group => group.State.ToString().ToUpperInvariant()),
        Column.Number<LinkGroupReport>("Peer PID", "peerPid", PidOf),
        Column.Number<LinkGroupReport>("UID", "peerUid", group => group.Peer.UserId) with { Rank = 2 },
        Column.Bytes<LinkGroupReport>("Mapped", "mappedBytes", group => group.MappedBytes) with { Rank = 3 },
        Column.Age<LinkGroupReport>("Age", "ageSeconds", group => group.Age) with { Rank = 1 },
        Column.Of<LinkGroupReport>("Peer GID", "peerGid", group => group.Peer.Gid.ToString()) with { IsWide = true },
        Column.Count<LinkGroupReport>("Handshakes", "handshakes", group => group.Handshakes) with { IsWide = true },
        Column.Count<LinkGroupReport>("Slabs", "slabs", group => group.Buffers.Slabs) with { IsWide = true },
        Column.Bytes<LinkGroupReport>("Slab bytes", "slabBytes", group => group.Buffers.Bytes) with { IsWide = true },
        Column.Count<LinkGroupReport>("DMBs in use", "dmbsInUse", group => group.Buffers.InUse) with { IsWide = true },
        Column.Count<LinkGroupReport>("Quarantined", "quarantined", group => group.Quarantined) with { IsWide = true },
        Column.Count<LinkGroupReport>("Bell mutes", "mutes", group => group.Mutes) with { IsWide = true },
        Column.Count<LinkGroupReport>("Peer slabs", "peerSlabs", group => group.PeerSlabs) with { IsWide = true },
        Column.Bytes<LinkGroupReport>("Peer slab bytes", "peerSlabBytes", group => group.PeerSlabBytes) with { IsWide = true },
        Column.Bytes<LinkGroupReport>("Control region", "controlBytes", group => group.ControlBytes) with { IsWide = true },
    ];

    /// <inheritdoc />
    public override SmcReport Answer(SmcArguments arguments, RuntimeSnapshot snapshot)
    {
        uint? id = arguments.Text(Group) is { } word && TryGroup(word, out uint parsed) ? parsed : null;
        List<LinkGroupReport> rows =
        [
            .. snapshot.LinkGroups.Where(group =>
                IsOf(arguments, Kind, SmcMode.SmcD)
                && (id is not { } wanted || group.Id == wanted.ToString("x8", CultureInfo.InvariantCulture))
                && (arguments.Text(Peer) is not { } peer || IsOfPeer(group, peer))),
        ];
        int connections = rows.Sum(group => group.Connections);
        return new TableReport<LinkGroupReport>(Name, Columns, rows, $"Count: {ReportText.Counted(rows.Count, "link group")}, {ReportText.Counted(connections, "connection")}")
        {
            Properties = new Dictionary<string, JsonNode?> { ["connections"] = connections },
            InBlocks = arguments.Has(Details),
            Notes = arguments.Text(Kind) == "smcr" ? [ComesWithSmcR("Link groups over RDMA")] : [],
        };
    }

    /// <summary>0 is a process that is not visible from here.</summary>
    private static long? PidOf(LinkGroupReport group) => group.Peer.ProcessId == 0 ? null : group.Peer.ProcessId;

    private static ConnectionRole? RoleOf(LinkGroupReport group) => group.IsServer ? ConnectionRole.Server : ConnectionRole.Client;

    /// <summary>A number may begin a GID too, and is a PID all the same.</summary>
    private static bool IsOfPeer(LinkGroupReport group, string peer) => int.TryParse(peer, NumberStyles.None, CultureInfo.InvariantCulture, out int process)
        ? process == PidOf(group)
        : group.Peer.Gid.ToString().StartsWith(peer, StringComparison.OrdinalIgnoreCase);
}
