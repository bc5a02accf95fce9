using System.Globalization;
using System.Text;

namespace Smc.Actors.Inspection.Reports;

/// <summary>Text of others as a terminal or a log may have it: a control character, which could move the cursor or forge a line, stands there as
/// <c>\x1b</c>.</summary>
public static class PlainText
{
    /// <summary>Several lines: line feeds stay, and what ends a line of Windows.</summary>
    public static string Lines(string text) => Escape(text, keepsLines: true);

    /// <summary>One line.</summary>
    public static string Line(string text) => Escape(text, keepsLines: false);

    private static string Escape(string text, bool keepsLines)
    {
        StringBuilder? plain = null;
        for (int i = 0; i < text.Length; i++)
        {
            if (!char.IsControl(text[i]) || (keepsLines && IsLineEnd(text, i)))
            {
                plain?.Append(text[i]);
                continue;
            }

            plain ??= new StringBuilder(text, 0, i, text.Length + 16);
            plain.Append(CultureInfo.InvariantCulture, $"\\x{(int)text[i]:x2}");
        }

        return plain?.ToString() ?? text;
    }

    private static bool IsLineEnd(string text, int at) => text[at] == '\n' || (text[at] == '\r' && at + 1 < text.Length && text[at + 1] == '\n');
}
