using Smc.Actors.Inspection.Reports;
using Smc.Host.Carriers;

namespace Smc.Host.Bench;

/// <summary>Who takes part in a cell.</summary>
/// <param name="Over">The carrier.</param>
/// <param name="Api">sync, async or async-inline.</param>
/// <param name="Spin">Whether SMC spins; null for sockets, which cannot.</param>
internal sealed record Contender(Over Over, string Api, bool? Spin)
{
    public override string ToString() => $"{Over.Name()} {Api}{Spin switch { true => " spin", false => " no spin", null => "" }}";
}

/// <summary>One workload of one size, run by rivals in turn.</summary>
internal sealed record BenchCell
{
    /// <summary>The workload that is measured without and with silent handshakes at its server, and the row of the former.</summary>
    public const string Besieged = "connect-besieged";

    /// <summary>Behind the name of a workload that is measured while others look into its server, and in the name of the row without them.</summary>
    public const string Watched = "-watched";

    private const string Alone = "-alone";
    private const string Quiet = "connect-quiet";

    public required string Group { get; init; }
    public required string Workload { get; init; }
    public required string Unit { get; init; }
    public required Contender[] Contenders { get; init; }
    public int? Bytes { get; init; }
    public int? Connections { get; init; }
    public int? Threads { get; init; }
    public int? Buffer { get; init; }

    /// <summary>Clients at once, or connections that idle.</summary>
    public int Clients { get; init; } = 1;

    /// <summary>Operations of a run where that is fixed; 0 where time decides.</summary>
    public long FixedCount { get; init; }

    /// <summary>Whether the number of failed operations is a row of its own.</summary>
    public bool CountErrors { get; init; }

    /// <summary>Silent handshakes at the server in one half of each run.</summary>
    public int Silent { get; init; }

    /// <summary>Connections that idle beside those that are measured.</summary>
    public int Idle { get; init; }

    /// <summary>Inspectors of the server in one half of each run, each of which asks once a second.</summary>
    public int Inspectors { get; init; }

    /// <summary>Whether each run has two halves, with others at the server and without.</summary>
    public bool HasQuiet => Silent > 0 || Inspectors > 0;

    /// <summary>The halves of a run, as their ratio is printed.</summary>
    public string Halves => Inspectors > 0 ? "watched/alone" : "besieged/quiet";

    public int Runs { get; init; }
    public int RunMilliseconds { get; init; }

    /// <summary>Whether a smaller value wins.</summary>
    public bool IsCost => Unit == "us";

    public override string ToString() =>
        $"{Group}/{Workload}{(Bytes is { } b ? $" {b} B" : "")}{(Buffer is { } k ? $" {ReportText.Size(k)}" : "")}{(Connections is > 1 and { } c ? $" x{c}" : "")}";

    public PeerConfiguration Configure(Contender contender, string folder, string at, bool isServer) => new()
    {
        Workload = Workload,
        Over = contender.Over,
        Api = contender.Api,
        Spin = contender.Spin,
        Bytes = Bytes ?? 1,
        Buffer = Buffer,
        Connections = Clients,
        FixedCount = FixedCount,
        CountErrors = CountErrors,
        Silent = Silent,
        Idle = Idle,
        Inspectors = Inspectors,
        RunMilliseconds = RunMilliseconds,
        Folder = folder,
        At = at,
        IsServer = isServer,
    };

    /// <summary>The row of one contender's runs.</summary>
    public BenchRow ToRow(Contender contender, IReadOnlyList<RunResult> runs) => new()
    {
        Group = Group,
        Workload = Workload,
        Over = contender.Over.Name(),
        Api = contender.Api,
        Bytes = Bytes,
        Connections = Connections,
        Threads = Threads,
        Buffer = Buffer,
        Spin = contender.Spin,
        Unit = Unit,
        Median = Statistics.Median(runs.Select(r => r.Value)),
        Min = runs.Min(r => r.Value),
        Max = runs.Max(r => r.Value),
        Runs = runs.Count,
        P99 = Statistics.Median(runs.Select(r => r.P99)),
        CpuClientS = Statistics.Median(runs.Select(r => r.CpuClientS)),
        CpuServerS = Statistics.Median(runs.Select(r => r.CpuServerS)),
        Allocated = Statistics.Median(runs.Select(r => r.Allocated)),
    };

    /// <summary>What else the runs measured, as rows of their own.</summary>
    public IEnumerable<BenchRow> ExtraRows(Contender contender, IReadOnlyList<RunResult> runs)
    {
        BenchRow row = ToRow(contender, runs) with { P99 = null, CpuClientS = null, CpuServerS = null, Allocated = null };
        if (Workload == "idle")
        {
            yield return Extra(row, "idle-resident", "bytes", runs.Select(r => r.ResidentBytes ?? 0));
            yield return Extra(row, "idle-descriptors", "count", runs.Select(r => r.Descriptors ?? 0));
        }
        else if (Workload == Besieged || Inspectors > 0)
        {
            yield return ToRow(contender, [.. runs.Select(r => r.Quiet!)]) with { Workload = Workload == Besieged ? Quiet : Workload.Replace(Watched, Alone, StringComparison.Ordinal) };
        }
        else if (CountErrors)
        {
            yield return Extra(row, "connect-errors", "count", runs.Select(r => (double)r.Errors));
        }
    }

    private static BenchRow Extra(BenchRow row, string workload, string unit, IEnumerable<double> values)
    {
        double[] all = [.. values];
        return row with { Workload = workload, Unit = unit, Median = Statistics.Median(all), Min = all.Min(), Max = all.Max() };
    }
}
