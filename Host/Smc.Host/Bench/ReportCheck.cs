using System.Text.Json;
using Smc.Host.CommandLine;

namespace Smc.Host.Bench;

/// <summary>Reads a report in JSON from its first byte to its last, and keeps nothing of it: a hundred inspectors' answers are some 20 MB a second.</summary>
internal static class ReportCheck
{
    /// <summary>How many rows a report says it has, and how many it has.</summary>
    /// <param name="json">In UTF-8.</param>
    /// <exception cref="CommandFailure">It is no whole report.</exception>
    public static (int Said, int Listed) Count(ReadOnlySpan<byte> json)
    {
        int? said = null, listed = null;
        try
        {
            var reader = new Utf8JsonReader(json);
            while (reader.Read())
            {
                if (reader.CurrentDepth != 1 || reader.TokenType != JsonTokenType.PropertyName) continue;
                bool isCount = reader.ValueTextEquals("count"u8), isRows = reader.ValueTextEquals("rows"u8);
                reader.Read();
                if (isCount) said = reader.GetInt32();
                else if (isRows) listed = CountElements(ref reader);
                else reader.Skip();
            }
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException or FormatException)
        {
            throw CommandFailure.Failed($"an answer is no JSON: {failure.Message}", failure);
        }

        return said is { } one && listed is { } other ? (one, other) : throw CommandFailure.Failed("an answer has no rows, or does not count them.");
    }

    private static int CountElements(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartArray) throw new InvalidOperationException("the rows are no list");
        int count = 0;
        for (; reader.Read() && reader.TokenType != JsonTokenType.EndArray; count++) reader.Skip();
        return count;
    }
}
