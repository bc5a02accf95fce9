using System.Text.Json.Nodes;
using Smc.Actors.Inspection.Palette;
using Smc.Actors.Inspection.Reports;

namespace Smc.Actors.Inspection.Commands;

/// <summary><c>smc buffers</c>: who holds the receive buffers (DMBs), by size class.</summary>
internal sealed class BuffersCommand() : SnapshotCommand("buffers", "Lists the DMBs by size: in use, idle, committed; -d by link group.", PerGroup)
{
    private static readonly SmcArgument PerGroup = new("details", "-d", "For each link group.", ArgumentKind.Flag);

    private static readonly Column<Row>[] Columns =
    [
        Column.Of<Row>("LG-ID", "linkGroup", row => row.Group?.Id ?? string.Empty),
        Column.Bytes<Row>("Size", "dmbBytes", row => row.Class.DmbBytes),
        Column.Count<Row>("Slabs", "slabs", row => row.Class.Slabs),
        Column.Count<Row>("DMBs", "dmbs", row => row.Class.Dmbs),
        Column.Count<Row>("InUse", "inUse", row => row.Class.InUse),
        Column.Count<Row>("Peak", "peak", row => row.Class.Peak) with { Rank = 2 },
        Column.Count<Row>("Idle", "idle", row => row.Class.Idle),
        Column.Count<Row>("Retired", "retired", row => row.Class.Retired) with { Rank = 3 },
        Column.Bytes<Row>("Mapped", "bytes", row => row.Class.Bytes),
        Column.Bytes<Row>("Committed", "committedBytes", row => row.Class.CommittedBytes) with { Rank = 1 },
        Column.Count<Row>("Rents", "rents", row => row.Class.Rents) with { Rank = 4 },
        Column.Count<Row>("Reuses", "reuses", row => row.Class.Reuses) with { Rank = 2 },
        Column.Count<Row>("Downgrades", "downgrades", row => row.Class.Downgrades) with { Rank = 4 },
        Column.Count<Row>("Trims", "trims", row => row.Class.Trims) with { Rank = 5 },
        Column.Bytes<Row>("LargestUse", "largestUse", row => row.Class.LargestUse) with { IsWide = true },
    ];

    /// <inheritdoc />
    public override SmcReport Answer(SmcArguments arguments, RuntimeSnapshot snapshot)
    {
        RuntimeReport runtime = snapshot.Runtime;
        BufferReport all = snapshot.Totals.Buffers;
        bool perGroup = arguments.Has(PerGroup);
        List<Row> rows = perGroup
            ? [.. snapshot.LinkGroups.SelectMany(group => group.Buffers.Classes.Select(one => new Row(group, one)))]
            : [.. all.Classes.Select(one => new Row(null, one))];
        int quarantined = snapshot.LinkGroups.Sum(group => group.Quarantined);
        string footer = $"Count: {ReportText.Count(runtime.DmbsInUse)} of {ReportText.Count(runtime.MaxDmbs)} DMBs, {ReportText.Count(quarantined)} quarantined";
        return new TableReport<Row>(Name, perGroup ? Columns : Columns[1..], rows, footer)
        {
            Properties = new Dictionary<string, JsonNode?>
            {
                ["dmbsInUse"] = runtime.DmbsInUse,
                ["maxDmbs"] = runtime.MaxDmbs,
                ["quarantined"] = quarantined,
                ["downgrades"] = all.Downgrades,
                ["refusals"] = all.Refusals,
                ["clc"] = new JsonObject
                {
                    ["blockBytes"] = runtime.ClcBuffers.BlockBytes,
                    ["inUse"] = runtime.ClcBuffers.InUse,
                    ["idle"] = runtime.ClcBuffers.Idle,
                    ["hits"] = runtime.ClcBuffers.Hits,
                    ["refills"] = runtime.ClcBuffers.Refills,
                    ["spills"] = runtime.ClcBuffers.Spills,
                    ["allocations"] = runtime.ClcBuffers.Allocations,
                    ["frees"] = runtime.ClcBuffers.Frees,
                },
                ["limits"] = new JsonArray([.. runtime.DmbLimits.Select(limit => new JsonObject { ["key"] = limit.Key, ["most"] = limit.Most, ["refusals"] = limit.Refusals })]),
            },
            Notes = [.. NotesOn(snapshot, quarantined)],
        };
    }

    private static IEnumerable<string> NotesOn(RuntimeSnapshot snapshot, int quarantined)
    {
        RuntimeReport runtime = snapshot.Runtime;
        BufferReport all = snapshot.Totals.Buffers;
        string commit = runtime.IsPrefaulted
            ? "a slab is committed when it is made (smc.buffers.memory = prefaulted)"
            : "a page is committed when it is first written, until its DMB has been idle for smc.buffers.trim-after: at most this";
        yield return $"Committed: {commit}. Downgrades to a smaller size: {ReportText.Count(all.Downgrades)}; handshakes that got no DMB: {ReportText.Count(all.Refusals)}.";
        if (quarantined > 0) yield return "Quarantined: their connections are over here, and their peers, which may still write, have not let go of them.";
        if (runtime.DmbsInUse >= runtime.MaxDmbs) yield return "The limit is reached: connections fall back with MAX_DMB. Raise smc.buffers.max-dmbs, or lower the number of connections.";
        foreach (DmbLimitReport limit in runtime.DmbLimits.Where(limit => limit.Refusals > 0))
            yield return $"{limit.Key} = {ReportText.Count(limit.Most)} has refused {ReportText.Counted(limit.Refusals, "handshake")}: connections fell back with MAX_DMB.";
        ClcBufferReport clc = runtime.ClcBuffers;
        yield return $"CLC messages: {ReportText.Counted(clc.InUse, "block")} of {ReportText.Size(clc.BlockBytes)} in use, {ReportText.Count(clc.Idle)} idle; "
            + $"{ReportText.Count(clc.Hits)} taken from stashes, {ReportText.Counted(clc.Refills, "refill")}, {ReportText.Counted(clc.Spills, "spill")}, "
            + $"{ReportText.Count(clc.Allocations)} made, {ReportText.Count(clc.Frees)} let go.";
        foreach (string hint in SizeHints.On(snapshot)) yield return hint;
    }

    private sealed record Row(LinkGroupReport? Group, BufferClassReport Class);
}
