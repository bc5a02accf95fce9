using System.Buffers;
using System.Globalization;

namespace Akka.Configuration.Hocon;

/// <summary>Durations and sizes with units.</summary>
internal static class HoconUnits
{
    private static readonly SearchValues<char> NumberChars = SearchValues.Create("0123456789.+-");

    public static TimeSpan ParseTimeSpan(string text, bool allowInfinite)
    {
        if (text.Equals("infinite", StringComparison.OrdinalIgnoreCase))
        {
            return allowInfinite ? Timeout.InfiniteTimeSpan : throw new FormatException("infinite time spans are not allowed here");
        }
        double number = double.Parse(Split(text, out string unit), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture);
        return unit switch
        {
            "ns" or "nano" or "nanos" or "nanosecond" or "nanoseconds" => TimeSpan.FromTicks((long)(number / TimeSpan.NanosecondsPerTick)),
            "micro" or "micros" or "microsecond" or "microseconds" => TimeSpan.FromTicks((long)(number * TimeSpan.TicksPerMicrosecond)),
            "" or "ms" or "milli" or "millis" or "millisecond" or "milliseconds" => TimeSpan.FromMilliseconds(number),
            "s" or "second" or "seconds" => TimeSpan.FromSeconds(number),
            "m" or "minute" or "minutes" => TimeSpan.FromMinutes(number),
            "h" or "hour" or "hours" => TimeSpan.FromHours(number),
            "d" or "day" or "days" => TimeSpan.FromDays(number),
            _ => throw new FormatException($"\"{text}\" has no known unit of time: ns, micros, ms, s, m, h or d"),
        };
    }

    /// <summary>Whole numbers; powers of 1000 are written kB, MB, …; powers of 1024 k, K, Ki, KiB, m, M, Mi, MiB, ….</summary>
    public static long ParseByteSize(string text)
    {
        var digits = Split(text, out string unit);
        long number = long.Parse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        if (unit is "" or "b" or "B" or "byte" or "bytes")
        {
            return number;
        }
        var (factor, power) = Factor(unit);
        for (; power > 0; power--)
        {
            number = checked(number * factor);
        }
        return number;
    }

    private static (int Factor, int Power) Factor(string unit)
    {
        int power = "KMGTPE".IndexOf(char.ToUpperInvariant(unit[0]), StringComparison.Ordinal) + 1;
        bool isUpper = char.IsUpper(unit[0]);
        string prefix = power == 0 ? "" : unit.EndsWith("bytes", StringComparison.Ordinal) ? unit[..^5] : unit.EndsWith("byte", StringComparison.Ordinal) ? unit[..^4] : "";
        if (prefix is "kilo" or "mega" or "giga" or "tera" or "peta" or "exa" || (power > 0 && unit[1..] == "B" && isUpper == power > 1))
        {
            return (1000, power);
        }
        return prefix is "kibi" or "mebi" or "gibi" or "tebi" or "pebi" or "exbi" || (power > 0 && (unit.Length == 1 || (isUpper && unit[1..] is "i" or "iB")))
            ? (1024, power)
            : throw new FormatException($"\"{unit}\" is no unit of size: B, kB, KiB, MB, MiB, … are");
    }

    private static ReadOnlySpan<char> Split(string text, out string unit)
    {
        var span = text.AsSpan().Trim();
        int end = span.IndexOfAnyExcept(NumberChars);
        unit = end < 0 ? "" : span[end..].Trim().ToString();
        return end < 0 ? span : span[..end];
    }
}
