using Akka.Configuration;
using Akka.Configuration.Hocon;
using Smc.Actors.Dispatch;

namespace Smc.Actors.Settings;

/// <summary>
/// The keys of <c>smc</c>: those that smc.reference.conf has, and those of the dispatchers (<see cref="DispatcherKeys"/>). All else below it is
/// unknown: an application has its own dispatchers elsewhere.
/// </summary>
internal static class SmcKeys
{
    /// <summary>The section of all of them.</summary>
    public const string Root = "smc";

    private const string MarkOfDispatcher = "executor";

    private static readonly Dictionary<string, Kind> Known =
        Entries(SmcSettings.Reference, static (_, value) => KindOf(value)).ToDictionary(static entry => entry.Path, static entry => KindOf(entry.Value));

    private enum Kind
    {
        Value,
        Section,
        Dispatcher,
    }

    /// <summary>All keys that have a value, without <c>smc.</c>, in the order of smc.reference.conf.</summary>
    public static IEnumerable<string> Values => Known.Where(static key => key.Value == Kind.Value).Select(static key => key.Key);

    /// <summary>Finds a value where there should be a section: what is below it would be lost, defaults included.</summary>
    /// <exception cref="ConfigurationException">Names the section and the value.</exception>
    public static void CheckSections(Config config)
    {
        if (config.GetValue(Root) is { } root && !root.IsObject()) throw NoSection(string.Empty, root);
        foreach ((string path, HoconValue value) in Entries(config, KindOfKnown))
        {
            if (KindOfKnown(path, value) != Kind.Value && !value.IsObject()) throw NoSection(path, value);
        }
    }

    /// <summary>The keys that nobody reads, each with the known one that is nearest. Of a section that is unknown as a whole only its name.</summary>
    public static IReadOnlyList<UnknownKey> FindUnknown(Config config)
    {
        var unknown = new Dictionary<string, UnknownKey>();
        foreach ((string path, HoconValue value) in Entries(config, KindOfKnown))
        {
            if (IsDispatcher(path))
            {
                foreach ((string key, string nearest) in DispatcherKeys.FindUnknown(path, value)) Add($"{path}.{key}", $"{path}.{nearest}");
            }
            else if (!Known.ContainsKey(path))
            {
                Add(path, NearestName.Of(path, Known.Keys));
            }
        }

        return [.. unknown.Values];

        void Add(string path, string nearest) => unknown.TryAdd(path, new UnknownKey(FullNameOf(path), FullNameOf(nearest)));
    }

    /// <summary>True for the dispatchers that the runtime's actors run on.</summary>
    /// <param name="path">Without <c>smc.</c>.</param>
    public static bool IsDispatcher(string path) => Known.GetValueOrDefault(path) == Kind.Dispatcher || CompletionDispatchers.IsOne(path);

    /// <summary>A path below <c>smc</c> as a configuration has it.</summary>
    public static string FullNameOf(string path) => path.Length == 0 ? Root : $"{Root}.{path}";

    private static ConfigurationException NoSection(string path, HoconValue value) => SettingText.Bad(path, "a section", SettingText.Of(value));

    private static Kind KindOf(HoconValue value) =>
        !value.IsObject() ? Kind.Value : value.GetObject().Items.ContainsKey(MarkOfDispatcher) ? Kind.Dispatcher : Kind.Section;

    /// <summary>An unknown section is not looked into.</summary>
    private static Kind KindOfKnown(string path, HoconValue value) => IsDispatcher(path) ? Kind.Dispatcher : Known.GetValueOrDefault(path);

    private static IEnumerable<(string Path, HoconValue Value)> Entries(Config config, Func<string, HoconValue, Kind> kindOf)
    {
        if (config.GetValue(Root) is null) yield break;
        for (Config? layer = config.GetConfig(Root); layer is not null; layer = layer.Fallback)
        {
            foreach ((string, HoconValue) entry in Entries(layer.Root, prefix: string.Empty, kindOf)) yield return entry;
        }
    }

    private static IEnumerable<(string Path, HoconValue Value)> Entries(HoconValue section, string prefix, Func<string, HoconValue, Kind> kindOf)
    {
        if (!section.IsObject()) yield break;
        foreach ((string key, HoconValue value) in section.GetObject().Items)
        {
            string path = prefix + (key.Contains('.') ? $"\"{key}\"" : key);
            yield return (path, value);
            if (kindOf(path, value) != Kind.Section) continue;
            foreach ((string, HoconValue) entry in Entries(value, $"{path}.", kindOf)) yield return entry;
        }
    }
}

/// <summary>A key under <c>smc</c> that nobody reads.</summary>
/// <param name="Name">The key.</param>
/// <param name="Nearest">The known key or section that it is likely meant to be.</param>
internal readonly record struct UnknownKey(string Name, string Nearest);
