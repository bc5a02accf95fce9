using System.Text.Json;
using Smc.Host.Bench;
using Smc.Host.Carriers;

namespace Smc.Host.Tests.Bench;

public sealed class BenchRowTests
{
    private static readonly string[] Fields =
    [
        "group", "workload", "over", "api", "bytes", "connections", "threads", "buffer", "spin", "unit", "median", "min", "max", "runs", "p99",
        "cpu_client_s", "cpu_server_s", "allocated",
    ];

    private static readonly BenchCell Cell = new()
    {
        Group = "streams",
        Workload = "ping-pong",
        Unit = "us",
        Bytes = 14,
        Buffer = 65536,
        Connections = 1,
        Runs = 3,
        Contenders = [],
    };

    private static readonly RunResult[] Runs = [new(3, 30, 0.3, 0.6, 0), new(1, 10, 0.1, 0.4, 8), new(2, 20, 0.2, 0.5, 4)];

    [Fact]
    public void A_row_has_the_fields_of_the_format_in_their_order()
    {
        using var document = JsonDocument.Parse(BenchRowJson.Write([Cell.ToRow(new Contender(Over.Smc, "sync", true), Runs)]));
        Assert.Equal(Fields, document.RootElement[0].EnumerateObject().Select(p => p.Name));
    }

    [Fact]
    public void A_row_holds_median_range_and_what_the_cell_says()
    {
        BenchRow row = Cell.ToRow(new Contender(Over.Smc, "sync", true), Runs);
        Assert.Equal((2, 1, 3, 3, 20.0), (row.Median, row.Min, row.Max, row.Runs, row.P99));
        Assert.Equal(("smc-d", "sync", 14, 65536, true), (row.Over, row.Api, row.Bytes, row.Buffer, row.Spin));
        Assert.Equal((0.2, 0.5, 4.0), (row.CpuClientS, row.CpuServerS, row.Allocated));
    }

    [Fact]
    public void What_has_no_meaning_is_null()
    {
        using var document = JsonDocument.Parse(BenchRowJson.Write([Cell.ToRow(new Contender(Over.Uds, "sync", null), [new RunResult(1)])]));
        JsonElement row = document.RootElement[0];
        foreach (string field in (string[])["spin", "threads", "p99", "cpu_client_s", "allocated"])
            Assert.Equal(JsonValueKind.Null, row.GetProperty(field).ValueKind);
    }

    [Fact]
    public void Idle_connections_tell_their_memory_and_descriptors_in_rows_of_their_own()
    {
        BenchCell cell = Cell with { Workload = "idle", Connections = 1000 };
        BenchRow[] rows = [.. cell.ExtraRows(new Contender(Over.Tcp, "async", null), [new RunResult(1, ResidentBytes: 5000, Descriptors: 2)])];
        Assert.Equal([("idle-resident", "bytes", 5000.0), ("idle-descriptors", "count", 2.0)], rows.Select(r => (r.Workload, r.Unit, r.Median)));
    }

    [Fact]
    public void A_siege_tells_the_quiet_half_of_its_runs_in_a_row_of_its_own()
    {
        BenchCell cell = Cell with { Workload = BenchCell.Besieged };
        BenchRow row = Assert.Single(cell.ExtraRows(new Contender(Over.Smc, "async", true), [new RunResult(1, CpuServerS: 9, Quiet: new RunResult(3, CpuServerS: 5))]));
        Assert.Equal(("connect-quiet", "us", 3.0, 5.0), (row.Workload, row.Unit, row.Median, row.CpuServerS));
    }

    [Fact]
    public void Connections_in_a_row_tell_their_errors()
    {
        BenchCell cell = Cell with { Workload = "connect", CountErrors = true };
        BenchRow row = Assert.Single(cell.ExtraRows(new Contender(Over.Smc, "async", true), [new RunResult(1, Errors: 3)]));
        Assert.Equal(("connect-errors", "count", 3.0), (row.Workload, row.Unit, row.Median));
    }
}
