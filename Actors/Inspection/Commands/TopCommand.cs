using System.Text.Json.Nodes;
using Smc.Actors.Inspection.Palette;
using Smc.Actors.Inspection.Reports;
using Smc.Transport;

namespace Smc.Actors.Inspection.Commands;

/// <summary><c>smc top</c>, once: what the live view takes its rates from, all of one moment.</summary>
internal sealed class TopCommand() : SnapshotCommand("top", "What smc top shows, once: the busiest connections with their counters.")
{
    private static readonly Column<ConnectionReport>[] Columns =
    [
        Column.Of<ConnectionReport>("ID", "id", c => c.Id),
        Column.Mode<ConnectionReport>("Mode", "mode", c => c.Mode),
        Column.Of<ConnectionReport>("Peer", "peer", c => c.Peer),
        new(">Age", "ageSeconds", c => ReportText.Age(c.Age), (writer, c) => writer.WriteNumberValue(c.Age.TotalSeconds)) { Rank = 4 },
        Column.Bytes<ConnectionReport>("TX", "bytesSent", c => c.BytesSent),
        Column.Bytes<ConnectionReport>("RX", "bytesReceived", c => c.BytesReceived),
        Column.Count<ConnectionReport>("Writes", "writes", c => c.Counters.Writes) with { Rank = 2 },
        Column.Count<ConnectionReport>("Bells", "bells", c => c.Counters.Bells) with { Rank = 3 },
        Column.Of<ConnectionReport>("Waits for", "waitsFor", WaitsFor) with { Rank = 1 },
    ];

    /// <inheritdoc />
    public override SmcReport Answer(SmcArguments arguments, RuntimeSnapshot snapshot)
    {
        List<ConnectionReport> rows = [.. snapshot.Connections.Where(c => !c.IsClosing).OrderByDescending(c => c.BytesSent + c.BytesReceived)];
        long fallbacks = snapshot.Totals.Fallbacks.Values.Sum();
        long violations = snapshot.Violations.Sum(rule => rule.Times.Count);
        string footer = $"Count: {ReportText.Counted(rows.Count, "connection")}; since the start {ReportText.Counted(fallbacks, "fallback")}, {ReportText.Counted(violations, "violation")}";
        return new TableReport<ConnectionReport>(Name, Columns, rows, footer)
        {
            Properties = new Dictionary<string, JsonNode?>
            {
                ["pid"] = snapshot.Runtime.ProcessId,
                ["version"] = snapshot.Runtime.Version,
                ["down"] = snapshot.Runtime.Down == SmcReason.None ? null : ReportText.Explain(snapshot.Runtime.Down),
                ["fallbacks"] = fallbacks,
                ["violations"] = violations,
            },
        };
    }

    /// <summary>Of what <c>smc connection</c> says, the word.</summary>
    private static string WaitsFor(ConnectionReport connection) =>
        connection.Path is { } path ? Diagnosis.WaitsForOf(path).Word : string.Empty;
}
