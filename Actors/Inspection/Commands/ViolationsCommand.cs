using System.Text.Json.Nodes;
using Smc.Actors.Inspection.Palette;
using Smc.Actors.Inspection.Reports;
using static Smc.Actors.Inspection.Commands.CommonArguments;

namespace Smc.Actors.Inspection.Commands;

/// <summary><c>smc violations</c>: rules that peers broke, each of which ended a connection or a handshake.</summary>
internal sealed class ViolationsCommand() : SnapshotCommand("violations", "Lists the rules that peers broke, and how often.", Since)
{
    /// <inheritdoc />
    public override SmcReport Answer(SmcArguments arguments, RuntimeSnapshot snapshot)
    {
        DateTime now = snapshot.Taken;
        Column<ViolationReport>[] columns =
        [
            Column.Count<ViolationReport>("Count", "count", row => row.Times.Count),
            Column.Of<ViolationReport>("Layer", "layer", row => row.Layer) with { Write = (writer, row) => Column.WriteText(writer, row.Layer.ToLowerInvariant()) },
            Column.Of<ViolationReport>("Rule", "rule", row => row.Rule),
            Column.Ago<ViolationReport>("First", "firstSeen", now, row => row.Times.First) with { Rank = 2 },
            Column.Ago<ViolationReport>("Last", "lastSeen", now, row => row.Times.Last) with { Rank = 1 },
            Column.Of<ViolationReport>("Consequence", "consequence", row => row.Consequence) with { Rank = 3 },
        ];
        List<ViolationReport> rows =
        [
            .. snapshot.Violations.Where(row => arguments.Duration(Since) is not { } since || now - row.Times.Last <= since)
                .OrderByDescending(row => row.Times.Count).ThenBy(row => row.Rule, StringComparer.Ordinal),
        ];
        long violations = rows.Sum(row => row.Times.Count);
        string footer = $"Count: {ReportText.Counted(rows.Count, "rule")}, {ReportText.Counted(violations, "violation")}";
        return new TableReport<ViolationReport>(Name, columns, rows, footer)
        {
            Properties = new Dictionary<string, JsonNode?> { ["violations"] = violations },
            Notes =
            [
                .. rows.Count == 0 ? [] : (string[])["A peer that breaks rules is broken or hostile: the log names its process or host at the first of each kind."],
                .. arguments.Has(Since) && rows.Count > 0 ? ["Counts are those since the runtime began, of rules that were broken in this time."] : (string[])[],
            ],
        };
    }
}
