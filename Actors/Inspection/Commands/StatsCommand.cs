using Smc.Actors.Inspection.Palette;
using Smc.Actors.Inspection.Reports;
using Smc.Transport;

namespace Smc.Actors.Inspection.Commands;

/// <summary><c>smc stats</c>, after <c>smcd stats</c>: the counters of the open connections, by mode.</summary>
internal sealed class StatsCommand() : SnapshotCommand("stats", "Sums the counters of the open connections, by mode.", Mode)
{
    private static readonly SmcArgument Mode = new("mode", "-t", "Only this mode.", ArgumentKind.Choice) { Choices = ["smcd", "smcr", "tcp"] };

    private static readonly Column<Row>[] Columns =
    [
        Column.Mode<Row>("Mode", "mode", row => row.Mode),
        Column.Count<Row>("Conns", "connections", row => row.Connections.Count),
        Column.Bytes<Row>("TX", "bytesSent", row => row.Sum(c => c.BytesWritten)),
        Column.Bytes<Row>("RX", "bytesReceived", row => row.Sum(c => c.BytesRead)),
        Column.Count<Row>("Writes", "writes", row => row.Sum(c => c.Writes)),
        Column.Count<Row>("Reads", "reads", row => row.Sum(c => c.Reads)),
        Column.Count<Row>("Full", "peerBufferFull", row => row.Sum(c => c.PeerBufferFull)) with { Rank = 1 },
        Column.Count<Row>("Updates", "windowUpdates", row => row.Sum(c => c.WindowUpdates)) with { Rank = 4 },
        Column.Count<Row>("Sleeps", "sleeps", row => row.Sum(c => c.Sleeps)) with { Rank = 2 },
        Column.Count<Row>("Bells", "bells", row => row.Sum(c => c.Bells)) with { Rank = 3 },
        Column.Count<Row>("Missed", "missedBells", row => row.Sum(c => c.MissedBells)) with { Rank = 5 },
        Column.Count<Row>("SpinWins", "spinWins", row => row.Sum(c => c.SpinWins)) with { IsWide = true },
        Column.Count<Row>("SpinLosses", "spinLosses", row => row.Sum(c => c.SpinLosses)) with { IsWide = true },
    ];

    /// <inheritdoc />
    public override SmcReport Answer(SmcArguments arguments, RuntimeSnapshot snapshot)
    {
        string? only = arguments.Text(Mode);
        List<Row> rows =
        [
            .. snapshot.Connections.GroupBy(c => c.Mode).OrderBy(group => group.Key)
                .Where(group => only is null || string.Equals(ReportText.ModeCode(group.Key), only, StringComparison.OrdinalIgnoreCase))
                .Select(group => new Row(group.Key, [.. group])),
        ];
        long fallbacks = snapshot.Fallbacks.Values.Sum();
        return new TableReport<Row>(Name, Columns, rows, $"Count: {ReportText.Counted(rows.Count, "mode")}; {ReportText.Counted(fallbacks, "fallback")} since the start")
        {
            Notes = Hints(snapshot),
        };
    }

    private static List<string> Hints(RuntimeSnapshot snapshot)
    {
        int held = snapshot.Connections.Count(c => c.Path is { } path && Diagnosis.Of(c.Counters, path).Remedy.StartsWith("The peer's buffer", StringComparison.Ordinal));
        return held == 0 ? [] : [$"{ReportText.Counted(held, "connection")} often found the peer's buffer full: smc connection -i ID says what size would do."];
    }

    private sealed record Row(SmcMode Mode, IReadOnlyList<ConnectionReport> Connections)
    {
        public long Sum(Func<SmcStatistics, long> counter) => Connections.Sum(connection => counter(connection.Counters));
    }
}
