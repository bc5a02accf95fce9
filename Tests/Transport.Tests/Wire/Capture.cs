using System.Text.Json;

namespace Smc.Transport.Tests.Wire;

/// <summary>Bytes captured from a Linux kernel, by file under Captures/.</summary>
internal static class Capture
{
    internal static JsonElement[] Records(string name)
    {
        string path = Path.Combine(AppContext.BaseDirectory, "Captures", name + ".json");
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path));
        JsonElement root = document.RootElement.Clone();
        JsonElement list = root.ValueKind == JsonValueKind.Array ? root : root.GetProperty("messages");
        return [.. list.EnumerateArray()];
    }

    internal static byte[] Bytes(JsonElement record) => Convert.FromHexString(record.GetProperty("hex").GetString()!);
}
