using System.Diagnostics;
using Smc.Host.CommandLine;
using Smc.Transport;

namespace Smc.Host.Bench.Buffers;

/// <summary>What idle connections hold of the memory of their DMBs, both ends together: once opened, once their rings have been written to the end,
/// and when nine of ten have closed, before and after that memory has been trimmed. In one process.</summary>
/// <param name="pace">How many connections.</param>
internal sealed class IdleBytes(BenchPace pace)
{
    private const string Workload = "idle-bytes";
    private const int BufferBytes = 64 * 1024;
    private const int Share = 10;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private int Connections => pace == BenchPace.Smoke ? 2 * Share : 1_000;

    private TimeSpan TrimAfter => TimeSpan.FromSeconds(pace == BenchPace.Smoke ? 1 : 4);

    /// <exception cref="CommandFailure">Nothing was trimmed.</exception>
    public async Task<IReadOnlyList<BenchRow>> RunAsync(CancellationToken ct)
    {
        await using TwoRuntimes runtimes = await TwoRuntimes.StartAsync($"smc.buffers {{ size = 64KiB, trim-after = {TrimAfter.TotalSeconds}s }}", newList: null, EchoAsync);
        var open = new List<SmcStream>();
        while (open.Count < Connections) open.Add(await runtimes.ConnectAsync());
        foreach (SmcStream stream in open) await ExchangeAsync(stream, 1, ct);
        BenchRow opened = ToRow("ours-opened", open.Count);
        foreach (SmcStream stream in open) await ExchangeAsync(stream, BufferBytes, ct);
        BenchRow used = ToRow("ours-used", open.Count);
        int left = open.Count / Share;
        foreach (SmcStream stream in open[left..]) await stream.DisposeAsync();
        open.RemoveRange(left, open.Count - left);
        long before = MemoryFiles.ResidentBytes();
        BenchRow burst = ToRow("ours-burst", left);
        var clock = Stopwatch.StartNew();
        while (MemoryFiles.ResidentBytes() > before / 2)
        {
            if (clock.Elapsed > Patience) throw CommandFailure.Failed($"{BufferBench.Group}/{Workload}: nothing was trimmed in {Patience.TotalSeconds:0} s.");
            await Task.Delay(TrimAfter / 4, ct);
        }

        await Task.Delay(TrimAfter * 2, ct);   // what had come back last
        BenchRow trimmed = ToRow("ours-trimmed", left);
        foreach (SmcStream stream in open) await stream.DisposeAsync();
        return [opened, used, burst, trimmed];
    }

    private static async Task ExchangeAsync(SmcStream stream, int bytes, CancellationToken ct)
    {
        var block = new byte[bytes];
        Task writing = stream.WriteAsync(block, ct).AsTask();
        await stream.ReadExactlyAsync(block, ct);
        await writing;
    }

    private static Task EchoAsync(Stream stream) => stream.CopyToAsync(stream);

    private static BenchRow ToRow(string name, int connections)
    {
        double bytes = (double)MemoryFiles.ResidentBytes() / connections;
        return new BenchRow
        {
            Group = BufferBench.Group,
            Workload = Workload,
            Over = name,
            Api = PeerConfiguration.Async,
            Connections = connections,
            Buffer = BufferBytes,
            Unit = "bytes",
            Median = bytes,
            Min = bytes,
            Max = bytes,
            Runs = 1,
        };
    }
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
            else if (isOurs && line.StartsWith(Field, StringComparison.Ordinal)) kilobytes += long.Parse(line[Field.Length..^"kB".Length].Trim(), System.Globalization.CultureInfo.InvariantCulture);
        }

        return kilobytes * 1024;
    }
}
