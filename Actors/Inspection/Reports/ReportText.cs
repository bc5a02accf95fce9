using System.Globalization;
using Smc.Transport;

namespace Smc.Actors.Inspection.Reports;

/// <summary>Values as operators read them, one way in every window.</summary>
public static class ReportText
{
    /// <summary>What stands where there is nothing to say.</summary>
    public const string Nothing = "-";

    private static readonly string[] Units = ["B", "KiB", "MiB", "GiB", "TiB"];

    /// <summary>A mode by the name that users write; <see cref="ModeCode"/> is that of smcss.</summary>
    public static string Mode(SmcMode mode) => mode switch
    {
        SmcMode.SmcD => "SMC-D",
        SmcMode.SmcR => "SMC-R",
        _ => "TCP",
    };

    /// <summary>A mode as smcss prints it.</summary>
    public static string ModeCode(SmcMode mode) => mode switch
    {
        SmcMode.SmcD => "SMCD",
        SmcMode.SmcR => "SMCR",
        _ => "TCP",
    };

    /// <summary>Eight hex digits, as smcss shows them; a dash where there is no reason.</summary>
    public static string Code(SmcReason reason) => reason == SmcReason.None ? Nothing : $"0x{(uint)reason:x8}";

    /// <summary>The codes of both ends, <c>0x05000000/0x030d0000</c>: this end's and the peer's own, a dash for an end that gave none.</summary>
    public static string Codes(SmcReason local, SmcReason peer) =>
        local == SmcReason.None && peer == SmcReason.None ? Nothing : $"{Code(local)}/{Code(peer)}";

    /// <summary>Code, short name and sentence of a reason, in one line.</summary>
    public static string Explain(SmcReason reason) => $"{Code(reason)} {SmcReasons.ShortName(reason)}: {SmcReasons.Sentence(reason)}";

    /// <summary>A size with one decimal in the largest unit that leaves at least 1.</summary>
    public static string Size(long bytes)
    {
        int unit = 0;
        double value = bytes;
        for (; value >= 1024 && unit < Units.Length - 1; unit++) value /= 1024;
        return string.Create(CultureInfo.InvariantCulture, $"{value:0.#} {Units[unit]}");
    }

    /// <summary>A span of time in its largest unit or two, as <c>4m12s</c>, <c>11s</c>, <c>0.3s</c>.</summary>
    public static string Age(TimeSpan age) =>
        age.TotalHours >= 1 ? string.Create(CultureInfo.InvariantCulture, $"{(int)age.TotalHours}h{age.Minutes}m")
        : age.TotalMinutes >= 1 ? string.Create(CultureInfo.InvariantCulture, $"{age.Minutes}m{age.Seconds}s")
        : age.TotalSeconds >= 10 ? string.Create(CultureInfo.InvariantCulture, $"{age.Seconds}s")
        : string.Create(CultureInfo.InvariantCulture, $"{age.TotalSeconds:0.0}s");

    /// <summary>A count, in full.</summary>
    public static string Count(long count) => count.ToString(CultureInfo.InvariantCulture);

    /// <summary><c>1 connection</c>, <c>2 connections</c>.</summary>
    public static string Counted(long count, string noun) => count == 1 ? $"1 {noun}" : $"{Count(count)} {noun}s";
}
