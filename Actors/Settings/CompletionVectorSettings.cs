using System.Globalization;
using Akka.Configuration;

namespace Smc.Actors.Settings;

/// <summary>Completion vectors: how many, where they run, and how much each turn does. The section <c>cq</c>.</summary>
/// <param name="Vectors">How many there are.</param>
/// <param name="Pin">Whether the thread of each is kept on one CPU.</param>
/// <param name="Budget">Completions of one queue in a turn.</param>
/// <param name="Mailboxes">Mailboxes in a turn.</param>
/// <param name="Throughput">Messages of one mailbox before the next one's.</param>
/// <param name="Looks">Looks for work before a thread sleeps.</param>
public sealed record CompletionVectorSettings(int Vectors, bool Pin, int Budget, int Mailboxes, int Throughput, int Looks)
{
    private const int MostVectors = 1024;
    private const int MostOfATurn = 65536;
    private const int MostLooks = 100_000;

    internal static CompletionVectorSettings From(Config smc)
    {
        var section = new SectionReader(smc, "cq");
        return new CompletionVectorSettings(
            section.Text("vectors", $"auto or 1 to {MostVectors}", CountOf),
            section.Switch("pin"),
            section.Number("budget", 1, MostOfATurn),
            section.Number("mailboxes", 1, MostOfATurn),
            section.Number("throughput", 1, MostOfATurn),
            section.Number("looks", 0, MostLooks));
    }

    /// <summary>
    /// .NET counts the CPUs of the process's affinity, and no more of them than the quota of its control group allows (cpu.max of cgroup v2,
    /// cpu.cfs_quota_us of v1), rounded up.
    /// </summary>
    private static int CountOf(string text)
    {
        if (text == "auto") return Math.Min(Environment.ProcessorCount, MostVectors);
        int count = int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
        ArgumentOutOfRangeException.ThrowIfZero(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, MostVectors);
        return count;
    }
}
