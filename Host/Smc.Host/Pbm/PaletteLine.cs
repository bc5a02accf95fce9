using Smc.Actors.Inspection.Palette;
using Smc.Actors.Inspection.Reports;

namespace Smc.Host.Pbm;

/// <summary>A line for a command host, which does not know how wide the terminal of its client is.</summary>
internal static class PaletteLine
{
    /// <summary>Adds the width to a command of the palette <c>smc</c>, where lines of the palette's own width would not fit and nobody has said it.</summary>
    /// <param name="line">As it was typed.</param>
    /// <param name="width">Of the terminal, in characters.</param>
    public static string Fit(string line, int width)
    {
        string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        bool isOurs = words.Length > 1 && words[0] == SmcPalette.Name && SmcPalette.Commands.Any(command => command.Name == words[1]);
        bool isSaid = words.Any(word => word == SmcArgument.Columns.Switch || word == SmcArgument.Wide.Switch || word == SmcArgument.Json.Switch);
        return isOurs && !isSaid && width < TextTable.MaxWidth ? $"{line} {SmcArgument.Columns.Switch} {width}" : line;
    }
}
