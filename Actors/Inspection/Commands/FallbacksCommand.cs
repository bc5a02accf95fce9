using Smc.Actors.Inspection.Palette;
using Smc.Actors.Inspection.Reports;
using Smc.Transport;

namespace Smc.Actors.Inspection.Commands;

/// <summary><c>smc fallbacks</c>: the Mode column of smcss made a list of its own: why connections are TCP, and what to do about it.</summary>
internal sealed class FallbacksCommand() : SnapshotCommand("fallbacks", "Lists why connections fell back to TCP.")
{
    private static readonly Column<KeyValuePair<SmcReason, long>>[] Columns =
    [
        Column.Count<KeyValuePair<SmcReason, long>>("Count", "count", row => row.Value),
        Column.Code<KeyValuePair<SmcReason, long>>("Code", "code", row => row.Key),
        Column.Of<KeyValuePair<SmcReason, long>>("Reason", "reason", row => SmcReasons.ShortName(row.Key)),
        Column.Of<KeyValuePair<SmcReason, long>>("Sentence", "sentence", row => SmcReasons.Sentence(row.Key)),
        Column.Of<KeyValuePair<SmcReason, long>>("Remedy", "remedy", row => SmcReasons.Remedy(row.Key)) with { IsWide = true },
    ];

    /// <inheritdoc />
    public override SmcReport Answer(SmcArguments arguments, RuntimeSnapshot snapshot)
    {
        List<KeyValuePair<SmcReason, long>> rows = [.. snapshot.Fallbacks.Where(row => row.Value > 0).OrderByDescending(row => row.Value).ThenBy(row => row.Key)];
        string footer = $"Count: {ReportText.Counted(rows.Count, "reason")}, {ReportText.Counted(rows.Sum(row => row.Value), "fallback")}";
        return new TableReport<KeyValuePair<SmcReason, long>>(Name, Columns, rows, footer)
        {
            Notes = [.. rows.Select(row => $"{SmcReasons.ShortName(row.Key)}: {SmcReasons.Remedy(row.Key)}")],
        };
    }
}
