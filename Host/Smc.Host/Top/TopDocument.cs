using System.Text.Json;
using Smc.Actors.Inspection.Reports;
using Smc.Host.CommandLine;

namespace Smc.Host.Top;

/// <summary>Reads what <c>smc inspect top -j</c> prints.</summary>
internal static class TopDocument
{
    /// <param name="door">By which it came.</param>
    /// <param name="json">The document in UTF-8; whoever wrote it may mean harm to the terminal.</param>
    /// <exception cref="CommandFailure">It is something else.</exception>
    public static TopProcess Parse(string door, ReadOnlyMemory<byte> json)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            JsonElement root = document.RootElement;
            return new TopProcess(
                root.GetProperty("pid").GetInt32(),
                Text(root, "version"),
                Text(root, "down"),
                root.GetProperty("fallbacks").GetInt64(),
                root.GetProperty("violations").GetInt64(),
                [.. root.GetProperty("rows").EnumerateArray().Select(Row)])
            {
                Door = door,
            };
        }
        catch (Exception failure) when (failure is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw CommandFailure.Failed($"a process answers what this version does not understand: {failure.Message}", failure);
        }
    }

    private static TopConnection Row(JsonElement row) => new(
        Text(row, "id"),
        Text(row, "mode"),
        Text(row, "peer"),
        TimeSpan.FromSeconds(row.GetProperty("ageSeconds").GetDouble()),
        row.GetProperty("bytesSent").GetInt64(),
        row.GetProperty("bytesReceived").GetInt64(),
        row.GetProperty("writes").GetInt64(),
        row.GetProperty("bells").GetInt64(),
        Text(row, "waitsFor"));

    private static string Text(JsonElement of, string property) => PlainText.Line(of.GetProperty(property).GetString() ?? string.Empty);
}
