using System.Globalization;
using System.Text.Json.Nodes;
using Smc.Actors.Inspection.Palette;
using Smc.Actors.Inspection.Reports;
using Smc.Transport;

namespace Smc.Actors.Inspection.Commands;

/// <summary><c>smc stats</c>, after <c>smcd stats</c>: what connections have counted, those that are closed too, by mode; since the runtime
/// began, since its viewer's <c>stats-reset</c>, or during a sample.</summary>
internal sealed class StatsCommand() : ComparingCommand("stats", "Sums the counters of all connections, by mode.", Mode, Details, Absolute, Sample)
{
    private static readonly SmcArgument Mode = CommonArguments.Mode("-t");
    private static readonly SmcArgument Details = CommonArguments.Details;
    private static readonly SmcArgument Absolute = new("absolute", "-a", "Since the runtime began, whatever was reset.", ArgumentKind.Flag);

    private static readonly SmcArgument Sample = new("sample", "-s", "Only what is counted from now on, in this time.", ArgumentKind.Duration)
    {
        Longest = TimeSpan.FromSeconds(30),
    };

    private static readonly Column<Row>[] Columns =
    [
        Column.Mode<Row>("Mode", "mode", row => row.Mode),
        Column.Count<Row>("Conns", "connections", row => row.Totals.Handled),
        Column.Count<Row>("Open", "open", row => row.Totals.Open),
        Column.Bytes<Row>("TX", "bytesSent", row => row.Counters.BytesWritten),
        Column.Bytes<Row>("RX", "bytesReceived", row => row.Counters.BytesRead),
        Column.Count<Row>("Writes", "writes", row => row.Counters.Writes),
        Column.Count<Row>("Reads", "reads", row => row.Counters.Reads),
        Column.Count<Row>("Full", "peerBufferFull", row => row.Counters.PeerBufferFull) with { Rank = 1 },
        Column.Count<Row>("Updates", "windowUpdates", row => row.Counters.WindowUpdates) with { Rank = 4 },
        Column.Count<Row>("Sleeps", "sleeps", row => row.Counters.Sleeps) with { Rank = 2 },
        Column.Count<Row>("Bells", "bells", row => row.Counters.Bells) with { Rank = 3 },
        Column.Count<Row>("Missed", "missedBells", row => row.Counters.MissedBells) with { Rank = 5 },
        Column.Count<Row>("SpinWins", "spinWins", row => row.Counters.SpinWins) with { IsWide = true },
        Column.Count<Row>("SpinLosses", "spinLosses", row => row.Counters.SpinLosses) with { IsWide = true },
        PerSecond("TX/s", "bytesSentPerSecond", row => row.Counters.BytesWritten),
        PerSecond("RX/s", "bytesReceivedPerSecond", row => row.Counters.BytesRead),
        Ratio("Bytes/write", "bytesPerWrite", row => (row.Counters.BytesWritten, row.Counters.Writes)),
        Ratio("Bytes/read", "bytesPerRead", row => (row.Counters.BytesRead, row.Counters.Reads)),
        Ratio("Writes/conn", "writesPerConnection", row => (row.Counters.Writes, row.Totals.Handled)),
        Ratio("Full %", "peerBufferFullPercent", row => (100 * row.Counters.PeerBufferFull, Diagnosis.WritesBegun(row.Counters))),
        Sizes("readSizes", row => row.Counters.ReadSizes),
        Sizes("writeSizes", row => row.Counters.WriteSizes),
        Sizes("dmbSizes", row => row.Sizes.OwnSizes),
        Sizes("peerDmbSizes", row => row.Sizes.PeerSizes),
        OfDmbs("dmbBytesInUse", row => row.Sizes.Buffers?.BytesInUse),
        OfDmbs("peerDmbBytesInUse", row => row.Sizes.Buffers?.PeerBytesInUse),
        OfDmbs("dmbAllocations", row => row.Sizes.Allocations),
        OfDmbs("dmbReuses", row => row.Sizes.Reuses),
        OfDmbs("dmbDowngrades", row => row.Sizes.Downgrades),
    ];

    /// <inheritdoc />
    public override TimeSpan Takes(SmcArguments arguments) => arguments.Duration(Sample) ?? TimeSpan.Zero;

    /// <inheritdoc />
    public override bool IsAbsolute(SmcArguments arguments) => arguments.Has(Absolute);

