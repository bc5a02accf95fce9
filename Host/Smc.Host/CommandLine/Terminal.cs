using System.Globalization;
using Smc.Actors.Inspection.Reports;

namespace Smc.Host.CommandLine;

/// <summary>The terminal that the program writes to.</summary>
internal static class Terminal
{
    /// <summary>The characters of a line: of the terminal, or of COLUMNS where there is none, or 120.</summary>
    public static int Width =>
        !Console.IsOutputRedirected && Console.WindowWidth > 0 ? Console.WindowWidth
        : int.TryParse(Environment.GetEnvironmentVariable("COLUMNS"), NumberStyles.None, CultureInfo.InvariantCulture, out int columns) && columns > 0 ? columns
        : TextTable.MaxWidth;
}
