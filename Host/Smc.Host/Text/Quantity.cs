using System.Globalization;
using Smc.Host.CommandLine;

namespace Smc.Host.Text;

/// <summary>Amounts as text and back.</summary>
internal static class Quantity
{
    private static readonly string[] Units = ["B", "KiB", "MiB", "GiB", "TiB"];

    /// <summary>A size with one decimal in the largest unit that leaves at least 1.</summary>
    public static string Size(long bytes)
    {
        int unit = 0;
        double value = bytes;
        for (; value >= 1024 && unit < Units.Length - 1; unit++) value /= 1024;
        return string.Create(CultureInfo.InvariantCulture, $"{value:0.#} {Units[unit]}");
    }

    /// <summary>Reads <c>256MiB</c>, <c>64KiB</c>, <c>1GiB</c> or plain bytes.</summary>
    public static long ParseSize(string text)
    {
        string digits = text.TrimEnd('B', 'K', 'M', 'G', 'i', ' ');
        int unit = text[digits.Length..].Trim() switch { "" or "B" => 0, "KiB" => 1, "MiB" => 2, "GiB" => 3, _ => -1 };
        bool good = long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out long value) && unit >= 0 && value <= 1L << 32;
        return good ? value << (10 * unit) : throw CommandFailure.Usage($"'{text}' is no size; write bytes, or a number with KiB, MiB or GiB.");
    }

    /// <summary>A span of time in its largest unit or two, as <c>4m12s</c>, <c>11s</c>, <c>0.3s</c>.</summary>
    public static string Age(TimeSpan age) =>
        age.TotalHours >= 1 ? string.Create(CultureInfo.InvariantCulture, $"{(int)age.TotalHours}h{age.Minutes}m")
        : age.TotalMinutes >= 1 ? string.Create(CultureInfo.InvariantCulture, $"{age.Minutes}m{age.Seconds}s")
        : age.TotalSeconds >= 10 ? string.Create(CultureInfo.InvariantCulture, $"{age.Seconds}s")
        : string.Create(CultureInfo.InvariantCulture, $"{age.TotalSeconds:0.0}s");

    public static string Seconds(double seconds) => seconds.ToString("0.000", CultureInfo.InvariantCulture);

    public static string Hex(ReadOnlySpan<byte> digest) => Convert.ToHexStringLower(digest);
}
