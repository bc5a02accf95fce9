using Smc.Host.Bench.Buffers;
using Smc.Host.Bench.Messages;
using Smc.Host.Carriers;
using Smc.Host.CommandLine;

namespace Smc.Host.Bench;

/// <summary>How long a bench may take.</summary>
internal enum BenchPace
{
    Full,
    Quick,

    /// <summary>Tiny counts, one run: shows that every cell works, and measures nothing.</summary>
    Smoke,
}

/// <summary>
/// The cells of the groups <c>streams</c>, <c>connect</c> and <c>inspect</c>, and whether <c>actors</c> and <c>buffers</c>, which need no second
/// process, and <c>fuzz</c>, which has no rival, are asked for.
/// </summary>
internal sealed class BenchPlan(BenchPace pace)
{
    private const int SmallBuffer = 64 * 1024;
    private const int LargeBuffer = 1024 * 1024;
    private const int PingPongBytes = 14;
    private const string Fuzz = "fuzz";
    private const string Inspect = "inspect";

    public static readonly string[] Groups = ["streams", "connect", Inspect, MessageBench.Group, BufferBench.Group, Fuzz];

    /// <param name="only">Groups, or GROUP/WORKLOAD; empty means all.</param>
    public IReadOnlyList<BenchCell> Cells(IReadOnlyList<string> only)
    {
        BenchCell[] all = [.. OneWay(), .. PingPong(), .. Connect(), .. Idle(), .. Watched()];
        if (only.Count == 0) return all;
        foreach (string name in only)
            if (name is not (Fuzz or MessageBench.Group or BufferBench.Group) && !all.Any(c => Is(c, name)))
                throw CommandFailure.Usage($"there is no bench group '{name}'; there are {string.Join(", ", Groups)}.");
        return [.. all.Where(c => only.Any(name => Is(c, name)))];
    }

    /// <summary>Whether a group without a second process is asked for.</summary>
    public static bool Has(string group, IReadOnlyList<string> only) => only.Count == 0 || only.Contains(group);

    /// <summary>Damaged CLC messages to decode; 0 when the group is not asked for.</summary>
    public int FuzzInputs(IReadOnlyList<string> only)
    {
        if (only.Count > 0 && !only.Contains(Fuzz)) return 0;
        return pace switch { BenchPace.Full => 10_000_000, BenchPace.Quick => 1_000_000, _ => 10_000 };
    }

    private static bool Is(BenchCell cell, string name) => cell.Group == name || $"{cell.Group}/{cell.Workload}" == name;

    private IEnumerable<BenchCell> OneWay()
    {
        int[] sizes = pace == BenchPace.Full ? [1, 100, 1024, 16384, 64000] : [100, 64000];
        foreach (int buffer in (int[])[SmallBuffer, LargeBuffer])
            foreach (int bytes in sizes)
                foreach (string api in bytes is 100 or 64000 ? (string[])[PeerConfiguration.Sync, PeerConfiguration.Async] : [PeerConfiguration.Sync])
                    yield return Timed(500, 250, 20) with
                    {
                        Workload = "one-way",
                        Unit = bytes < OneWayClient.BulkBytes ? "msg/s" : "MB/s",
                        Bytes = bytes,
                        Buffer = buffer,
                        Connections = 1,
                        Contenders = [Ours(api, true), Theirs(Over.Tcp, api), Theirs(Over.TcpNagle, api), Theirs(Over.Uds, api)],
                    };
    }

    private IEnumerable<BenchCell> PingPong()
    {
        BenchCell cell = Timed(500, 250, 20) with { Workload = "ping-pong", Unit = "us", Bytes = PingPongBytes, Buffer = SmallBuffer, Connections = 1 };
        string sync = PeerConfiguration.Sync, async = PeerConfiguration.Async, inline = PeerConfiguration.AsyncInline;
        yield return cell with { Contenders = [Ours(sync, true), Ours(sync, false), Theirs(Over.Tcp, sync), Theirs(Over.Uds, sync)] };
        yield return cell with
        {
            Contenders = [Ours(async, true), Ours(async, false), Ours(inline, true), Theirs(Over.Tcp, async), Theirs(Over.Uds, async)],
        };
    }

    private IEnumerable<BenchCell> Connect()
    {
        BenchCell cell = Timed(1000, 500, 64) with { Group = "connect", Workload = "connect", Unit = "conn/s", Bytes = 1 };
        foreach (int clients in (int[])[1, 8, 64])
            yield return cell with { Connections = clients, Clients = clients, Contenders = EachOnce(PeerConfiguration.Async) };
        int inARow = pace switch { BenchPace.Full => 100_000, BenchPace.Quick => 10_000, _ => 500 };
        yield return cell with { Connections = inARow, Threads = 1, FixedCount = inARow, CountErrors = true, Runs = 1, Contenders = [Ours(PeerConfiguration.Async, true)] };
        yield return Timed(2000, 1000, 64) with
        {
            Group = "connect",
            Workload = BenchCell.Besieged,
            Unit = "conn/s",
            Bytes = 1,
            Connections = 64,
            Clients = 64,
            Silent = pace == BenchPace.Smoke ? 20 : 1000,
            Contenders = [Ours(PeerConfiguration.Async, true)],
        };
    }

    private IEnumerable<BenchCell> Idle()
    {
        int connections = pace == BenchPace.Smoke ? 50 : 1000;
        yield return Timed(10_000, 2_000, 0) with
        {
            Group = "connect",
            Workload = "idle",
            Unit = "us",
            Connections = connections,
            Clients = connections,
            RunMilliseconds = pace switch { BenchPace.Full => 10_000, BenchPace.Quick => 2_000, _ => 200 },
            Contenders = EachOnce(PeerConfiguration.Async),
        };
    }

    private IEnumerable<BenchCell> Watched()
    {
        BenchCell cell = Timed(5000, 2000, 100) with
        {
            Group = Inspect,
            Buffer = SmallBuffer,
            Connections = 1,
            Idle = pace == BenchPace.Smoke ? 50 : 1000,
            Inspectors = pace == BenchPace.Smoke ? 5 : 100,
            Contenders = [Ours(PeerConfiguration.Async, true)],
        };
        yield return cell with { Workload = "one-way" + BenchCell.Watched, Unit = "msg/s", Bytes = 100 };
        yield return cell with { Workload = "one-way" + BenchCell.Watched, Unit = "MB/s", Bytes = 64000 };
        yield return cell with { Workload = "ping-pong" + BenchCell.Watched, Unit = "us", Bytes = PingPongBytes };
    }

    private BenchCell Timed(int milliseconds, int quickMilliseconds, int smokeCount) => new()
    {
        Group = "streams",
        Workload = "",
        Unit = "",
        Contenders = [],
        Runs = pace switch { BenchPace.Full => 5, BenchPace.Quick => 3, _ => 1 },
        RunMilliseconds = pace == BenchPace.Full ? milliseconds : quickMilliseconds,
        FixedCount = pace == BenchPace.Smoke ? smokeCount : 0,
    };

    private static Contender Ours(string api, bool spin) => new(Over.Smc, api, spin);

    private static Contender Theirs(Over over, string api) => new(over, api, null);

    private static Contender[] EachOnce(string api) => [Ours(api, true), Theirs(Over.Tcp, api), Theirs(Over.Uds, api)];
}
