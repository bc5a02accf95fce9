using Akka.Configuration;
using Smc.Actors;
using Smc.Actors.Settings;

namespace Actors.Tests.Settings;

/// <summary>Every key reaches its setting, and takes what it should take and nothing else.</summary>
public sealed class SettingsTests
{
    public static TheoryData<string, string> Allowed => Rows(setting => setting.Allowed);

    public static TheoryData<string, string> Refused => Rows(setting => setting.Refused.Select(bad => bad.Value));

    public static TheoryData<string> Keys => [.. SettingCases.All.Select(setting => setting.Key)];

    [Fact]
    public void Every_key_of_the_reference_is_tested() => Assert.Equal(SmcKeys.Values.Order(), SettingCases.All.Select(setting => setting.Key).Order());

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task A_bad_value_stops_the_start_and_is_named_with_its_key_and_what_is_allowed(string key, string value)
    {
        SettingCase setting = CaseOf(key);
        BadValue bad = setting.Refused.First(bad => bad.Value == value);
        var refusal = await Assert.ThrowsAsync<ConfigurationException>(() => SmcRuntime.StartAsync($"smc.{key} = {value}"));
        Assert.Equal($"smc.{key} must be {bad.Rule ?? setting.Rule}, was {bad.Named ?? value}.", refusal.Message);
    }

    [Theory]
    [MemberData(nameof(Allowed))]
    public void A_value_at_the_edge_of_the_range_is_taken(string key, string value) => Assert.NotNull(SmcSettings.From($"smc.{key} = {value}"));

    [Theory]
    [MemberData(nameof(Keys))]
    public void A_key_changes_its_setting_and_no_other(string key)
    {
        SettingCase setting = CaseOf(key);
        Dictionary<string, string> defaults = SettingValues.Of(SmcSettings.From(Config.Empty));
        Dictionary<string, string> changed = SettingValues.Of(SmcSettings.From($"smc.{key} = {setting.Other}"));
        string[] expected = setting.Property.StartsWith("Wait.Longest", StringComparison.Ordinal) && Environment.ProcessorCount == 1
            ? []   // nobody spins on one core, whatever is configured
            : [setting.Property];
        Assert.Equal(expected, changed.Keys.Where(name => changed[name] != defaults[name]));
    }

    [Fact]
    public void Every_setting_has_a_key() =>
        Assert.Equal(SettingValues.Of(SmcSettings.From(Config.Empty)).Keys.Order(), SettingCases.All.Select(setting => setting.Property).Distinct().Order());

    [Fact]
    public void Every_setting_is_read_by_the_product() => Assert.Empty(SettingValues.Getters().Where(getter => !Readers.Any(getter)).Select(getter => $"{getter.DeclaringType!.Name}.{getter.Name}"));

    [Fact]
    public void Sizes_are_rounded_up_to_a_class()
    {
        Assert.Equal(64 * 1024, SmcSettings.From(Config.Empty).Buffers.Size.Bytes);
        Assert.Equal(64 * 1024, SmcSettings.From("smc.buffers.size = 33KiB").Buffers.Size.Bytes);
    }

    [Fact]
    public void The_folder_is_of_the_user_unless_it_is_named() =>
        Assert.StartsWith(Path.Combine(Path.GetTempPath(), "smc-"), SmcSettings.From(Config.Empty).Rendezvous.Folder, StringComparison.Ordinal);

    [Theory]
    [InlineData("smc = 5", "smc must be a section, was 5.")]
    [InlineData("smc = [a]", "smc must be a section, was a list.")]
    [InlineData("smc.handshake = 5s", "smc.handshake must be a section, was 5s.")]
    [InlineData("smc { listener = [7] }", "smc.listener must be a section, was a list.")]
    [InlineData("smc.wait = null", "smc.wait must be a section, was nothing.")]
    [InlineData("smc.control-dispatcher = fast", "smc.control-dispatcher must be a section, was fast.")]
    [InlineData("smc.cq-dispatcher-0 = fast", "smc.cq-dispatcher-0 must be a section, was fast.")]
    public async Task A_value_in_place_of_a_section_stops_the_start(string hocon, string message)
    {
        var refusal = await Assert.ThrowsAsync<ConfigurationException>(() => SmcRuntime.StartAsync(hocon));
        Assert.Equal(message, refusal.Message);
    }

    private static SettingCase CaseOf(string key) => SettingCases.All.Single(setting => setting.Key == key);

    private static TheoryData<string, string> Rows(Func<SettingCase, IEnumerable<string>> values)
    {
        var rows = new TheoryData<string, string>();
        foreach (SettingCase setting in SettingCases.All)
        {
            foreach (string value in values(setting)) rows.Add(setting.Key, value);
        }

        return rows;
    }
}
