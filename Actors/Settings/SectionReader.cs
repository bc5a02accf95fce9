using Akka.Configuration;
using Akka.Configuration.Hocon;

namespace Smc.Actors.Settings;

/// <summary>Parses what stands in a text.</summary>
internal delegate bool TextParser<T>(string text, out T value);

/// <summary>Reads the keys of one section of <c>smc</c>. A value that has not the form or not the range is named with its key and what is allowed.</summary>
/// <param name="smc">The section <c>smc</c>, defaults included.</param>
/// <param name="section">A section of it; none for its own keys.</param>
internal sealed class SectionReader(Config smc, string? section = null)
{
    /// <summary>What a timer takes.</summary>
    private static readonly TimeSpan LongestDuration = TimeSpan.FromDays(24);

    public TimeSpan Duration(string key)
    {
        const string Allowed = "a duration above 0, at most 24d";
        TimeSpan value = Read(key, Allowed, static (c, path) => c.GetTimeSpan(path));
        return value > TimeSpan.Zero && value <= LongestDuration ? value : throw Bad(key, Allowed);
    }

    /// <summary>A duration that may be 0, which means none.</summary>
    public TimeSpan DurationOrNone(string key)
    {
        const string Allowed = "a duration of at most 24d";
        TimeSpan value = Read(key, Allowed, static (c, path) => c.GetTimeSpan(path));
        return value >= TimeSpan.Zero && value <= LongestDuration ? value : throw Bad(key, Allowed);
    }

    public int Number(string key, int least, int most)
    {
        int value = Read(key, $"{least} to {most}", static (c, path) => c.GetInt(path));
        return value >= least && value <= most ? value : throw Bad(key, $"{least} to {most}");
    }

    public long Bytes(string key, long least, long most, string allowed)
    {
        long? value = Read(key, allowed, static (c, path) => c.GetByteSize(path));
        return value >= least && value <= most ? value.Value : throw Bad(key, allowed);
    }

    public bool Switch(string key) => Read(key, "on or off", static (c, path) => c.GetBoolean(path));

    public T Text<T>(string key, string allowed, Func<string, T> parse) => Read(key, allowed, (c, path) => parse(c.GetString(path)));

    public T Choice<T>(string key, params ReadOnlySpan<(string Name, T Value)> choices)
    {
        string? text = SettingText.TryGet(ValueOf(key));
        var names = new List<string>();
        foreach ((string name, T value) in choices)
        {
            if (name == text) return value;
            names.Add(name);
        }

        throw Bad(key, string.Join(" or ", names));
    }

    public IReadOnlyList<T> List<T>(string key, string allowed, TextParser<T> tryParse)
    {
        HoconValue? list = ValueOf(key);
        if (list is null || list.IsObject() || list.IsString()) throw Bad(key, "a list");
        var values = new List<T>();
        foreach (string? text in smc.GetStringList(PathOf(key)))
            values.Add(text is not null && tryParse(text, out T value) ? value : throw Bad(key, allowed, text ?? SettingText.Nothing));
        return values;
    }

    public ConfigurationException Bad(string key, string allowed, string value) => SettingText.Bad(PathOf(key), allowed, value);

    private ConfigurationException Bad(string key, string allowed) => Bad(key, allowed, SettingText.Of(ValueOf(key)));

    /// <summary>Reads a value that is a text, and says what is allowed where that has not the form.</summary>
    private T Read<T>(string key, string allowed, Func<Config, string, T> read)
    {
        if (SettingText.TryGet(ValueOf(key)) is null) throw Bad(key, allowed);
        try
        {
            return read(smc, PathOf(key));
        }
        catch (Exception e) when (e is FormatException or OverflowException or NotSupportedException or ArgumentException or ConfigurationException
            or IOException or BadImageFormatException or TypeLoadException) // the last three: of a class's assembly
        {
            throw Bad(key, allowed);
        }
    }

    private HoconValue? ValueOf(string key) => smc.GetValue(PathOf(key));

    private string PathOf(string key) => section is null ? key : $"{section}.{key}";
}
