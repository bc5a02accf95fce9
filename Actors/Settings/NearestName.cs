namespace Smc.Actors.Settings;

/// <summary>Finds the name that somebody meant.</summary>
internal static class NearestName
{
    /// <summary>The known name that takes the fewest changes: of letters, or of the last element's letters and the sections before it, which count as one.</summary>
    public static string Of(string name, IEnumerable<string> known) =>
        known.MinBy(candidate => (Changes(name, candidate), Distance(name, candidate), candidate))!;

    /// <summary>The least number of letters to insert, remove or replace.</summary>
    public static int Distance(ReadOnlySpan<char> from, ReadOnlySpan<char> to)
    {
        int[] row = [.. Enumerable.Range(0, to.Length + 1)];   // row[j]: from what has been seen of the one text to the first j letters of the other
        for (int i = 1; i <= from.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= to.Length; j++)
            {
                int replaced = diagonal + (from[i - 1] == to[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, 1 + Math.Min(row[j], row[j - 1]));
            }
        }

        return row[^1];
    }

    private static int Changes(string name, string candidate) =>
        Math.Min(Distance(name, candidate), 1 + Distance(LastOf(name), LastOf(candidate)));

    private static ReadOnlySpan<char> LastOf(string name) => name.AsSpan(name.LastIndexOf('.') + 1);
}
