using System.Text.Json;
using Smc.Host.CommandLine;

namespace Smc.Host.Top;

/// <summary>Reads what <c>smc inspect top -j</c> prints.</summary>
internal static class TopDocument
{
    /// <exception cref="CommandFailure">It is something else.</exception>
    public static TopProcess Parse(string text)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(text);
            JsonElement root = document.RootElement;
            return new TopProcess(
                root.GetProperty("pid").GetInt32(),
                root.GetProperty("version").GetString()!,
                root.GetProperty("down").GetString() ?? string.Empty,
                root.GetProperty("fallbacks").GetInt64(),
                root.GetProperty("violations").GetInt64(),
                [.. root.GetProperty("rows").EnumerateArray().Select(Row)]);
        }
        catch (Exception failure) when (failure is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw CommandFailure.Failed($"a process answers what this version does not understand: {failure.Message}", failure);
        }
    }

    private static TopConnection Row(JsonElement row) => new(
        row.GetProperty("id").GetString()!,
        row.GetProperty("mode").GetString()!,
        row.GetProperty("peer").GetString()!,
        TimeSpan.FromSeconds(row.GetProperty("ageSeconds").GetDouble()),
        row.GetProperty("bytesSent").GetInt64(),
        row.GetProperty("bytesReceived").GetInt64(),
        row.GetProperty("writes").GetInt64(),
        row.GetProperty("bells").GetInt64(),
        row.GetProperty("waitsFor").GetString() ?? string.Empty);
}
