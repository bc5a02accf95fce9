using System.Collections;
using System.Reflection;
using Smc.Actors.Settings;

namespace Actors.Tests.Settings;

/// <summary>The settings by name, section by section.</summary>
internal static class SettingValues
{
    /// <summary>All values as text, lists by their entries.</summary>
    public static Dictionary<string, string> Of(SmcSettings settings) => Flat(settings, string.Empty).ToDictionary();

    /// <summary>What reads them.</summary>
    public static IEnumerable<MethodInfo> Getters() => Getters(typeof(SmcSettings));

    private static IEnumerable<(string Name, string Value)> Flat(object record, string prefix)
    {
        foreach (PropertyInfo property in PropertiesOf(record.GetType()))
        {
            object value = property.GetValue(record)!;
            string name = prefix + property.Name;
            if (IsSection(property)) foreach ((string, string) inner in Flat(value, $"{name}.")) yield return inner;
            else yield return (name, value is IEnumerable list and not string ? string.Join(",", list.Cast<object>()) : value.ToString()!);
        }
    }

    private static IEnumerable<MethodInfo> Getters(Type record) => PropertiesOf(record)
        .SelectMany(property => IsSection(property) ? Getters(property.PropertyType).Prepend(property.GetMethod!) : [property.GetMethod!]);

    private static PropertyInfo[] PropertiesOf(Type record) => record.GetProperties(BindingFlags.Public | BindingFlags.Instance);

    private static bool IsSection(PropertyInfo property) => property.PropertyType.Name.EndsWith("Settings", StringComparison.Ordinal);
}
