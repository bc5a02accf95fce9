using System.Text;

namespace Smc.Actors.Inspection.Reports;

/// <summary>A plain table: columns as wide as their widest cell, two spaces between them, no line over the limit.</summary>
/// <param name="columns">Header texts; one that starts with &gt; is aligned to the right.</param>
public sealed class TextTable(params string[] columns)
{
    /// <summary>The widest line, in characters, unless another width is asked for.</summary>
    public const int MaxWidth = 120;

    private const string Gap = "  ";

    private readonly List<string[]> _rows = [[.. columns.Select(c => c.TrimStart('>'))]];

    /// <summary>The characters of the widest line.</summary>
    public int Width => Widths().Sum() + (Gap.Length * (columns.Length - 1));

    /// <summary>Adds a row.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is not one cell for each column.</exception>
    public void Add(params string[] cells)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(cells.Length, columns.Length);
        _rows.Add(cells);
    }

    /// <inheritdoc />
    public override string ToString() => ToString(MaxWidth);

    /// <summary>The lines, none of them over <paramref name="width"/> characters: what is longer ends in an ellipsis.</summary>
    public string ToString(int width)
    {
        int[] widths = Widths();
        var text = new StringBuilder();
        foreach (string[] row in _rows)
        {
            string line = string.Join(Gap, row.Select((cell, i) => Align(cell, columns[i], widths[i]))).TrimEnd();
            text.Append(line.Length <= width ? line : line[..(width - 1)] + "…").Append('\n');
        }

        return text.ToString();
    }

    private int[] Widths() => [.. columns.Select((_, i) => _rows.Max(r => r[i].Length))];

    private static string Align(string cell, string column, int width) => column.StartsWith('>') ? cell.PadLeft(width) : cell.PadRight(width);
}
