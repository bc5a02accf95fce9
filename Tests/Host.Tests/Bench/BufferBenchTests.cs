using Smc.Host.Bench;
using Smc.Host.Bench.Buffers;

namespace Smc.Host.Tests.Bench;

public sealed class BufferBenchTests
{
    [Fact]
    public void Every_cell_has_ours_first_and_a_rival_beside_it()
    {
        IReadOnlyList<BenchRow> rows = new BufferBench(BenchPace.Smoke).Run(CancellationToken.None);
        string[] workloads = ["descriptor", "dmb", "bulk-queue", "pool-hit", "pool-burst", "pool-handover"];
        Assert.Equal(workloads, rows.Select(row => row.Workload).Distinct());
        foreach (IGrouping<(string, int?, int?, int?), BenchRow> cell in rows.GroupBy(row => (row.Workload, row.Connections, row.Bytes, row.Threads)))
        {
            Assert.StartsWith("ours-", cell.First().Over, StringComparison.Ordinal);
            Assert.InRange(cell.Count(row => !row.Over.StartsWith("ours-", StringComparison.Ordinal)), 1, 2);
            Assert.All(cell, row => Assert.True(row is { Group: "buffers", Unit: "ns", Runs: 1, Median: > 0, P99: > 0, CpuClientS: >= 0, Allocated: >= 0 }, row.ToString()));
        }
    }

    [Fact]
    public async Task Short_connections_are_measured_with_free_lists_and_with_a_walk_for_each_number_of_clients()
    {
        IReadOnlyList<BenchRow> rows = await new ShortConnections(BenchPace.Smoke).RunAsync(CancellationToken.None);
        IEnumerable<(string, int?)> cells = ShortConnections.Clients.SelectMany(clients => new[] { ("ours-freelist", (int?)clients), ("list-walk", clients) });
        Assert.Equal(cells, rows.Select(row => (row.Over, row.Connections)));
        Assert.All(rows, row => Assert.True(row is { Workload: "short-connections", Unit: "req/s", Median: > 0, CpuClientS: >= 0, Allocated: > 0 }, row.ToString()));
        string[] lines = ShortConnections.Table(rows).ToString().TrimEnd().Split('\n');
        Assert.Equal(1 + ShortConnections.Clients.Length, lines.Length);
    }
}
