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

    /// <summary>The table of as many columns as there is room for: the column of the highest rank goes first, and one of rank 0 stays.</summary>
    /// <param name="wanted">From left to right.</param>
    /// <param name="rank">Of a column.</param>
    /// <param name="header">As for a table.</param>
    /// <param name="cell">The text of a row in a column.</param>
    /// <param name="rows">From top to bottom.</param>
    /// <param name="width">In characters.</param>
    public static TextTable Fit<TColumn, TRow>(
        IEnumerable<TColumn> wanted, Func<TColumn, int> rank, Func<TColumn, string> header, Func<TColumn, TRow, string> cell, IReadOnlyList<TRow> rows, int width)
    {
        List<TColumn> shown = [.. wanted];
        while (true)
        {
            var table = new TextTable([.. shown.Select(header)]);
            foreach (TRow row in rows) table.Add([.. shown.Select(column => cell(column, row))]);
            if (table.Width <= width || shown.MaxBy(rank) is not { } least || rank(least) <= 0) return table;
            shown.Remove(least);
        }
    }

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
