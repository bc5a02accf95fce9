using System.Globalization;
using Smc.Actors.Inspection.Reports;

namespace Smc.Host.Top;

/// <summary>What is shown of two samples: a pure function of them, of the view and of the size of the terminal.</summary>
/// <param name="Lines">From top to bottom, none wider than the terminal.</param>
/// <param name="HeaderLine">Which of them stands above the rows; -1 for none.</param>
/// <param name="Page">Rows that the terminal has room for.</param>
/// <param name="Skipped">Rows above the first that is shown: no more than leave the terminal full.</param>
internal sealed record TopFrame(IReadOnlyList<string> Lines, int HeaderLine, int Page, int Skipped)
{
    /// <summary>The height of a frame that is printed and not shown: all rows.</summary>
    public const int Unlimited = int.MaxValue;

    private static readonly string[] Modes = ["SMCD", "SMCR", "TCP"];

    private static readonly Column[] Columns =
    [
        new(">  PID", 1, row => row.Process),
        new("ID  ", 0, row => row.Connection.Id),
        new("Mode", 0, row => row.Connection.Mode),
        new("Peer           ", 0, row => row.Connection.Peer),
        new("> Age", 6, row => ReportText.Age(row.Connection.Age)),
        new(">  TX/s", 2, row => TopText.Bytes(row.Sent)),
        new(">  RX/s", 3, row => TopText.Bytes(row.Received)),
        new("> Wr/s", 4, row => TopText.Count(row.Writes)),
        new(">Bell/s", 5, row => TopText.Count(row.Bells)),
        new("Waits", 0, row => row.Connection.WaitsFor switch { "" => ReportText.Nothing, "application" => "app", var waits => waits }),
    ];

    public static TopFrame Of(TopRates rates, TopView view, int width, int height)
    {
        List<string> lines = [.. Head(rates), SortLine(view)];
        bool isShown = height != Unlimited;
        if (view.ShowsHelp)
        {
            lines.AddRange(Help());
            return new TopFrame(Fit(lines, width, height), -1, Page: 1, view.Skipped);
        }

        TopRow[] chosen = [.. view.Key.Sort(rates.Rows.Where(row => view.Mode is null || row.Connection.Mode == view.Mode), view.IsReversed)];
        int page = isShown ? Math.Max(1, height - lines.Count - 2) : chosen.Length;
        int skipped = Math.Max(0, Math.Min(view.Skipped, chosen.Length - page));
        TopRow[] shown = [.. chosen.Skip(skipped).Take(page)];
        int header = lines.Count;
        lines.AddRange(Table(shown, withProcess: rates.Processes.Count > 1, width));
        lines.Add($"Count: {(shown.Length < rates.Rows.Count ? $"{Number(shown.Length)} of " : "")}{ReportText.Counted(rates.Rows.Count, "connection")}"
            + (isShown ? "   h help   q quit" : ""));
        return new TopFrame(Fit(lines, width, height), header, page, skipped);
    }

    private static IEnumerable<string> Head(TopRates rates)
    {
        string time = rates.At.ToString("HH:mm:ss", CultureInfo.InvariantCulture);
        yield return rates.Processes switch
        {
            [] => $"smc top {time}   no process with Smc.Actors",
            [var one] => $"smc top {time}   process {one.NameAmong(rates.Processes)}, Smc.Actors {one.Version}",
            var all => $"smc top {time}   {Number(all.Count)} processes: {string.Join(", ", all.Select(p => p.NameAmong(all)))}",
        };
        yield return $"Connections  {Number(rates.Rows.Count)}: {string.Join(", ", Modes.Select(mode => $"{Number(rates.Rows.Count(row => row.Connection.Mode == mode))} {mode}"))}";
        yield return $"A second     {TopText.Bytes(rates.Rows.Sum(row => row.Sent))} out, {TopText.Bytes(rates.Rows.Sum(row => row.Received))} in, "
            + $"{TopText.Count(rates.Rows.Sum(row => row.Writes))} writes, {TopText.Count(rates.Rows.Sum(row => row.Bells))} doorbells"
            + (rates.IsFirst ? "; since they opened" : "");
        yield return $"Fallbacks    {Number(rates.Processes.Sum(p => p.Fallbacks))}{New(rates.NewFallbacks)}   Violations {Number(rates.Processes.Sum(p => p.Violations))}{New(rates.NewViolations)}";
        foreach (TopProcess process in rates.Processes.Where(p => p.Down.Length > 0)) yield return $"Process {process.NameAmong(rates.Processes)} has no shared memory: {process.Down}";
    }

    private static string SortLine(TopView view) =>
        $"By           {view.Key.Says}{(view.IsReversed ? ", reversed" : "")}{(view.Mode is { } mode ? $"; only {mode}" : "")}{(view.IsPaused ? "; PAUSED" : "")}";

    private static IEnumerable<string> Help() =>
    [
        "",
        .. TopKey.All.Select(key => $"  {key.Letter}      by {key.Says}"),
        "  v      the other way round",
        "  o      only SMCD, only SMCR, only TCP, all",
        "  space  pause, and go on",
        "  arrows, PgUp, PgDn, Home   scroll",
        "  h      this page       q, Ctrl+C   quit",
    ];

    private static IEnumerable<string> Table(IReadOnlyList<TopRow> rows, bool withProcess, int width) =>
        TextTable.Fit(Columns.Skip(withProcess ? 0 : 1), column => column.Rank, column => column.Header, (column, row) => column.Text(row), rows, width)
            .ToString(width).TrimEnd('\n').Split('\n');

    private static string[] Fit(IEnumerable<string> lines, int width, int height) =>
        [.. lines.Take(height).Select(line => line.Length <= width ? line : line[..(width - 1)] + "…")];

    private static string New(long count) => count > 0 ? $" (+{Number(count)})" : "";

    private static string Number(long number) => ReportText.Count(number);

    /// <param name="Header">As wide as its cells are at least, so that columns stay where they are; &gt; for numbers.</param>
    /// <param name="Rank">Where lines are short the column of the highest rank goes first; one of rank 0 stays.</param>
    /// <param name="Text">A cell.</param>
    private sealed record Column(string Header, int Rank, Func<TopRow, string> Text);
}