    /// <inheritdoc />
    public override SmcReport Answer(SmcArguments arguments, RuntimeSnapshot snapshot, CounterTotals? since)
    {
        TimeSpan? period = since is null ? null : snapshot.Totals.Taken - since.Taken;
        List<Row> rows =
        [
            .. snapshot.Totals.Modes.Where(mode => CommonArguments.IsOf(arguments, Mode, mode.Key)).OrderBy(mode => mode.Key)
                .Select(mode => RowOf(mode.Key, mode.Value, snapshot.Totals, since)),
        ];
        List<KeyValuePair<SmcReason, long>> fallbacks =
        [
            .. snapshot.Totals.Fallbacks.Select(reason => KeyValuePair.Create(reason.Key, reason.Value - (since?.Fallbacks.GetValueOrDefault(reason.Key) ?? 0)))
                .Where(reason => reason.Value > 0).OrderByDescending(reason => reason.Value).ThenBy(reason => reason.Key),
        ];
        string from = period is not { } span ? "since the start" : arguments.Has(Sample) ? $"in {ReportText.Age(span)}" : $"since your stats-reset {ReportText.Age(span)} ago";
        string footer = $"Count: {ReportText.Counted(rows.Count, "mode")}; {ReportText.Counted(fallbacks.Sum(reason => reason.Value), "fallback")} {from}";
        return new TableReport<Row>(Name, Columns, rows, footer)
        {
            Properties = new Dictionary<string, JsonNode?>
            {
                ["since"] = period is null ? "start" : arguments.Has(Sample) ? "sample" : "reset",
                ["periodSeconds"] = period is { } length ? Math.Round(length.TotalSeconds, 3) : null,
                ["fallbacks"] = fallbacks.Sum(reason => reason.Value),
                ["fallbacksByReason"] = new JsonObject(fallbacks.Select(reason => KeyValuePair.Create(SmcReasons.ShortName(reason.Key), (JsonNode?)reason.Value))),
            },
            InBlocks = arguments.Has(Details),
            BlockFoot = static (row, width) => row.Sizes.ToText(width),
            Notes = [.. arguments.Has(Details) ? DetailsOf(fallbacks, snapshot.Totals.Buffers, since?.Buffers ?? BufferReport.None) : [], .. SizeHints.TooSmall(snapshot)],
        };
    }

    /// <summary>DMBs are SMC-D's.</summary>
    private static Row RowOf(SmcMode mode, ModeTotals totals, CounterTotals now, CounterTotals? since)
    {
        ModeTotals counted = since is null ? totals : totals.Since(since.Modes.GetValueOrDefault(mode));
        var sizes = new SizeStats(counted.Counters, mode == SmcMode.SmcD ? now.Buffers : null, since?.Buffers ?? BufferReport.None);
        return new Row(mode, counted, now.Taken - since?.Taken, sizes);
    }

    private static IEnumerable<string> DetailsOf(IReadOnlyList<KeyValuePair<SmcReason, long>> fallbacks, BufferReport buffers, BufferReport before)
    {
        if (fallbacks.Count > 0) yield return $"Fallbacks: {string.Join(", ", fallbacks.Select(reason => $"{SmcReasons.ShortName(reason.Key)} {ReportText.Count(reason.Value)}"))}.";
        long rents = buffers.Classes.Sum(one => one.Rents) - before.Classes.Sum(one => one.Rents);
        long reuses = buffers.Classes.Sum(one => one.Reuses) - before.Classes.Sum(one => one.Reuses);
        yield return $"DMBs: {ReportText.Count(rents)} handed out, {ReportText.Count(reuses)} of them used before; "
            + $"{ReportText.Counted(buffers.Downgrades - before.Downgrades, "downgrade")}, {ReportText.Count(buffers.Refusals - before.Refusals)} refused.";
    }

    private static Column<Row> Ratio(string header, string json, Func<Row, (long Of, long In)> parts) => new(
        ">" + header,
        json,
        row => parts(row) is (var of, > 0 and var number) ? ((double)of / number).ToString("0.#", CultureInfo.InvariantCulture) : ReportText.Nothing,
        (writer, row) => Column.WriteNumber(writer, parts(row) is (var of, > 0 and var number) ? Math.Round((double)of / number, 3) : null))
    {
        IsWide = true,
    };

    /// <summary>Where there is a time that it belongs to: a sample's, or that since a reset.</summary>
    private static Column<Row> PerSecond(string header, string json, Func<Row, long> bytes) => new(
        ">" + header,
        json,
        row => row.Period is { TotalSeconds: > 0 and var seconds } ? ReportText.Size((long)(bytes(row) / seconds)) : ReportText.Nothing,
        (writer, row) => Column.WriteNumber(writer, row.Period is { TotalSeconds: > 0 and var seconds } ? (long)(bytes(row) / seconds) : null))
    {
        IsWide = true,
    };

    /// <summary>A histogram: below the lines of a mode, and in JSON.</summary>
    private static Column<Row> Sizes(string json, Func<Row, SizeHistogram?> sizes) =>
        new(json, json, static _ => string.Empty, (writer, row) => SizeStats.Write(writer, sizes(row))) { IsForJson = true };

    /// <summary>A number of DMBs; null for a mode without.</summary>
    private static Column<Row> OfDmbs(string json, Func<Row, long?> number) => Column.Number(json, json, number) with { IsForJson = true };

    private sealed record Row(SmcMode Mode, ModeTotals Totals, TimeSpan? Period, SizeStats Sizes)
    {
        public SmcStatistics Counters => Totals.Counters;
    }
}

/// <summary><c>smc stats-reset</c>: its viewer's <c>stats</c> count from now on. Others' do not notice, nor does the runtime.</summary>
internal sealed class StatsResetCommand() : InspectionCommand("stats-reset", "Has your stats count from now on; nobody else's.")
{
    /// <inheritdoc />
    public override bool IsMutation => true;

    /// <summary>The answer.</summary>
    public SmcReport Done(InspectionViewer viewer) => new PageReport(Name, [new PageLine(string.Empty, $"The stats of {viewer.Key} count from now on; smc stats -a counts since the start.", "viewer", viewer.Key)]);
}
