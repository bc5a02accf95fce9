using System.Diagnostics;
using Smc.Actors.Inspection.Reports;
using Smc.Transport;
using Smc.Transport.Memory;

namespace Smc.Host.Bench.Buffers;

/// <summary>Connect, one request and its answer, close, by some clients at once, beside connections that stay: with idle DMBs in free lists, and in a
/// list that is walked. In one process.</summary>
/// <param name="pace">How often, and how long.</param>
internal sealed class ShortConnections(BenchPace pace)
{
    /// <summary>Clients at once, as the published table has them.</summary>
    public static readonly int[] Clients = [2, 4, 8, 16, 32, 64];

    private const string Workload = "short-connections";
    private const int RequestBytes = 100;
    private const int AnswerBytes = 1_000;

    private int Held => pace == BenchPace.Smoke ? 2 : 180;   // with 64 clients: one link group, nearly full

    private int Runs => pace switch { BenchPace.Full => 5, BenchPace.Quick => 3, _ => 1 };

    private TimeSpan RunTime => TimeSpan.FromMilliseconds(pace switch { BenchPace.Full => 2_000, BenchPace.Quick => 500, _ => 1 });

    /// <returns>A row for each number of clients and list.</returns>
    public async Task<IReadOnlyList<BenchRow>> RunAsync(CancellationToken ct)
    {
        (string Name, Func<int, IDescriptorList>? List)[] lists = [("ours-freelist", null), ("list-walk", static capacity => new WalkedList(capacity))];
        var rates = lists.SelectMany(list => Clients.Select(clients => (list.Name, clients))).ToDictionary(cell => cell, _ => new List<Measurement>());
        var started = new List<(string Name, TwoRuntimes Runtimes, List<SmcStream> Held)>();
        foreach ((string name, Func<int, IDescriptorList>? list) in lists)
        {
            TwoRuntimes runtimes = await TwoRuntimes.StartAsync("smc.buffers.size = 64KiB", list, AnswerAsync);
            var held = new List<SmcStream>();
            while (held.Count < Held) held.Add(await runtimes.ConnectAsync());
            started.Add((name, runtimes, held));
            await MeasureAsync(runtimes, clients: 4);
        }

        for (int run = 0; run < Runs; run++)
            foreach (int clients in Clients)
                foreach ((string name, TwoRuntimes runtimes, _) in started)
                {
                    ct.ThrowIfCancellationRequested();
                    rates[(name, clients)].Add(await MeasureAsync(runtimes, clients));
                }

        foreach ((_, TwoRuntimes runtimes, List<SmcStream> held) in started)
        {
            foreach (SmcStream stream in held) await stream.DisposeAsync();
            await runtimes.DisposeAsync();
        }

        return [.. Clients.SelectMany(clients => lists.Select(list => ToRow(list.Name, clients, rates[(list.Name, clients)])))];
    }

    /// <summary>The rows in the layout of the published table.</summary>
    public static TextTable Table(IEnumerable<BenchRow> rows)
    {
        var table = new TextTable(">clients", ">list walk", ">free lists", ">gain");
        foreach (BenchRow[] cell in rows.GroupBy(row => row.Connections).Select(cell => cell.ToArray()))
        {
            (BenchRow ours, BenchRow walk) = (cell[0], cell[1]);
            table.Add($"{ours.Connections}", RangeOf(walk), RangeOf(ours), $"{100 * ((ours.Median / walk.Median) - 1):0} %");
        }

        return table;
    }

    private static string RangeOf(BenchRow row) => $"{row.Median:0} ({row.Min:0} to {row.Max:0})";

    private async Task<Measurement> MeasureAsync(TwoRuntimes runtimes, int clients)
    {
        long allocated = GC.GetTotalAllocatedBytes(precise: true);
        TimeSpan cpu = Environment.CpuUsage.TotalTime;
        long began = Stopwatch.GetTimestamp();
        long[] requests = await Task.WhenAll(Enumerable.Range(0, clients).Select(_ => Task.Run(() => RequestAsync(runtimes, began))));
        double seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        cpu = Environment.CpuUsage.TotalTime - cpu;
        allocated = GC.GetTotalAllocatedBytes(precise: true) - allocated;
        double all = requests.Sum();
        return new Measurement(all / seconds, cpu.TotalSeconds * 1e6 / all, allocated / all);
    }

    private async Task<long> RequestAsync(TwoRuntimes runtimes, long began)
    {
        var block = new byte[AnswerBytes];
        long requests = 0;
        do
        {
            await using SmcStream stream = await runtimes.ConnectAsync();
            await stream.WriteAsync(block.AsMemory(0, RequestBytes));
            await stream.ReadExactlyAsync(block);
            requests++;
        }
        while (Stopwatch.GetElapsedTime(began) < RunTime);
        return requests;
    }

    private static async Task AnswerAsync(Stream stream)
    {
        var block = new byte[AnswerBytes];
        Memory<byte> request = block.AsMemory(0, RequestBytes);
        while (await stream.ReadAtLeastAsync(request, RequestBytes, throwOnEndOfStream: false) == RequestBytes) await stream.WriteAsync(block);
    }

    private static BenchRow ToRow(string name, int clients, List<Measurement> runs) => new()
    {
        Group = BufferBench.Group,
        Workload = Workload,
        Over = name,
        Api = PeerConfiguration.Async,
        Bytes = RequestBytes,
        Connections = clients,
        Buffer = 64 * 1024,
        Spin = true,
        Unit = "req/s",
        Median = Statistics.Median(runs.Select(r => r.Rate)),
        Min = runs.Min(r => r.Rate),
        Max = runs.Max(r => r.Rate),
        Runs = runs.Count,
        CpuClientS = Statistics.Median(runs.Select(r => r.CpuSeconds)),
        Allocated = Statistics.Median(runs.Select(r => r.Allocated)),
    };

    /// <param name="Rate">Requests a second.</param>
    /// <param name="CpuSeconds">Of the process, both ends, for a million.</param>
    /// <param name="Allocated">Managed bytes of a request, both ends.</param>
    private readonly record struct Measurement(double Rate, double CpuSeconds, double Allocated);
}
