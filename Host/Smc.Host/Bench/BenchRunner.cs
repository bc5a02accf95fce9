using Smc.Host.CommandLine;
using Smc.Host.Processes;

namespace Smc.Host.Bench;

/// <summary>What came of one cell: its rows, the runs they come from, and what failed.</summary>
internal sealed record CellOutcome(BenchCell Cell, IReadOnlyList<(Contender Contender, IReadOnlyList<RunResult> Runs)> Results, IReadOnlyList<string> Failures)
{
    public IEnumerable<BenchRow> Rows => Results.SelectMany(r => Cell.ExtraRows(r.Contender, r.Runs).Prepend(Cell.ToRow(r.Contender, r.Runs)));
}

/// <summary>Runs cells: all contenders of a cell live at once and run in turn, so that they share whatever the machine is up to.</summary>
internal sealed class BenchRunner(TemporaryFolder folder)
{
    public async Task<CellOutcome> RunAsync(BenchCell cell, CancellationToken ct)
    {
        var pairs = new Dictionary<Contender, BenchPair>();
        var runs = new Dictionary<Contender, List<RunResult>>();
        var failures = new List<string>();
        try
        {
            foreach (Contender contender in cell.Contenders)
                await AttemptAsync(contender, async () => pairs.Add(contender, await BenchPair.StartAsync(cell, contender, folder, ct)));
            for (int run = 0; run < cell.Runs; run++)
                foreach ((Contender contender, BenchPair pair) in pairs.ToArray())
                    if (!await AttemptAsync(contender, async () => RunsOf(contender).Add(await pair.RunAsync(ct)))) pairs.Remove(contender);
        }
        finally
        {
            foreach (BenchPair pair in pairs.Values) await pair.DisposeAsync();
        }
        return new CellOutcome(cell, [.. runs.Select(r => (r.Key, (IReadOnlyList<RunResult>)r.Value))], failures);

        List<RunResult> RunsOf(Contender contender) => runs.TryGetValue(contender, out List<RunResult>? list) ? list : runs[contender] = [];

        async Task<bool> AttemptAsync(Contender contender, Func<Task> work)
        {
            try
            {
                await work();
                return true;
            }
            catch (CommandFailure failure)
            {
                failures.Add($"{cell}, {contender}: {failure.Message}");
                if (pairs.TryGetValue(contender, out BenchPair? pair)) await pair.DisposeAsync();
                runs.Remove(contender);
                return false;
            }
        }
    }
}
