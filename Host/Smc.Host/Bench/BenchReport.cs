using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Runtime;
using System.Runtime.InteropServices;
using Smc.Actors.Inspection.Reports;
using Smc.Host.Carriers;
using Smc.Transport;

namespace Smc.Host.Bench;

/// <summary>What a bench prints: the machine, the rows, and the ratios between ours and each rival.</summary>
internal static class BenchReport
{
    /// <summary>The least share of its own speed that ours may keep while others are silent at its server, or look into it.</summary>
    private const double LeastOfQuiet = 0.9;

    /// <summary>What the slowest hundredth of the connections may come to, over the same by itself.</summary>
    private const double MostOfQuietP99 = 2;

    /// <summary>False for a debug build, whose code the JIT leaves as it is, while that of the rivals comes optimized with .NET.</summary>
    private static bool IsOptimized => typeof(SmcStream).Assembly.GetCustomAttribute<DebuggableAttribute>()?.IsJITOptimizerDisabled != true;

    public static string Header(BenchPace pace)
    {
        int cores = Environment.ProcessorCount;
        return $"""
            machine  {CpuName()}, {cores} {(cores == 1 ? "core" : "cores")}, Linux {Release()}, {RuntimeInformation.OSArchitecture}
            runtime  {RuntimeInformation.FrameworkDescription}, {(GCSettings.IsServerGC ? "server" : "workstation")} GC, tiered compilation with PGO{(IsOptimized ? "" : "; DEBUG BUILD: ours is not optimized")}
            run      two processes, threads not pinned; contenders interleaved; socket buffers capped by net.core.wmem_max = {Limit("wmem_max")}
            spin     as each row says; sockets cannot spin{(pace == BenchPace.Smoke ? "; SMOKE: the figures mean nothing" : "")}

            """;
    }

    public static TextTable Table(IEnumerable<BenchRow> rows)
    {
        var table = new TextTable("workload", "over", "api", "spin", "of", "unit", ">median", ">min", ">max", ">p99", ">cpu c", ">cpu s", ">alloc");
        foreach (BenchRow r in rows)
        {
            string spin = r.Spin switch { true => "on", false => "off", null => "" };
            table.Add(r.Workload, r.Over, r.Api, spin, Of(r), r.Unit,
                Short(r.Median), Short(r.Min), Short(r.Max), Short(r.P99), Short(r.CpuClientS), Short(r.CpuServerS), Short(r.Allocated));
        }
        return table;
    }

    /// <summary>Ours over each rival, run by run, and ours besieged or watched over ours; the cells that lose are marked, not left out.</summary>
    public static IEnumerable<string> Ratios(CellOutcome outcome)
    {
        foreach ((Contender contender, IReadOnlyList<RunResult> runs) in outcome.Results.Where(r => r.Runs.All(run => run.Quiet is not null)))
        {
            double[] ratios = [.. runs.Select(r => r.Value / r.Quiet!.Value)];
            double median = Statistics.Median(ratios);
            yield return $"{$"{outcome.Cell}, {contender.Api}",-48} {outcome.Cell.Halves,-14} {Short(median),8}  ({Short(ratios.Min())} to {Short(ratios.Max())})"
                + (runs.Min(r => r.Looked) is { } looked ? $"  {Short(looked)} answers/s each" : "")
                + (Statistics.Median(runs.Select(r => r.LookedCpuMs)) is { } cpu ? $" for {Short(cpu)} ms/s of theirs" : "")
                + ((outcome.Cell.IsCost ? 1 / median : median) < LeastOfQuiet ? "  LOSES" : "");
            if (TailRatio(outcome.Cell, contender, runs) is { } tail) yield return tail;
        }
        foreach ((Contender ours, IReadOnlyList<RunResult> mine) in outcome.Results.Where(r => r.Contender.Over == Over.Smc))
            foreach ((Contender rival, IReadOnlyList<RunResult> theirs) in outcome.Results.Where(r => r.Contender.Over != Over.Smc))
            {
                double[] ratios = [.. mine.Zip(theirs, (m, t) => m.Value / t.Value).Where(double.IsFinite)];
                if (ratios.Length == 0) continue;
                double median = Statistics.Median(ratios);
                bool loses = outcome.Cell.IsCost ? median > 1 : median < 1;
                string name = $"{outcome.Cell}, {ours.Api}{ours.Spin switch { false => " no spin", _ => "" }}";
                yield return $"{name,-48} ours/{rival.Over.Name(),-9} {Short(median),8}  ({Short(ratios.Min())} to {Short(ratios.Max())})"
                    + (outcome.Cell.IsCost && !loses ? $"  1/{Short(1 / median)}" : "") + (loses ? "  LOSES" : "");
            }
    }

