using Smc.Actors.Inspection.Palette;
using Smc.Actors.Inspection.Reports;
using Smc.Transport.Rings;
using Smc.Transport.Wire;

namespace Smc.Actors.Inspection.Commands;

/// <summary><c>smc violations</c>: rules that peers broke, each of which ended a connection or a handshake.</summary>
internal sealed class ViolationsCommand() : SnapshotCommand("violations", "Lists the rules that peers broke, and how often.")
{
    private static readonly Column<Row>[] Columns =
    [
        Column.Count<Row>("Count", "count", row => row.Count),
        Column.Of<Row>("Layer", "layer", row => row.Layer),
        Column.Of<Row>("Rule", "rule", row => row.Rule),
        Column.Of<Row>("Consequence", "consequence", row => row.Consequence) with { Rank = 1 },
    ];

    /// <inheritdoc />
    public override SmcReport Answer(SmcArguments arguments, RuntimeSnapshot snapshot)
    {
        IEnumerable<Row> ring = snapshot.Violations.Select(v => new Row("ring", NameOf(v.Key), v.Value, "the connection was aborted"));
        IEnumerable<Row> clc = snapshot.Breaches.Select(b => new Row("CLC", NameOf(b.Key), b.Value, "the handshake was reset"));
        List<Row> rows = [.. ring.Concat(clc).Where(row => row.Count > 0).OrderByDescending(row => row.Count).ThenBy(row => row.Rule, StringComparer.Ordinal)];
        return new TableReport<Row>(Name, Columns, rows, $"Count: {ReportText.Counted(rows.Count, "rule")}, {ReportText.Counted(rows.Sum(row => row.Count), "violation")}")
        {
            Notes = rows.Count == 0 ? [] : ["A peer that breaks rules is broken or hostile: the log names its process or host at the first of each kind."],
        };
    }

    private static string NameOf(RingViolation violation) => violation.ToString();

    private static string NameOf(WireError breach) => breach.ToString();

    private sealed record Row(string Layer, string Rule, long Count, string Consequence);
}
