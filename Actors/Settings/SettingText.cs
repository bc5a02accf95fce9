using Akka.Configuration;
using Akka.Configuration.Hocon;

namespace Smc.Actors.Settings;

/// <summary>How values stand in complaints.</summary>
internal static class SettingText
{
    /// <summary>A key without a value, or null.</summary>
    public const string Nothing = "nothing";

    /// <summary>The text of a value that is one; null for sections, lists and nothing.</summary>
    public static string? TryGet(HoconValue? value) => value is not null && value.IsString() ? value.GetString() : null;

    /// <summary>A value, or what it is instead of one.</summary>
    public static string Of(HoconValue? value)
    {
        if (TryGet(value) is { } text) return text.Length == 0 ? "\"\"" : text;
        if (value is null) return Nothing;
        return value.IsObject() ? "a section" : value.IsArray() ? "a list" : Nothing;
    }

    public static ConfigurationException Bad(string path, string allowed, string value) => new($"{SmcKeys.FullNameOf(path)} must be {allowed}, was {value}.");
}
