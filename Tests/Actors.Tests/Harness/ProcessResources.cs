using System.Diagnostics;

namespace Actors.Tests.Harness;

/// <summary>What this process holds of the kernel's things: open descriptors by kind, and mappings of this project's memory files.</summary>
internal sealed record ProcessResources(IReadOnlyDictionary<string, int> Held)
{
    private const string Mappings = "mappings";

    /// <summary>Counts.</summary>
    public static ProcessResources Count()
    {
        var held = Directory.GetFileSystemEntries("/proc/self/fd").Select(KindOf).OfType<string>().GroupBy(kind => kind).ToDictionary(kind => kind.Key, kind => kind.Count());
        held[Mappings] = File.ReadLines("/proc/self/maps").Count(line => line.Contains("/memfd:smc-", StringComparison.Ordinal));
        return new ProcessResources(held);
    }

    /// <summary>Waits until no more is held than there was.</summary>
    public async Task ComeBackAsync()
    {
        long start = Stopwatch.GetTimestamp();
        for (ProcessResources now = Count(); now.Exceeds(this); now = Count())
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