    /// <summary>The slowest hundredth of the connections, besieged and by themselves; null where that was not measured.</summary>
    private static string? TailRatio(BenchCell cell, Contender contender, IReadOnlyList<RunResult> runs)
    {
        double[] ratios = [.. runs.Select(r => r.ConnectP99 / r.Quiet!.ConnectP99 ?? double.NaN).Where(double.IsFinite)];
        if (ratios.Length == 0) return null;
        double median = Statistics.Median(ratios);
        return $"{$"{cell}, {contender.Api}, p99",-48} {cell.Halves,-14} {Short(median),8}  ({Short(ratios.Min())} to {Short(ratios.Max())})"
            + $"  {Short(Statistics.Median(runs.Select(r => r.ConnectP99)))} us, quiet {Short(Statistics.Median(runs.Select(r => r.Quiet!.ConnectP99)))} us"
            + (median < MostOfQuietP99 ? "" : "  LOSES");
    }

    /// <summary>Ours over a rival, where more is better.</summary>
    public static string Ratio(BenchRow ours, BenchRow rival)
    {
        double ratio = ours.Median / rival.Median;
        return $"{$"{ours.Group}/{ours.Workload}, {ours.Over}",-48} ours/{rival.Over,-9} {Short(ratio),8}{(ratio < 1 ? "  LOSES" : "")}";
    }

    /// <summary>Each rival over ours of the same cell, where less is better.</summary>
    public static IEnumerable<string> CostRatios(IReadOnlyList<BenchRow> rows)
    {
        foreach (IGrouping<string, BenchRow> cell in rows.GroupBy(row => $"{row.Group}/{row.Workload} {Of(row)}"))
        {
            BenchRow ours = cell.First();
            foreach (BenchRow rival in cell.Skip(1))
            {
                double ratio = rival.Median / ours.Median;
                yield return $"{$"{cell.Key}, {ours.Over}",-48} {rival.Over + "/ours",-22} {Short(ratio),8}{(ratio < 1 ? "  LOSES" : "")}";
            }
        }
    }

    /// <summary>Three significant digits or so.</summary>
    internal static string Short(double? value) => value switch
    {
        null => "",
        0 => "0",
        { } v when Math.Abs(v) >= 10_000_000 => (v / 1e6).ToString("0.0", CultureInfo.InvariantCulture) + "M",
        { } v when Math.Abs(v) >= 100_000 => (v / 1e3).ToString("0", CultureInfo.InvariantCulture) + "k",
        { } v when Math.Abs(v) >= 100 => v.ToString("0", CultureInfo.InvariantCulture),
        { } v when Math.Abs(v) >= 10 => v.ToString("0.0", CultureInfo.InvariantCulture),
        { } v when Math.Abs(v) >= 0.995 => v.ToString("0.00", CultureInfo.InvariantCulture),
        { } v => v.ToString("0.000", CultureInfo.InvariantCulture),
    };

    private static string Of(BenchRow row) => row switch
    {
        { Buffer: { } buffer } => $"{row.Bytes}B {ReportText.Size(buffer).Replace(" ", "", StringComparison.Ordinal)}",
        { Connections: { } count } => $"x{count}{Threads(row)}",
        _ => $"{row.Bytes}{Threads(row)}",
    };

    private static string Threads(BenchRow row) => row.Threads > 1 ? $" {row.Threads} threads" : "";

    private static string CpuName() => File.ReadLines("/proc/cpuinfo").FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal))
        is { } line ? line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim() : "unnamed processor";

    private static string Release() => File.ReadAllText("/proc/sys/kernel/osrelease").Trim();

    private static string Limit(string name) => File.ReadAllText($"/proc/sys/net/core/{name}").Trim();
}
