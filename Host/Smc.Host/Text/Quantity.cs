using System.Globalization;
using Smc.Host.CommandLine;

namespace Smc.Host.Text;

/// <summary>Amounts as text and back.</summary>
internal static class Quantity
{
    /// <summary>Reads <c>256MiB</c>, <c>64KiB</c>, <c>1GiB</c> or plain bytes.</summary>
    public static long ParseSize(string text)
    {
        string digits = text.TrimEnd('B', 'K', 'M', 'G', 'i', ' ');
        int unit = text[digits.Length..].Trim() switch { "" or "B" => 0, "KiB" => 1, "MiB" => 2, "GiB" => 3, _ => -1 };
        bool good = long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out long value) && unit >= 0 && value <= 1L << 32;
        return good ? value << (10 * unit) : throw CommandFailure.Usage($"'{text}' is no size; write bytes, or a number with KiB, MiB or GiB.");
    }

    /// <summary>Reads <c>500ms</c>, <c>2s</c>, <c>1m</c>: above 0, up to an hour.</summary>
    public static TimeSpan ParseDuration(string text)
    {
        string unit = text.TrimStart("0123456789".ToCharArray());
        TimeSpan one = unit switch { "ms" => TimeSpan.FromMilliseconds(1), "s" => TimeSpan.FromSeconds(1), "m" => TimeSpan.FromMinutes(1), _ => TimeSpan.Zero };
        bool good = int.TryParse(text.AsSpan(0, text.Length - unit.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int number);
        TimeSpan value = good ? one * number : TimeSpan.Zero;
        return value > TimeSpan.Zero && value <= TimeSpan.FromHours(1) ? value : throw CommandFailure.Usage($"'{text}' is no duration up to an hour; write 500ms, 2s or 1m.");
    }

    public static string Seconds(double seconds) => seconds.ToString("0.000", CultureInfo.InvariantCulture);

    public static string Hex(ReadOnlySpan<byte> digest) => Convert.ToHexStringLower(digest);
}
