using System.Diagnostics;

namespace Actors.Tests.Harness;

/// <summary>What a process holds of the kernel's things: open descriptors by kind, and mappings of this project's memory files.</summary>
internal sealed record ProcessResources(string Process, IReadOnlyDictionary<string, int> Held)
{
    private const string Mappings = "mappings";

    /// <summary>What .NET opens when it first writes a line or starts a process, and keeps, is there before anything is counted.</summary>
    static ProcessResources()
    {
        Console.Out.Flush();
        using var first = System.Diagnostics.Process.Start("true");
        first.WaitForExit();
    }

    /// <summary>Mappings of this project's memory files.</summary>
    public int Mapped => Held[Mappings];

    /// <summary>Descriptors of this project's memory files.</summary>
    public int MemoryFiles => Held.Where(kind => kind.Key.StartsWith("/memfd:smc-", StringComparison.Ordinal)).Sum(kind => kind.Value);

    /// <summary>Counts what this process holds.</summary>
    public static ProcessResources Count() => Count("self");

    /// <summary>Counts what this process holds when a pair has had a connection, and has none any more.</summary>
    public static async Task<ProcessResources> CountAsync(Pair pair)
    {
        await using (Ends first = await pair.ConnectAsync()) await Exchange.BothWaysAsync(first, 1, seed: 0);
        await pair.DmbsAsync(0);
        return Count();
    }

    /// <summary>Counts what another process holds.</summary>
    public static ProcessResources Count(PeerProcess peer) => Count($"{peer.Id}");

    private static ProcessResources Count(string process)
    {
        var held = Directory.GetFileSystemEntries($"/proc/{process}/fd").Select(KindOf).OfType<string>().GroupBy(kind => kind).ToDictionary(kind => kind.Key, kind => kind.Count());
        held[Mappings] = File.ReadLines($"/proc/{process}/maps").Count(line => line.Contains("/memfd:smc-", StringComparison.Ordinal));
        return new ProcessResources(process, held);
    }

    /// <summary>Waits until no more is held than there was.</summary>
    public async Task ComeBackAsync()
    {
        long start = Stopwatch.GetTimestamp();
        for (ProcessResources now = Count(Process); now.Exceeds(this); now = Count(Process))
        {
            if (Stopwatch.GetElapsedTime(start) > Eventually.HangGuard) Assert.Fail($"before: {this}; still: {now}");
            await Task.Delay(Eventually.Pause);
        }
    }

    public override string ToString() => string.Join(", ", Held.OrderBy(kind => kind.Key).Select(kind => $"{kind.Value} {kind.Key}"));

    private bool Exceeds(ProcessResources before) => Held.Any(kind => kind.Value > before.Held.GetValueOrDefault(kind.Key));

    /// <summary>Sockets, events, memory files: what has no path. Files of .NET's own, as one for each assembly loaded, come at any time.</summary>
    private static string? KindOf(string path) =>
        new FileInfo(path).LinkTarget is { } target && (target[0] != '/' || target.StartsWith("/memfd:smc-", StringComparison.Ordinal)) ? target.Split(":[")[0] : null;
}
