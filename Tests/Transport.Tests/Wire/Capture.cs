using System.Text.Json;

namespace Smc.Transport.Tests.Wire;

/// <summary>Bytes captured from a Linux kernel, by file under Captures/.</summary>
internal static class Capture
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Captures");

    /// <summary>All captures of frames, without those of DMBs.</summary>
    internal static string[] Names { get; } =
    [
        .. Directory.EnumerateFiles(Folder, "*.json")
            .Select(path => Path.GetFileNameWithoutExtension(path))
            .Where(name => !name.EndsWith(".dmb", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal),
    ];

    internal static JsonElement[] Records(string name)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folder, name + ".json")));
        JsonElement root = document.RootElement.Clone();
        JsonElement list = root.ValueKind == JsonValueKind.Array ? root : root.GetProperty("messages");
        return [.. list.EnumerateArray()];
    }

    /// <summary>The CLC messages of a capture of frames.</summary>
    internal static JsonElement[] Clc(string name) => [.. Records(name).Where(record => record.GetProperty("layer").GetString() == "CLC")];

    internal static byte[] Bytes(JsonElement record) => Convert.FromHexString(record.GetProperty("hex").GetString()!);
}
