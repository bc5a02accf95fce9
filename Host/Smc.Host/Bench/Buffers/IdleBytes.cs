using System.Globalization;
using Smc.Host.CommandLine;
using Smc.Transport;

namespace Smc.Host.Bench.Buffers;

/// <summary>What idle connections hold of the memory of their DMBs, both ends together: once opened, once their rings have been written to the end,
/// and when nine of ten have closed, before and after that memory has been trimmed. Beside it the same with memory that is committed at once, as kernels
/// have it, and that is not trimmed. In one process.</summary>
/// <param name="pace">How many connections.</param>
internal sealed class IdleBytes(BenchPace pace)
{
    private const string Workload = "idle-bytes";
    private const int BufferBytes = 64 * 1024;
    private const int Share = 10;

    private static readonly string[] Stages = ["opened", "used", "burst", "trimmed"];
    private static readonly (string Name, string Memory)[] Contenders = [("ours", "plain"), ("prefaulted", "prefaulted")];
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    private int Connections => pace == BenchPace.Smoke ? 2 * Share : 1_000;

    private int Runs => pace switch { BenchPace.Full => 5, BenchPace.Quick => 3, _ => 1 };

    /// <returns>A row for each stage and contender.</returns>
    /// <exception cref="CommandFailure">Nothing was trimmed.</exception>
    public async Task<IReadOnlyList<BenchRow>> RunAsync(CancellationToken ct)
    {
        var runs = Contenders.ToDictionary(one => one.Name, _ => new List<double[]>());
        for (int run = 0; run < Runs; run++)
            foreach ((string name, string memory) in Contenders)
                runs[name].Add(await MeasureAsync(memory, ct));
        if (runs["ours"].Exists(stages => stages[3] >= stages[2])) throw CommandFailure.Failed($"{BufferBench.Group}/{Workload}: nothing was trimmed.");
        return [.. Stages.SelectMany((stage, at) => Contenders.Select(one => ToRow($"{one.Name}-{stage}", OpenAt(at), runs[one.Name].Select(r => r[at]))))];
    }

    /// <returns>Bytes of an open connection at each stage.</returns>
    private async Task<double[]> MeasureAsync(string memory, CancellationToken ct)
    {
        while (MemoryFiles.ResidentBytes() > 0) await Task.Delay(Pause, ct);   // what ran before is unmapped last
        string settings = $"smc.buffers {{ size = 64KiB, memory = {memory}, trim-after = 0 }}";
        await using TwoRuntimes runtimes = await TwoRuntimes.StartAsync(settings, newList: null, EchoAsync);
        var open = new List<SmcStream>();
        while (open.Count < Connections) open.Add(await runtimes.ConnectAsync());
        foreach (SmcStream stream in open) await ExchangeAsync(stream, 1, ct);
        double opened = BytesOfOne(open);
        foreach (SmcStream stream in open) await ExchangeAsync(stream, BufferBytes, ct);
        double used = BytesOfOne(open);
        int left = open.Count / Share;
        foreach (SmcStream stream in open[left..]) await stream.DisposeAsync();
        open.RemoveRange(left, open.Count - left);
        await runtimes.ClosedAsync(left, ct);
        double burst = BytesOfOne(open);
        runtimes.Trim();
        double trimmed = BytesOfOne(open);
        foreach (SmcStream stream in open) await stream.DisposeAsync();
        return [opened, used, burst, trimmed];
    }

    private int OpenAt(int stage) => stage < 2 ? Connections : Connections / Share;

    private static double BytesOfOne(List<SmcStream> open) => (double)MemoryFiles.ResidentBytes() / open.Count;

    private static async Task ExchangeAsync(SmcStream stream, int bytes, CancellationToken ct)
    {
        var block = new byte[bytes];
        Task writing = stream.WriteAsync(block, ct).AsTask();
        await stream.ReadExactlyAsync(block, ct);
        await writing;
    }

    private static Task EchoAsync(Stream stream) => stream.CopyToAsync(stream);

    private static BenchRow ToRow(string name, int connections, IEnumerable<double> bytes) => new()
    {
        Group = BufferBench.Group,
        Workload = Workload,
        Over = name,
        Api = PeerConfiguration.Async,
        Connections = connections,
        Buffer = BufferBytes,
        Unit = "bytes",
        Median = Statistics.Median(bytes),
        Min = bytes.Min(),
        Max = bytes.Max(),
        Runs = bytes.Count(),
    };
}

/// <summary>Memory files of DMBs that this process has mapped.</summary>
internal static class MemoryFiles
{
    private const string Name = "smc-dmb";
    private const string Field = "Pss:";

    /// <summary>What the system has for them, once each, however often they are mapped here.</summary>
    public static long ResidentBytes()
    {
        long kilobytes = 0;
        bool isOurs = false;
        foreach (string line in File.ReadLines("/proc/self/smaps"))
        {
            if (line.Contains('-') && !line.Contains("kB", StringComparison.Ordinal)) isOurs = line.Contains(Name, StringComparison.Ordinal);
            else if (isOurs && line.StartsWith(Field, StringComparison.Ordinal)) kilobytes += long.Parse(line[Field.Length..^"kB".Length].Trim(), CultureInfo.InvariantCulture);
        }

        return kilobytes * 1024;
    }
}
