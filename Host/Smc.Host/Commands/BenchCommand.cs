using System.CommandLine;
using System.Text;
using Smc.Host.Bench;
using Smc.Host.CommandLine;
using Smc.Host.Processes;
using Smc.Host.Transfer;

namespace Smc.Host.Commands;

/// <summary><c>smc bench</c>: ours beside TCP and Unix domain sockets, between two processes.</summary>
internal static class BenchCommand
{
    public static Command Create()
    {
        var only = new Option<string>("--only") { Description = $"Groups to run, with commas between: {string.Join(", ", BenchPlan.Groups)}.", HelpName = "GROUP,…" };
        var quick = new Option<bool>("--quick") { Description = "Three short runs a cell and fewer sizes." };
        var smoke = new Option<bool>("--smoke") { Description = "One tiny run a cell: shows that each works, measures nothing." };
        var json = new Option<string>("--json") { Description = "Write the rows to FILE as well.", HelpName = "FILE" };
        var command = new Command("bench", "Measure throughput, latency, connections and idle cost beside TCP and Unix domain sockets.") { only, quick, smoke, json };
        command.SetAction(async (parsed, ct) =>
        {
            BenchPace pace = parsed.GetValue(smoke) ? BenchPace.Smoke : parsed.GetValue(quick) ? BenchPace.Quick : BenchPace.Full;
            string[] groups = (parsed.GetValue(only) ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            return (int)await RunAsync(pace, new BenchPlan(pace).Cells(groups), parsed.GetValue(json), ct);
        });
        return command;
    }

    private static async Task<ExitCode> RunAsync(BenchPace pace, IReadOnlyList<BenchCell> cells, string? json, CancellationToken ct)
    {
        using PendingFile? file = json is null ? null : PendingFile.Create(json);
        using var folder = new TemporaryFolder();
        var runner = new BenchRunner(folder);
        var outcomes = new List<CellOutcome>();
        Console.Write(BenchReport.Header(pace));
        foreach (BenchCell cell in cells)
        {
            if (!Console.IsErrorRedirected) Console.Error.WriteLine($"{outcomes.Count + 1}/{cells.Count} {cell}, {cell.Contenders[0].Api}");
            outcomes.Add(await runner.RunAsync(cell, ct));
        }
        Console.WriteLine(BenchReport.Table(outcomes.SelectMany(o => o.Rows)));
        Console.WriteLine("cpu c, cpu s: CPU seconds of client and server per million messages or connections, per GB from 4096 bytes on");
        Console.WriteLine();
        foreach (string line in outcomes.SelectMany(BenchReport.Ratios)) Console.WriteLine(line);
        string[] failures = [.. outcomes.SelectMany(o => o.Failures)];
        foreach (string failure in failures) Console.Error.WriteLine($"smc: {failure}");
        if (file is not null)
        {
            await file.Stream.WriteAsync(Encoding.UTF8.GetBytes(BenchRowJson.Write(outcomes.SelectMany(o => o.Rows)) + "\n"), ct);
            file.Commit();
        }
        return failures.Length == 0 ? ExitCode.Ok : ExitCode.Failed;
    }
}
