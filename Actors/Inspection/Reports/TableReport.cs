using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Smc.Actors.Inspection.Reports;

/// <summary>Rows under a header, with a count at the foot.</summary>
/// <param name="name">The name of the report in JSON.</param>
/// <param name="columns">From left to right.</param>
/// <param name="rows">From top to bottom.</param>
/// <param name="footer">The last line, such as <c>Count: 2 connections</c>.</param>
public sealed class TableReport<T>(string name, IReadOnlyList<Column<T>> columns, IReadOnlyList<T> rows, string footer) : SmcReport
{
    /// <summary>The rows.</summary>
    public IReadOnlyList<T> Rows => rows;

    /// <summary>Sentences below the table: what its reader should know or do.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>What JSON says beside the rows.</summary>
    public IReadOnlyDictionary<string, JsonNode?> Properties { get; init; } = new Dictionary<string, JsonNode?>();

    /// <summary>True for rows as blocks of lines, one a column and none left out, as the SMC tools print details.</summary>
    public bool InBlocks { get; init; }

    /// <summary>What follows the lines of a row's block, given the width of a line; null for nothing.</summary>
    public Func<T, int, string>? BlockFoot { get; init; }

    /// <inheritdoc />
    public override string ToText(int width)
    {
        var text = new StringBuilder(InBlocks ? Blocks(width) : Table(width)).Append(footer).Append('\n');
        foreach (string note in Notes) text.Append(TextLines.Wrap(note, width, indent: string.Empty));
        return text.ToString();
    }

    /// <inheritdoc />
    public override JsonObject ToJson() => JsonNode.Parse(ToJsonText())!.AsObject();

    /// <summary>Row by row, each on a line of its own: a tree of all of them would cost more than the rest of the answer, and a line for every property
    /// nearly half as much again.</summary>
    protected override void WriteJson(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("report", name);
        foreach ((string property, JsonNode? value) in Properties)
        {
            writer.WritePropertyName(property);
            if (value is null) writer.WriteNullValue();
            else value.WriteTo(writer);
        }

        writer.WriteNumber("count", rows.Count);
        writer.WriteStartArray("rows");
        var line = new ArrayBufferWriter<byte>();
        using var lineWriter = new Utf8JsonWriter(line);
        foreach (T row in rows)
        {
            line.Write("\n    "u8);   // a raw value is not indented
            WriteRow(lineWriter, row);
            writer.WriteRawValue(line.WrittenSpan, skipInputValidation: true);
            line.ResetWrittenCount();
        }

        writer.WriteEndArray();
        writer.WriteStartArray("notes");
        foreach (string note in Notes) writer.WriteStringValue(note);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private void WriteRow(Utf8JsonWriter writer, T row)
    {
        writer.Reset();
        writer.WriteStartObject();
        foreach (Column<T> column in columns)
        {
            writer.WritePropertyName(column.Json);
            column.Write(writer, row);
        }

        writer.WriteEndObject();
        writer.Flush();
    }

    private string Table(int width) => TextTable.Fit(
        columns.Where(column => !column.IsForJson && (width == Unlimited || !column.IsWide)), column => column.Rank, column => column.Header, (column, row) => column.Text(row), rows, width).ToString(width);

    private string Blocks(int width)
    {
        var text = new StringBuilder();
        List<Column<T>> shown = [.. columns.Where(column => !column.IsForJson)];
        foreach (T row in rows)
        {
            text.Append(new PageReport(name, [.. shown.Select(column => new PageLine(column.Header.TrimStart('>'), column.Text(row)))]).ToText(width)).Append('\n');
            if (BlockFoot is { } foot) text.Append(foot(row, width));
        }

        return text.ToString();
    }
}
