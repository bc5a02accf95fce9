using Smc.Actors.Inspection.Reports;
using Smc.Host.Bench;
using Smc.Host.Carriers;

namespace Smc.Host.Tests.Bench;

public sealed class BenchReportTests
{
    private static readonly Contender Ours = new(Over.Smc, "sync", true);
    private static readonly Contender Theirs = new(Over.Tcp, "sync", null);

    [Fact]
    public void The_widest_row_fits_the_table()
    {
        var row = new BenchRow
        {
            Group = "connect",
            Workload = "idle-descriptors",
            Over = "tcp-nagle",
            Api = "async-inline",
            Bytes = 64000,
            Buffer = 1 << 20,
            Spin = true,
            Unit = "conn/s",
            Median = 99_999_999,
            Min = 99_999_999,
            Max = 99_999_999,
            P99 = 99_999,
            CpuClientS = 99_999,
            CpuServerS = 99_999,
            Allocated = 99_999,
        };
        string table = BenchReport.Table([row]).ToString();
        Assert.All(table.Split('\n'), line => Assert.InRange(line.Length, 0, TextTable.MaxWidth));
        Assert.DoesNotContain('…', table);
    }

    [Theory]
    [InlineData("us", 1, 50, "1/50.0", false)]
    [InlineData("us", 60, 50, "1.20", true)]
    [InlineData("msg/s", 100, 50, "2.00", false)]
    [InlineData("msg/s", 10, 50, "0.200", true)]
    public void A_ratio_says_who_loses(string unit, double ours, double theirs, string text, bool loses)
    {
        var cell = new BenchCell { Group = "g", Workload = "w", Unit = unit, Contenders = [] };
        string line = Assert.Single(BenchReport.Ratios(new CellOutcome(cell, [(Ours, [new RunResult(ours)]), (Theirs, [new RunResult(theirs)])], [])));
        Assert.Contains("ours/tcp", line, StringComparison.Ordinal);
        Assert.Contains(text, line, StringComparison.Ordinal);
        Assert.Equal(loses, line.EndsWith("LOSES", StringComparison.Ordinal));
    }

    [Fact]
    public void Ratios_are_of_runs_side_by_side()
    {
        var cell = new BenchCell { Group = "g", Workload = "w", Unit = "MB/s", Contenders = [] };
        RunResult[] mine = [new(10), new(20), new(30)], rival = [new(10), new(10), new(10)];
        Assert.Contains("2.00  (1.00 to 3.00)", Assert.Single(BenchReport.Ratios(new CellOutcome(cell, [(Ours, mine), (Theirs, rival)], []))), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(90, "0.900", false)]
    [InlineData(80, "0.800", true)]
    public void A_siege_that_costs_more_than_a_tenth_is_told(double besieged, string text, bool loses)
    {
        var cell = new BenchCell { Group = "g", Workload = BenchCell.Besieged, Unit = "conn/s", Contenders = [] };
        RunResult[] runs = [new(besieged, Quiet: new RunResult(100))];
        string line = Assert.Single(BenchReport.Ratios(new CellOutcome(cell, [(Ours, runs)], [])));
        Assert.Contains("besieged/quiet", line, StringComparison.Ordinal);
        Assert.Contains(text, line, StringComparison.Ordinal);
        Assert.Equal(loses, line.EndsWith("LOSES", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(1_990, "1.99", false)]
    [InlineData(2_000, "2.00", true)]
    public void A_siege_that_doubles_the_slowest_hundredth_is_told(double besieged, string text, bool loses)
    {
        var cell = new BenchCell { Group = "g", Workload = BenchCell.Besieged, Unit = "conn/s", Contenders = [] };
        RunResult[] runs = [new(100, ConnectP99: besieged, Quiet: new RunResult(100, ConnectP99: 1_000))];
        string line = BenchReport.Ratios(new CellOutcome(cell, [(Ours, runs)], [])).Last();
        Assert.Contains("p99", line, StringComparison.Ordinal);
        Assert.Contains($"{text}  ({text} to {text})", line, StringComparison.Ordinal);
        Assert.Contains("quiet 1000 us", line, StringComparison.Ordinal);
        Assert.Equal(loses, line.EndsWith("LOSES", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("msg/s", 91, "0.910", false)]
    [InlineData("msg/s", 89, "0.890", true)]
    [InlineData("us", 110, "1.10", false)]
    [InlineData("us", 120, "1.20", true)]
    public void Inspectors_that_cost_more_than_a_tenth_are_told(string unit, double watched, string text, bool loses)
    {
        var cell = new BenchCell { Group = "g", Workload = "one-way" + BenchCell.Watched, Unit = unit, Contenders = [], Inspectors = 1 };
        string line = Assert.Single(BenchReport.Ratios(new CellOutcome(cell, [(Ours, [new(watched, Quiet: new RunResult(100), Looked: 0.98, LookedCpuMs: 55)])], [])));
        Assert.Contains("0.980 answers/s each for 55.0 ms/s of theirs", line, StringComparison.Ordinal);
        Assert.Contains("watched/alone", line, StringComparison.Ordinal);
        Assert.Contains(text, line, StringComparison.Ordinal);
        Assert.Equal(loses, line.EndsWith("LOSES", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(900, 1000, true)]
    [InlineData(899, 1000, false)]
    [InlineData(1, 19.9, true)]
    [InlineData(0, 0.1, false)]
    public void Each_inspector_is_to_be_answered_nine_times_in_ten_seconds_where_a_run_is_long_enough_to_judge(int answers, double due, bool areEnough) =>
        Assert.Equal(areEnough, Onlookers.AreEnough(answers, due));

    [Fact]
    public void The_header_names_the_machine()
    {
        string header = BenchReport.Header(BenchPace.Smoke);
        foreach (string word in (string[])["core", "Linux", ".NET", "GC", "spin", "not pinned", "SMOKE"]) Assert.Contains(word, header, StringComparison.Ordinal);
    }

    [Fact]
    public void A_median_is_the_middle_or_the_mean_of_the_two_in_it()
    {
        Assert.Equal(2, Statistics.Median([3, 1, 2]));
        Assert.Equal(1.5, Statistics.Median([2, 1]));
        Assert.Null(Statistics.Median([1.0, null]));
    }
}
