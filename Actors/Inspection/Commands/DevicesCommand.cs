using Smc.Actors.Inspection.Palette;
using Smc.Actors.Inspection.Reports;
using Smc.Transport;
using static Smc.Actors.Inspection.Commands.CommonArguments;

namespace Smc.Actors.Inspection.Commands;

/// <summary><c>smc devices</c>, after <c>smcd device show</c> and <c>smcr device show</c>.</summary>
internal sealed class DevicesCommand() : SnapshotCommand("devices", "Lists the devices, whether they are up, and why not.", Kind, NetDevice, Details)
{
    private static readonly Column<Row>[] Columns =
    [
        // FID, PCI-ID and PCHID are those of a device without hardware.
        Column.Of<Row>("FID", "fid", _ => "0000"),
        Column.Of<Row>("Type", "type", _ => "loopback-ism"),
        Column.Of<Row>("PCI-ID", "pciId", _ => string.Empty) with { Rank = 5 },
        Column.Of<Row>("PCHID", "pchid", _ => "ffff") with { Rank = 4 },
        Column.Flag<Row>("InUse", "isInUse", row => row.Groups > 0),
        Column.Count<Row>("#LGs", "linkGroups", row => row.Groups),
        Column.Of<Row>("PNET-ID", "pnetId", _ => string.Empty) with { Rank = 3 },
        Column.Of<Row>("State", "state", row => row.Runtime.Down == SmcReason.None ? "up" : "down"),
        Column.Of<Row>("Code", "code", row => row.Runtime.Down == SmcReason.None ? string.Empty : ReportText.Code(row.Runtime.Down)) with { Rank = 2 },
        Column.Of<Row>("GID", "gid", row => row.Runtime.Gid?.ToString() ?? string.Empty) with { Rank = 1 },
        Column.Count<Row>("DMBs", "dmbsInUse", row => row.Runtime.DmbsInUse) with { IsWide = true },
        Column.Count<Row>("Limit", "maxDmbs", row => row.Runtime.MaxDmbs) with { IsWide = true },
        Column.Bytes<Row>("DMB size", "dmbBytes", row => row.Runtime.BufferBytes) with { IsWide = true },
        Column.Bytes<Row>("Mapped", "mappedBytes", row => row.Mapped) with { IsWide = true },
        Column.Of<Row>("Folder", "rendezvousFolder", row => row.Runtime.RendezvousFolder) with { IsWide = true },
    ];

    /// <inheritdoc />
    public override SmcReport Answer(SmcArguments arguments, RuntimeSnapshot snapshot)
    {
        RuntimeReport runtime = snapshot.Runtime;
        bool isShown = IsOf(arguments, Kind, SmcMode.SmcD) && !arguments.Has(NetDevice);   // it belongs to no network device
        Row[] rows = isShown ? [new Row(runtime, snapshot.LinkGroups.Count, snapshot.LinkGroups.Sum(group => group.MappedBytes))] : [];
        var notes = new List<string>();
        if (isShown && runtime.Down != SmcReason.None)
            notes.Add($"loopback-ism is down, and all connections are TCP: {ReportText.Explain(runtime.Down)} {SmcReasons.Remedy(runtime.Down)}");
        if (!isShown || arguments.Text(Kind) is null) notes.Add(ComesWithSmcR("RDMA devices, and with them network devices,"));
        return new TableReport<Row>(Name, Columns, rows, $"Count: {ReportText.Counted(rows.Length, "device")}") { InBlocks = arguments.Has(Details), Notes = notes };
    }

    private sealed record Row(RuntimeReport Runtime, int Groups, long Mapped);
}
