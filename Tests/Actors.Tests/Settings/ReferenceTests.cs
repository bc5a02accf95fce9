using System.Text.RegularExpressions;
using Smc.Actors.Settings;

namespace Actors.Tests.Settings;

/// <summary>smc.reference.conf says of every key what a user has to know.</summary>
public sealed partial class ReferenceTests
{
    private static readonly string[] Lines = File.ReadAllLines(ConfigurationFiles.At("smc.reference.conf"));

    [Fact]
    public void Every_key_has_a_comment_of_its_own_that_names_its_range()
    {
        List<(string Key, string Comment)> documented = [.. Documented()];
        Assert.Equal(SmcKeys.Values.Select(LastOf), documented.Select(entry => entry.Key));
        foreach ((SettingCase setting, string comment) in SmcKeys.Values.Zip(documented, (key, entry) => (SettingCases.All.Single(s => s.Key == key), entry.Comment)))
        {
            Assert.True(comment.Length > 0, $"{setting.Key} has no comment");
            foreach (string word in setting.Documented) Assert.True(comment.Contains(word, StringComparison.Ordinal), $"{setting.Key}: {word} is missing in {comment}");
        }
    }

    private static IEnumerable<(string Key, string Comment)> Documented()
    {
        var comment = new List<string>();
        foreach (string line in Lines.Select(line => line.Trim()).TakeWhile(line => !line.StartsWith("control-dispatcher", StringComparison.Ordinal)))
        {
            if (line.StartsWith('#')) comment.Add(line.TrimStart('#', ' '));
            else if (Key().Match(line) is { Success: true } key) yield return (key.Groups[1].Value, string.Join(' ', comment));
            if (!line.StartsWith('#')) comment.Clear();
        }
    }

    private static string LastOf(string key) => key[(key.LastIndexOf('.') + 1)..];

    [GeneratedRegex("^([a-z-]+) = ")]
    private static partial Regex Key();
}
