namespace Actors.Tests.Settings;

/// <summary>A value that stops the start, and how it is named then.</summary>
/// <param name="Value">As it stands in a configuration.</param>
/// <param name="Named">As it stands in the complaint; null where that is the same.</param>
/// <param name="Rule">What the complaint says is allowed, where that is not the rule of its key.</param>
public sealed record BadValue(string Value, string? Named = null, string? Rule = null)
{
    public static implicit operator BadValue(string value) => new(value);
}

/// <summary>A key: what it sets, what it takes and what it refuses.</summary>
/// <param name="Key">Without <c>smc.</c>.</param>
/// <param name="Property">The setting, by the names of the records' properties.</param>
/// <param name="Rule">What a complaint says is allowed.</param>
/// <param name="Other">A value that is not the default.</param>
/// <param name="Allowed">Values at the edges of what is allowed.</param>
/// <param name="Refused">Values that are none, and those just beyond either edge.</param>
public sealed record SettingCase(string Key, string Property, string Rule, string Other, string[] Allowed, BadValue[] Refused)
{
    /// <summary>What no key that takes a single value takes.</summary>
    private static readonly BadValue[] NoScalars = [new("[on]", "a list"), new("{ on = on }", "a section"), new("null", "nothing")];

    private static readonly BadValue Empty = new("\"\"");

    /// <summary>What the comment of the key says in smc.reference.conf; what goes for all durations and switches stands at its head.</summary>
    public string[] Documented { get; private init; } = [];

    public static SettingCase Number(string key, string property, int least, int most) => new(
        key, property, $"{least} to {most}", $"{least + 1}", [$"{least}", $"{most}"],
        [$"{least - 1}", $"{most + 1}", "-99999999999", "99999999999", "many", "20.5", "20 of them", Empty, .. NoScalars])
    {
        Documented = [$"{least} to {most}"],
    };

    public static SettingCase Duration(string key, string property) => new(
        key, property, "a duration above 0, at most 24d", "2500ms", ["1ms", "24d", "2073600000"],
        ["0s", "0", "-1s", "2073600001ms", "25d", "99999999999d", "soon", "infinite", "6 fortnights", Empty, .. NoScalars]);

    public static SettingCase DurationOrNone(string key, string property) => new(
        key, property, "a duration of at most 24d", "2500ms", ["0", "0s", "1ms", "24d", "2073600000"],
        ["-1s", "2073600001ms", "25d", "99999999999d", "soon", "infinite", "6 fortnights", Empty, .. NoScalars]);

    public static SettingCase Switch(string key, string property, string other) => new(
        key, property, "on or off", other, ["on", "off", "true", "false"], ["2", "perhaps", "ON", Empty, .. NoScalars]);

    public static SettingCase Choice(string key, string property, string other, params string[] names) => new(
        key, property, string.Join(" or ", names), other, names, ["sometimes", names[0].ToUpperInvariant(), "0", Empty, .. NoScalars])
    {
        Documented = [.. names.Select(name => $"{name}:")],
    };

    public static SettingCase Size(string key, string property, string rule, string other, int least, int most) => new(
        key, property, rule, other, [$"{least}", $"{most}", $"{least / 1024}KiB", $"{most / 1024} KiB"],
        [$"{least - 1}", $"{most + 1}", "0", $"-{least}", "1GiB", "99999999999999999999KiB", "big", "64 pages", Empty, .. NoScalars])
    {
        Documented = [rule],
    };

    public static SettingCase Text(string key, string property, string rule, string other, string[] allowed, params BadValue[] refused) => new(
        key, property, rule, other, allowed, [.. refused, .. NoScalars]);

    /// <param name="key">As for <see cref="SettingCase"/>, as are the others.</param>
    /// <param name="property">The setting.</param>
    /// <param name="rule">Of an entry.</param>
    /// <param name="other">A list.</param>
    /// <param name="allowed">Lists.</param>
    /// <param name="bad">Entries that are none.</param>
    /// <param name="tooMany">Lists of so many entries that they are no value, with their rule.</param>
    public static SettingCase List(string key, string property, string rule, string other, string[] allowed, string[] bad, params BadValue[] tooMany) => new(
        key, property, rule, other, allowed,
        [
            .. bad.Select(entry => new BadValue($"[\"{entry}\"]", entry)), new("[[a]]", "nothing"), .. tooMany,
            new("on", null, "a list"), new("\"\"", null, "a list"), new("{ on = on }", "a section", "a list"), new("null", "nothing", "a list"),
        ]);
}
