using System.Buffers;
using Smc.Actors.Inspection.Reports;

namespace Smc.Actors.Inspection.Palette;

/// <summary>A command with its arguments.</summary>
/// <param name="Command">What is asked.</param>
/// <param name="Arguments">How.</param>
public sealed record SmcRequest(InspectionCommand Command, SmcArguments Arguments)
{
    /// <summary>A report as the request wants it: JSON under <c>-j</c>, lines without a limit under <c>-w</c>, and of a width of its own under <c>-C</c>.</summary>
    /// <param name="report">The answer.</param>
    /// <param name="width">Of the window, in characters.</param>
    public string Render(SmcReport report, int width) => IsJson ? report.ToJsonText() : report.ToText(WidthOf(width));

    /// <summary>The same in UTF-8.</summary>
    public ReadOnlySequence<byte> RenderUtf8(SmcReport report, int width) => report.ToUtf8(IsJson, WidthOf(width));

    private bool IsJson => Arguments.Has(SmcArgument.Json);

    private int WidthOf(int width) => Arguments.Has(SmcArgument.Wide) ? SmcReport.Unlimited : Arguments.Count(SmcArgument.Columns) ?? width;
}
