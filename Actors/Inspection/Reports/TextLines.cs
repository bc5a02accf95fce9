using System.Text;

namespace Smc.Actors.Inspection.Reports;

/// <summary>Sentences as lines.</summary>
internal static class TextLines
{
    /// <summary>Breaks a sentence between words, so that no line is longer than <paramref name="width"/>, unless a word is.</summary>
    /// <param name="sentence">One or more sentences without line breaks.</param>
    /// <param name="width">In characters.</param>
    /// <param name="indent">Before every line.</param>
    public static string Wrap(string sentence, int width, string indent)
    {
        var text = new StringBuilder();
        var line = new StringBuilder(indent);
        foreach (string word in sentence.Split(' '))
        {
            if (line.Length > indent.Length && (long)line.Length + 1 + word.Length > width)
            {
                text.Append(line).Append('\n');
                line.Clear().Append(indent);
            }

            if (line.Length > indent.Length) line.Append(' ');
            line.Append(word);
        }

        return text.Append(line).Append('\n').ToString();
    }
}
