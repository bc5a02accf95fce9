using System.Globalization;

namespace Smc.Host.Top;

/// <summary>Rates in few characters.</summary>
internal static class TopText
{
    private const int Ki = 1024;

    /// <summary>Bytes, in units of 1,024: <c>0</c>, <c>512B</c>, <c>1.2M</c>, <c>123M</c>.</summary>
    public static string Bytes(double bytes) => bytes < 0.5 ? "0" : Scaled(bytes, Ki, ["B", "K", "M", "G", "T"]);

    /// <summary>Counts, in units of 1,000: <c>0</c>, <c>0.5</c>, <c>512</c>, <c>12.3k</c>, <c>123k</c>, <c>1.2M</c>.</summary>
    public static string Count(double count) => count < 0.05 ? "0" : Scaled(count, 1000, ["", "k", "M", "G"]);

    private static string Scaled(double value, int step, string[] units)
    {
        int unit = 0;
        for (; value >= step - 0.5 && unit < units.Length - 1; unit++) value /= step;
        string format = value < 99.95 && (unit > 0 || value < 9.95) ? "0.#" : "0";
        return value.ToString(format, CultureInfo.InvariantCulture) + units[unit];
    }
}
