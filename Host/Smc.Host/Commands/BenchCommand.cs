using System.CommandLine;
using System.Globalization;
using System.Text;
using Smc.Host.Bench;
using Smc.Host.Bench.Buffers;
using Smc.Host.Bench.Messages;
using Smc.Host.CommandLine;
using Smc.Host.Fuzzing;
using Smc.Host.Processes;
using Smc.Host.Transfer;

namespace Smc.Host.Commands;

/// <summary><c>smc bench</c>: ours beside TCP and Unix domain sockets, between two processes.</summary>
internal static class BenchCommand
{
    public static Command Create()
    {
        var only = new Option<string>("--only")
        {
            Description = $"Groups to run, with commas between: {string.Join(", ", BenchPlan.Groups)}.",
            HelpName = "GROUP,…",
        };
        var quick = new Option<bool>("--quick") { Description = "Three short runs a cell and fewer sizes." };
        var smoke = new Option<bool>("--smoke") { Description = "One tiny run a cell: shows that each works, measures nothing." };
        var json = new Option<string>("--json") { Description = "Write the rows to FILE as well.", HelpName = "FILE" };
        var seed = new Option<int?>("--seed") { Description = "Seed of the group fuzz; a random one, which is printed, if not given." };
        const string what = "Measure throughput, latency, connections and idle cost beside TCP and Unix domain sockets; decode damaged messages.";
        var command = new Command("bench", what) { only, quick, smoke, json, seed };
        command.SetAction(async (parsed, ct) =>
        {
            BenchPace pace = parsed.GetValue(smoke) ? BenchPace.Smoke : parsed.GetValue(quick) ? BenchPace.Quick : BenchPace.Full;
            string[] groups = (parsed.GetValue(only) ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            var plan = new BenchPlan(pace);
            IReadOnlyList<BenchCell> cells = plan.Cells(groups);
            using PendingFile? file = parsed.GetValue(json) is { } path ? PendingFile.Create(path) : null;
            IReadOnlyList<BenchRow> fuzz = Fuzz(plan.FuzzInputs(groups), parsed.GetValue(seed) ?? Random.Shared.Next(), ct);
            IReadOnlyList<BenchRow> messages = BenchPlan.Has(MessageBench.Group, groups) ? await MessagesAsync(pace, ct) : [];
            IReadOnlyList<BenchRow> buffers = BenchPlan.Has(BufferBench.Group, groups) ? await BuffersAsync(pace, ct) : [];
            return (int)await RunAsync(pace, cells, [.. messages, .. buffers, .. fuzz], file, ct);
        });
        return command;
    }

    /// <summary>Says what came of it; a broken promise ends the command.</summary>
    private static IReadOnlyList<BenchRow> Fuzz(int inputs, int seed, CancellationToken ct)
    {
        if (inputs == 0) return [];
        try
        {
            FuzzResult r = ClcFuzz.Run(ClcCorpus.Load(), seed, inputs, ct);
            double rate = r.Inputs / r.Elapsed.TotalSeconds;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"""
                fuzz     {r.Inputs:N0} damaged CLC messages, seed {r.Seed}: {r.Accepted:N0} valid, {r.Inputs - r.Accepted:N0} refused by name,
                         no exception, {r.AllocatedBytes} bytes allocated, {BenchReport.Short(rate)}/s

                """));
            if (r.AllocatedBytes != 0) throw CommandFailure.Failed($"fuzz, seed {seed}: decoding allocated {r.AllocatedBytes} bytes.");
            return [ToRow(rate)];
        }
        catch (FuzzFailure failure)
        {
            throw CommandFailure.Failed($"fuzz, {failure.Message}", failure);
        }
    }

    private static async Task<IReadOnlyList<BenchRow>> MessagesAsync(BenchPace pace, CancellationToken ct)
    {
        IReadOnlyList<BenchRow> rows = await new MessageBench(pace).RunAsync(ct);
        string smoke = pace == BenchPace.Smoke ? "; SMOKE: the figures mean nothing" : "";
        Console.WriteLine($"actors   Akka.NET {ActorCarrier.Version}; of: senders; cpu c: CPU seconds per million messages; alloc: bytes a message{smoke}");
        Console.WriteLine();
        Console.WriteLine(BenchReport.Table(rows));
        foreach (IGrouping<string, BenchRow> workload in rows.GroupBy(row => row.Workload))
            Console.WriteLine(BenchReport.Ratio(workload.First(), workload.Last()));
        Console.WriteLine();
        return rows;
    }

    private static async Task<IReadOnlyList<BenchRow>> BuffersAsync(BenchPace pace, CancellationToken ct)
    {
        IReadOnlyList<BenchRow> rows = new BufferBench(pace).Run(ct);
        IReadOnlyList<BenchRow> connections = await new ShortConnections(pace).RunAsync(ct);
        IReadOnlyList<BenchRow> idle = await new IdleBytes(pace).RunAsync(ct);
        string smoke = pace == BenchPace.Smoke ? "; SMOKE: the figures mean nothing" : "";
        Console.WriteLine($"buffers  of: buffers in use or elements of a batch; alloc: bytes an operation, threads included{smoke}");
        Console.WriteLine();
        Console.WriteLine(BenchReport.Table(rows));
        foreach (string line in BenchReport.CostRatios(rows)) Console.WriteLine(line);
        Console.WriteLine();
        Console.WriteLine("short connections: connect, 100 B there, 1,000 B back, close; requests a second, beside connections that stay");
        Console.WriteLine();
        Console.WriteLine(ShortConnections.Table(connections));
        Console.WriteLine();
        Console.WriteLine("memory of DMBs for each open connection, both ends together; of: open connections");
        Console.WriteLine();
        Console.WriteLine(BenchReport.Table(idle));
        Console.WriteLine();
        return [.. rows, .. connections, .. idle];
    }

    private static BenchRow ToRow(double rate) => new()
    {
        Group = "fuzz",
        Workload = "clc",
        Over = "ours-clc",
        Api = PeerConfiguration.Sync,
        Threads = 1,
        Unit = "msg/s",
        Median = rate,
        Min = rate,
        Max = rate,
        Runs = 1,
        Allocated = 0,
    };

    private static async Task<ExitCode> RunAsync(
        BenchPace pace, IReadOnlyList<BenchCell> cells, IReadOnlyList<BenchRow> others, PendingFile? file, CancellationToken ct)
    {
        using var folder = new TemporaryFolder();
        var runner = new BenchRunner(folder);
        var outcomes = new List<CellOutcome>();
        if (cells.Count > 0) Console.Write(BenchReport.Header(pace));
        foreach (BenchCell cell in cells)
        {
            if (!Console.IsErrorRedirected) Console.Error.WriteLine($"{outcomes.Count + 1}/{cells.Count} {cell}, {cell.Contenders[0].Api}");
            outcomes.Add(await runner.RunAsync(cell, ct));
        }
        if (cells.Count > 0) Report(outcomes);
        string[] failures = [.. outcomes.SelectMany(o => o.Failures)];
        foreach (string failure in failures) Console.Error.WriteLine($"smc: {failure}");
        if (file is not null)
        {
            await file.Stream.WriteAsync(Encoding.UTF8.GetBytes(BenchRowJson.Write(outcomes.SelectMany(o => o.Rows).Concat(others)) + "\n"), ct);
            file.Commit();
        }
        return failures.Length == 0 ? ExitCode.Ok : ExitCode.Failed;
    }

    private static void Report(IReadOnlyList<CellOutcome> outcomes)
    {
        Console.WriteLine(BenchReport.Table(outcomes.SelectMany(o => o.Rows)));
        Console.WriteLine("cpu c, cpu s: CPU seconds of client and server per million messages or connections, per GB from 4096 bytes on");
        Console.WriteLine();
        foreach (string line in outcomes.SelectMany(BenchReport.Ratios)) Console.WriteLine(line);
    }
}
