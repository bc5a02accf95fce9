using Smc.Host.Bench;
using Smc.Host.Carriers;
using Smc.Host.CommandLine;

namespace Smc.Host.Tests.Bench;

public sealed class BenchPlanTests
{
    [Theory]
    [InlineData((int)BenchPace.Full, 5)]
    [InlineData((int)BenchPace.Quick, 3)]
    [InlineData((int)BenchPace.Smoke, 1)]
    public void Every_cell_has_its_runs_and_a_rival(int pace, int runs)
    {
        foreach (BenchCell cell in new BenchPlan((BenchPace)pace).Cells([]).Where(c => !c.CountErrors && !c.HasQuiet))
        {
            Assert.Equal(runs, cell.Runs);
            Assert.Contains(cell.Contenders, c => c.Over == Over.Smc);
            Assert.Contains(cell.Contenders, c => c.Over == Over.Tcp);
            Assert.Contains(cell.Contenders, c => c.Over == Over.Uds);
        }
    }

    [Theory]
    [InlineData((int)BenchPace.Full, 100_000)]
    [InlineData((int)BenchPace.Quick, 10_000)]
    [InlineData((int)BenchPace.Smoke, 500)]
    public void Connections_in_a_row_are_as_many_as_the_pace_says(int pace, int connections)
    {
        BenchCell cell = Assert.Single(new BenchPlan((BenchPace)pace).Cells(["connect"]), c => c.CountErrors);
        Assert.Equal((connections, 1), (cell.Connections!.Value, cell.Threads!.Value));
    }

    [Theory]
    [InlineData((int)BenchPace.Full, 5, 1000)]
    [InlineData((int)BenchPace.Quick, 3, 1000)]
    [InlineData((int)BenchPace.Smoke, 1, 20)]
    public void A_besieged_server_has_64_clients_beside_its_silent_handshakes(int pace, int runs, int silent)
    {
        BenchCell cell = Assert.Single(new BenchPlan((BenchPace)pace).Cells(["connect/connect-besieged"]));
        Assert.Equal((runs, silent, 64), (cell.Runs, cell.Silent, cell.Clients));
        PeerConfiguration configuration = cell.Configure(Assert.Single(cell.Contenders), "/folder", "127.0.0.1:1", isServer: false);
        Assert.Equal((silent, configuration), (configuration.Silent, PeerConfiguration.Parse(configuration.ToString())));
    }

    [Theory]
    [InlineData((int)BenchPace.Full, 5, 1000, 100)]
    [InlineData((int)BenchPace.Quick, 3, 1000, 100)]
    [InlineData((int)BenchPace.Smoke, 1, 50, 5)]
    public void Streams_are_measured_beside_idle_connections_with_inspectors_and_without(int pace, int runs, int idle, int inspectors)
    {
        IReadOnlyList<BenchCell> cells = new BenchPlan((BenchPace)pace).Cells(["inspect"]);
        Assert.Equal(["one-way-watched 100 B 64 KiB", "one-way-watched 64000 B 64 KiB", "ping-pong-watched 14 B 64 KiB"], cells.Select(cell => cell.ToString()["inspect/".Length..]));
        Assert.All(cells, cell => Assert.Equal((runs, idle, inspectors), (cell.Runs, cell.Idle, cell.Inspectors)));
        PeerConfiguration configuration = cells[0].Configure(Assert.Single(cells[0].Contenders), "/folder", "127.0.0.1:1", isServer: false);
        Assert.Equal((idle, inspectors, configuration), (configuration.Idle, configuration.Inspectors, PeerConfiguration.Parse(configuration.ToString())));
    }

    [Theory]
    [InlineData((int)BenchPace.Full, 10_000_000)]
    [InlineData((int)BenchPace.Quick, 1_000_000)]
    [InlineData((int)BenchPace.Smoke, 10_000)]
    public void Damaged_messages_are_as_many_as_the_pace_says(int pace, int inputs)
    {
        var plan = new BenchPlan((BenchPace)pace);
        Assert.Equal(inputs, plan.FuzzInputs([]));
        Assert.Equal(inputs, plan.FuzzInputs(["streams", "fuzz"]));
        Assert.Equal(0, plan.FuzzInputs(["streams"]));
        Assert.Empty(plan.Cells(["fuzz"]));
    }

    [Fact]
    public void Only_the_groups_asked_for_are_run()
    {
        Assert.All(new BenchPlan(BenchPace.Quick).Cells(["streams"]), c => Assert.Equal("streams", c.Group));
        Assert.All(new BenchPlan(BenchPace.Quick).Cells(["connect/idle"]), c => Assert.Equal("idle", c.Workload));
        Assert.Contains("scale", Assert.Throws<CommandFailure>(() => new BenchPlan(BenchPace.Quick).Cells(["scale"])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_configuration_survives_the_way_to_its_process()
    {
        BenchCell cell = new BenchPlan(BenchPace.Quick).Cells(["streams"])[0];
        PeerConfiguration configuration = cell.Configure(cell.Contenders[0], "/folder", "127.0.0.1:1", isServer: true);
        Assert.Equal(configuration, PeerConfiguration.Parse(configuration.ToString()));
    }

    [Fact]
    public void A_round_survives_the_way_to_its_server()
    {
        var round = new Round(RoundKind.PingPong, 14, long.MaxValue);
        Assert.Equal(round, Round.Parse(round.ToBytes()));
        Assert.Equal(Round.HeaderLength, round.ToBytes().Length);
    }
}
