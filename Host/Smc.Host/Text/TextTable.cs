using System.Text;

namespace Smc.Host.Text;

/// <summary>A plain table: columns as wide as their widest cell, two spaces between them, no line over the limit.</summary>
/// <param name="columns">Header texts; one that starts with &gt; is aligned to the right.</param>
internal sealed class TextTable(params string[] columns)
{
    public const int MaxWidth = 120;
    private const string Gap = "  ";

    private readonly List<string[]> _rows = [[.. columns.Select(c => c.TrimStart('>'))]];

    public void Add(params string[] cells)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(cells.Length, columns.Length);
        _rows.Add(cells);
    }

    public override string ToString()
    {
        int[] widths = [.. columns.Select((_, i) => _rows.Max(r => r[i].Length))];
        var text = new StringBuilder();
        foreach (string[] row in _rows)
        {
            string line = string.Join(Gap, row.Select((cell, i) => Align(cell, columns[i], widths[i]))).TrimEnd();
            text.Append(line.Length <= MaxWidth ? line : line[..(MaxWidth - 1)] + "…").Append('\n');
        }
        return text.ToString();
    }

    private static string Align(string cell, string column, int width) => column.StartsWith('>') ? cell.PadLeft(width) : cell.PadRight(width);
}
