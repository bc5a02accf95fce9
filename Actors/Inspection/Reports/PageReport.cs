using System.Text;
using System.Text.Json.Nodes;

namespace Smc.Actors.Inspection.Reports;

/// <summary>One line of a page.</summary>
/// <param name="Label">Before the text; empty for a sentence that stands alone.</param>
/// <param name="Text">What it says; null for a property that only JSON has.</param>
/// <param name="Json">The property's name; null for a line that only people read.</param>
/// <param name="Value">The property's value, in base units.</param>
public sealed record PageLine(string Label, string? Text, string? Json = null, JsonNode? Value = null)
{
    /// <summary>A labelled text that is its own value.</summary>
    public static PageLine Of(string label, string json, string text) => new(label, text.Length == 0 ? ReportText.Nothing : text, json, text.Length == 0 ? null : text);

    /// <summary>A property that only JSON has.</summary>
    public static PageLine OfJson(string json, JsonNode? value) => new(string.Empty, null, json, value);

    /// <summary>A labelled count.</summary>
    public static PageLine Of(string label, string json, long count) => new(label, ReportText.Count(count), json, count);
}

/// <summary>One thing in words: labelled lines, and sentences.</summary>
/// <param name="name">The name of the report in JSON.</param>
/// <param name="lines">From top to bottom.</param>
public sealed class PageReport(string name, IReadOnlyList<PageLine> lines) : SmcReport
{
    private const string Gap = "  ";

    /// <inheritdoc />
    public override string ToText(int width)
    {
        int label = lines.Where(line => line.Text is not null).Select(line => line.Label.Length).DefaultIfEmpty(0).Max();
        var text = new StringBuilder();
        foreach (PageLine line in lines)
        {
            if (line.Text is null) continue;
            if (line.Label.Length == 0)
            {
                text.Append(TextLines.Wrap(line.Text, width, indent: string.Empty));
                continue;
            }

            // Below the label the text goes on where it began.
            string indent = new(' ', label + Gap.Length);
            text.Append(line.Label.PadRight(label)).Append(Gap).Append(TextLines.Wrap(line.Text, width, indent).AsSpan(indent.Length));
        }

        return text.ToString();
    }

    /// <inheritdoc />
    public override JsonObject ToJson()
    {
        var json = new JsonObject { ["report"] = name };
        foreach (PageLine line in lines)
        {
            if (line.Json is { } property) json[property] = line.Value?.DeepClone();
        }

        return json;
    }
}

/// <summary>Why there is no answer.</summary>
/// <param name="sentence">What is wrong, and what would be right.</param>
public sealed class ErrorReport(string sentence) : SmcReport
{
    /// <inheritdoc />
    public override bool IsError => true;

    /// <inheritdoc />
    public override string ToText(int width) => TextLines.Wrap(sentence, width, indent: string.Empty);

    /// <inheritdoc />
    public override JsonObject ToJson() => new() { ["report"] = "error", ["error"] = sentence };
}
