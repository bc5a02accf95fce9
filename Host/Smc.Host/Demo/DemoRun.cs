using System.Text.Json;
using Smc.Actors.Inspection.Reports;
using Smc.Host.Carriers;
using Smc.Host.CommandLine;
using Smc.Host.Processes;

namespace Smc.Host.Demo;

/// <summary>Makes the file, starts two processes, sends it both ways over each carrier, and says what came of it.</summary>
internal sealed class DemoRun(long bytes, ulong seed)
{
    private const int RingBytes = 1024 * 1024;

    private readonly long _warmUp = Math.Min(bytes, 32 << 20);
    private readonly List<(string Process, ConnectionRow Row)> _live = [];

    /// <summary>SMC with 1 MiB each way; sockets as the kernel sizes them, which suits them best.</summary>
    public static CarrierSettings Settings(Over over, string folder) =>
        new(over, over == Over.Smc ? RingBytes : null, RendezvousFolder: folder, Blocking: true);

    public async Task<ExitCode> RunAsync(CancellationToken ct)
    {
        using var folder = new TemporaryFolder();
        string file = folder.File("file");
        SeededFile.Write(file, bytes, seed);
        await using var left = new DemoProcess("A", folder.Path);
        await using var right = new DemoProcess("B", folder.Path);
        string digest = await left.AskAsync($"load {file}", "loaded", ct);
        Console.WriteLine($"file     {bytes} bytes ({ReportText.Size(bytes)}), random from seed {seed}");
        Console.WriteLine($"sha256   {digest}");
        Console.WriteLine($"between  process A ({left.Id}) and process B ({right.Id}), from memory to memory, by synchronous reads and writes of 256 KiB");
        Console.WriteLine();

        var results = new List<DemoResult>();
        await DemoProgress.RunAsync(async bar =>
        {
            foreach (Over over in (Over[])[Over.Smc, Over.Tcp, Over.Uds])
                results.Add(await CarryAsync(over, left, right, folder, bar, ct));
        });
        return Report(results, digest);
    }

    private async Task<DemoResult> CarryAsync(
        Over over, DemoProcess left, DemoProcess right, TemporaryFolder folder, Func<string, long, Action<long>> bar, CancellationToken ct)
    {
        string at = await left.AskAsync($"listen {over.Name()} {(over == Over.Uds ? folder.File("uds") : "127.0.0.1:0")}", "listening", ct);
        Task<string> accepted = left.AskAsync("accept", "accepted", ct);
        string mode = await right.AskAsync($"connect {over.Name()} {at}", "connected", ct);
        await accepted;
        await right.AskAsync($"prepare {bytes}", "prepared", ct);
        Leg forth = await LegAsync(left, right, over == Over.Smc, bar($"{over.Name()} forth", bytes), ct);
        string there = await right.AskAsync($"verify {folder.File($"{over.Name()}-there")}", "verified", ct);
        await right.AskAsync("return", "returned", ct);
        await left.AskAsync($"prepare {bytes}", "prepared", ct);
        Leg back = await LegAsync(right, left, false, bar($"{over.Name()} back", bytes), ct);
        string here = await left.AskAsync($"verify {folder.File($"{over.Name()}-back")}", "verified", ct);
        await Task.WhenAll(left.AskAsync("close", "closed", ct), right.AskAsync("close", "closed", ct));
        return new DemoResult(over, mode, forth, back, [there, here]);
    }

    private async Task<Leg> LegAsync(DemoProcess from, DemoProcess to, bool watch, Action<long> bar, CancellationToken ct)
    {
        await TransferAsync(from, to, _warmUp, ct);
        if (watch) await Task.WhenAll(from.AskAsync("connections", "connections", ct), to.AskAsync("connections", "connections", ct));   // compiled before it is timed
        Task live = Task.CompletedTask;
        to.Progress = at =>
        {
            bar(at);
            if (!watch || at < bytes / 4) return;
            watch = false;
            live = Task.WhenAll(AddLiveAsync(from, ct), AddLiveAsync(to, ct));
        };
        Leg leg = await TransferAsync(from, to, bytes, ct);
        to.Progress = null;
        await live;
        return leg;
    }

    private static async Task<Leg> TransferAsync(DemoProcess from, DemoProcess to, long length, CancellationToken ct)
    {
        Task<string> received = to.AskAsync($"receive {length}", "received", ct);
        string sent = await from.AskAsync($"send {length}", "sent", ct);
        return Leg.Parse(sent, await received);
    }

    private async Task AddLiveAsync(DemoProcess process, CancellationToken ct)
    {
        string json = await process.AskAsync("connections", "connections", ct);
        ConnectionRow[] rows = JsonSerializer.Deserialize(json, ConnectionRows.Json.Default.ConnectionRowArray) ?? [];
        lock (_live) _live.AddRange(rows.Select(r => (process.Name, r)));
    }

    private ExitCode Report(List<DemoResult> results, string digest)
    {
        Console.Write(DemoResult.Table(results, bytes, digest));
        Console.WriteLine();
        Console.WriteLine("Connections while the file crossed:");
        Console.Write(ConnectionRows.Table(_live.OrderBy(r => r.Process)));
        Console.WriteLine($"Count: {_live.Count}");
        Console.WriteLine();
        string[] complaints = [.. results.Select(r => r.Complaint(digest)).OfType<string>(), .. _live.Count == 0 ? ["no connection was seen while the file crossed"] : Array.Empty<string>()];
        Console.WriteLine(complaints.Length == 0
            ? $"PASS: {ReportText.Size(bytes)} crossed shared memory both ways, and SHA-256 agrees at both ends."
            : $"FAIL: {string.Join("; ", complaints).TrimEnd('.')}.");
        return complaints.Length == 0 ? ExitCode.Ok : ExitCode.Failed;
    }
}
