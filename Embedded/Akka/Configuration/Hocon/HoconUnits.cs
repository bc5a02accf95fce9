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
        var (number, unit) = Split(text);
        return unit switch
        {
            "ns" or "nano" or "nanos" or "nanosecond" or "nanoseconds" => TimeSpan.FromTicks((long)(number / TimeSpan.NanosecondsPerTick)),
            "us" or "micro" or "micros" or "microsecond" or "microseconds" => TimeSpan.FromTicks((long)(number * TimeSpan.TicksPerMicrosecond)),
            "" or "ms" or "milli" or "millis" or "millisecond" or "milliseconds" => TimeSpan.FromMilliseconds(number),
            "s" or "second" or "seconds" => TimeSpan.FromSeconds(number),
            "m" or "minute" or "minutes" => TimeSpan.FromMinutes(number),
            "h" or "hour" or "hours" => TimeSpan.FromHours(number),
            "d" or "day" or "days" => TimeSpan.FromDays(number),
            _ => throw new FormatException($"\"{text}\" has no known unit of time: ns, us, ms, s, m, h or d"),
        };
    }

    /// <summary>Powers of 1000 are written kB, MB, …; powers of 1024 k, K, Ki, KiB, m, M, Mi, MiB, ….</summary>
    public static long ParseByteSize(string text)
    {
        var (number, unit) = Split(text);
        if (unit is "" or "b" or "B" or "byte" or "bytes")
        {
            return (long)number;
        }
        int power = "KMGTPE".IndexOf(char.ToUpperInvariant(unit[0]), StringComparison.Ordinal) + 1;
        string rest = unit[1..];
        if (power == 0 || rest is not ("" or "i" or "iB" or "B"))
        {
            throw new FormatException($"\"{text}\" has no known unit of size: B, kB, KiB, MB, MiB, …");
        }
        return (long)(number * Math.Pow(rest == "B" ? 1000 : 1024, power));
    }

    private static (double Number, string Unit) Split(string text)
    {
        var span = text.AsSpan().Trim();
        int end = span.IndexOfAnyExcept(NumberChars);
        if (end < 0)
        {
            end = span.Length;
        }
        return double.TryParse(span[..end], NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
            ? (number, span[end..].Trim().ToString())
            : throw new FormatException($"\"{text}\" does not start with a number");
    }
}
