using System.Reflection;
using System.Text.Json;

namespace Smc.Host.Tests.Programs;

/// <summary>The demo and the bench, small: they run to their end, and print what they promise.</summary>
public sealed class DemoAndBenchTests : TestFolder
{
    [Fact]
    public async Task The_demo_passes_and_shows_its_tables()
    {
        Ended demo = await SmcProcess.RunAsync("demo", "--size", "8MiB", "--seed", "7");
        Assert.Equal((0, ""), (demo.ExitCode, demo.Errors));
        Assert.Contains("seed 7", demo.Output, StringComparison.Ordinal);
        Assert.Matches(@"\nsmc-d +SMC-D .* verified\ntcp +TCP .* verified\nuds +UDS .* verified\n", demo.Output);
        Assert.Matches(@"\nA +\S+ +ACTIVE .* SMC-D ", demo.Output);
        Assert.Contains("\nPASS: ", demo.Output, StringComparison.Ordinal);
        Assert.All(demo.Output.Split('\n'), line => Assert.InRange(line.Length, 0, 120));
    }

    [Fact]
    public async Task The_fuzz_group_prints_its_seed_and_gives_one_row()
    {
        Ended bench = await SmcProcess.RunAsync("bench", "--smoke", "--only", "fuzz", "--seed", "7", "--json", At("rows"));
        Assert.Equal((0, ""), (bench.ExitCode, bench.Errors));
        Assert.StartsWith("fuzz     10,000 damaged CLC messages, seed 7: ", bench.Output, StringComparison.Ordinal);
        Assert.Contains("no exception, 0 bytes allocated", bench.Output, StringComparison.Ordinal);
        using var document = JsonDocument.Parse(File.ReadAllText(At("rows")));
        Assert.Equal("ours-clc", Assert.Single(document.RootElement.EnumerateArray()).GetProperty("over").GetString());
    }

    [Fact]
    public async Task Actors_are_measured_beside_channels_and_named_by_their_build()
    {
        Ended bench = await SmcProcess.RunAsync("bench", "--smoke", "--only", "actors", "--json", At("rows"));
        Assert.Equal((0, ""), (bench.ExitCode, bench.Errors));
        using var document = JsonDocument.Parse(File.ReadAllText(At("rows")));
        JsonElement[] rows = [.. document.RootElement.EnumerateArray()];
        Assert.Equal(["ping-pong", "ping-pong", "fan-in", "fan-in"], rows.Select(row => row.GetProperty("workload").GetString()));
        bool isEmbedded = typeof(Akka.Actor.ActorSystem).Assembly.GetCustomAttribute<AssemblyProductAttribute>()!.Product == "Smc.Actors";
        Assert.Equal(isEmbedded ? "ours-embedded" : "ours-packages", rows[0].GetProperty("over").GetString());
        Assert.Equal("channels", rows[1].GetProperty("over").GetString());
        Assert.All(rows, row => Assert.Equal("msg/s", row.GetProperty("unit").GetString()));
        Assert.All(rows, row => Assert.True(row.GetProperty("median").GetDouble() > 0));
        Assert.Contains("ours/channels", bench.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("streams/ping-pong", 9)]
    [InlineData("connect/idle", 9)]
    public async Task A_bench_group_gives_a_row_for_each_contender(string group, int rows)
    {
        Ended bench = await SmcProcess.RunAsync("bench", "--smoke", "--only", group, "--json", At("rows"));
        Assert.Equal((0, ""), (bench.ExitCode, bench.Errors));
        using var document = JsonDocument.Parse(File.ReadAllText(At("rows")));
        Assert.Equal(rows, document.RootElement.GetArrayLength());
        Assert.All(document.RootElement.EnumerateArray(), row => Assert.True(row.GetProperty("runs").GetInt32() == 1));
        Assert.Contains("ours/uds", bench.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_siege_gives_a_row_with_its_silent_handshakes_and_one_without()
    {
        Ended bench = await SmcProcess.RunAsync("bench", "--smoke", "--only", "connect/connect-besieged", "--json", At("rows"));
        Assert.Equal((0, ""), (bench.ExitCode, bench.Errors));
        using var document = JsonDocument.Parse(File.ReadAllText(At("rows")));
        Assert.Equal(["connect-besieged", "connect-quiet"], document.RootElement.EnumerateArray().Select(row => row.GetProperty("workload").GetString()));
        Assert.Equal(2, bench.Output.Split("besieged/quiet").Length - 1);   // the rate, and the slowest hundredth
    }

    [Fact]
    public async Task Streams_give_a_row_with_inspectors_who_look_in_and_one_without()
    {
        Ended bench = await SmcProcess.RunAsync("bench", "--smoke", "--only", "inspect", "--json", At("rows"));
        Assert.Equal((0, ""), (bench.ExitCode, bench.Errors));
        using var document = JsonDocument.Parse(File.ReadAllText(At("rows")));
        string[] expected = ["one-way-watched", "one-way-alone", "one-way-watched", "one-way-alone", "ping-pong-watched", "ping-pong-alone"];
        Assert.Equal(expected, document.RootElement.EnumerateArray().Select(row => row.GetProperty("workload").GetString()));
        Assert.Equal(3, bench.Output.Split("watched/alone").Length - 1);
    }
}
