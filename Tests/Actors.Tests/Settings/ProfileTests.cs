using Akka.Configuration;
using Smc.Actors.Settings;

namespace Actors.Tests.Settings;

/// <summary>The profiles of <c>hocon/</c>: what each changes, and nothing else.</summary>
public sealed class ProfileTests
{
    public static TheoryData<string, string[]> Profiles => new()
    {
        { "latency.conf", ["Buffers.Prefault=True", "LinkGroup.IdleDelay=01:00:00", "Wait.LongestSpinMicroseconds=500", "Wait.InlineCompletions=True"] },
        { "low-memory.conf", [$"Buffers.Size={SmcSettings.From("smc.buffers.size = 16KiB").Buffers.Size}", "Buffers.MaxDmbs=1000", "LinkGroup.IdleDelay=00:00:10"] },
    };

    [Fact]
    public void Every_profile_is_tested() => Assert.Equal(
        Profiles.Select(row => (string)row[0]).Append("smc.reference.conf").Order(),
        Directory.GetFiles(Path.GetDirectoryName(ConfigurationFiles.At("any"))!).Select(Path.GetFileName).Order());

    [Theory]
    [MemberData(nameof(Profiles))]
    public void A_profile_changes_what_it_says(string name, string[] changes)
    {
        Config profile = SmcSettings.Parse(File.ReadAllText(ConfigurationFiles.At(name)));
        Dictionary<string, string> defaults = SettingValues.Of(SmcSettings.From(Config.Empty));
        Dictionary<string, string> changed = SettingValues.Of(SmcSettings.From(profile));
        string[] spin = Environment.ProcessorCount == 1 ? ["Wait.LongestSpinMicroseconds=500"] : [];   // nobody spins on one core
        Assert.Equal(changes.Except(spin), changed.Where(setting => defaults[setting.Key] != setting.Value).Select(setting => $"{setting.Key}={setting.Value}"));
        Assert.Empty(SmcKeys.FindUnknown(profile));
    }
}
