using System.Reflection;
using Akka.Configuration;
using Akka.Configuration.Hocon;
using Smc.Actors;
using Smc.Actors.Settings;

namespace Actors.Tests.Settings;

public sealed class SmcSettingsTests
{
    /// <summary>The dispatcher is read by the actor system, not by the runtime.</summary>
    private const string ReadByAkka = "control-dispatcher";

    public static TheoryData<string, string, string> BadValues => new()
    {
        { "negotiation", "sometimes", "directory or always or never" },
        { "directory.peers", "[everybody]", "address/prefix or address:port" },
        { "directory.peers", "[\"10.0.0.0/33\"]", "address/prefix or address:port" },
        { "directory.plain-hold", "0s", "a duration above 0" },
        { "handshake.sniff-timeout", "0ms", "a duration above 0" },
        { "handshake.match-timeout", "0s", "a duration above 0" },
        { "handshake.match-timeout", "-1s", "a duration above 0" },
        { "handshake.match-timeout", "soon", "a duration above 0" },
        { "handshake.match-timeout", "infinite", "a duration above 0" },
        { "handshake.clc-timeout", "0ms", "a duration above 0" },
        { "handshake.clc-timeout", "25d", "at most 24d" },
        { "handshake.clc-timeout", "6 fortnights", "a duration above 0" },
        { "handshake.ueids", "[]", "1 to 8 entries" },
        { "handshake.ueids", "[A,B,C,D,E,F,G,H,I]", "1 to 8 entries" },
        { "handshake.ueids", "[\"lower case\"]", "1 to 32 characters" },
        { "handshake.ueids", "[\"-MINUS-FIRST\"]", "the first a letter or digit" },
        { "buffers.size", "16383", "16 KiB to 1 MiB" },
        { "buffers.size", "2MiB", "16 KiB to 1 MiB" },
        { "buffers.size", "big", "16 KiB to 1 MiB" },
        { "buffers.memory", "lots", "plain or prefaulted" },
        { "buffers.max-dmbs", "0", "1 to 1048576" },
        { "buffers.max-dmbs", "many", "1 to 1048576" },
        { "buffers.max-dmbs", "99999999999", "1 to 1048576" },
        { "link-group.idle-delay", "0s", "a duration above 0" },
        { "link-group.idle-delay", "never", "a duration above 0" },
        { "wait.spin", "perhaps", "on or off" },
        { "wait.longest-spin-microseconds", "0", "1 to 1000" },
        { "wait.longest-spin-microseconds", "1001", "1 to 1000" },
        { "wait.inline-completions", "2", "on or off" },
        { "listener.backlog", "0", "1 to 65535" },
        { "listener.backlog", "65536", "1 to 65535" },
        { "listener.accept-queue", "0", "1 to 1048576" },
    };

    /// <summary>A value of every key that is allowed, and not the default.</summary>
    public static TheoryData<string, string> OtherValues => new()
    {
        { "negotiation", "never" },
        { "rendezvous.folder", "/tmp/elsewhere" },
        { "directory.peers", "[\"10.0.0.7\"]" },
        { "directory.plain-hold", "2s" },
        { "handshake.match-timeout", "2s" },
        { "handshake.clc-timeout", "7s" },
        { "handshake.sniff-timeout", "20ms" },
        { "handshake.ueids", "[OTHER, \"SMC-ACTORS-DEFAULT-UEID\"]" },
        { "buffers.size", "128KiB" },
        { "buffers.memory", "prefaulted" },
        { "buffers.max-dmbs", "17" },
        { "link-group.idle-delay", "3m" },
        { "wait.spin", "off" },
        { "wait.longest-spin-microseconds", "51" },
        { "wait.inline-completions", "on" },
        { "listener.backlog", "100" },
        { "listener.accept-queue", "99" },
    };

    [Theory]
    [MemberData(nameof(BadValues))]
    public async Task A_bad_value_is_named_with_its_key_and_what_is_allowed(string key, string value, string allowed)
    {
        var bad = await Assert.ThrowsAsync<ConfigurationException>(() => SmcRuntime.StartAsync($"smc.{key} = {value}"));
        Assert.StartsWith($"smc.{key} must be ", bad.Message, StringComparison.Ordinal);
        Assert.Contains(allowed, bad.Message, StringComparison.Ordinal);
        if (!value.StartsWith('[')) Assert.EndsWith($"was {value}.", bad.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(OtherValues))]
    public void Every_key_reaches_a_setting(string key, string value)
    {
        SmcSettings defaults = SmcSettings.From(Config.Empty);
        SmcSettings changed = SmcSettings.From(ConfigurationFactory.ParseString($"smc.{key} = {value}"));
        if (key == "wait.spin" && Environment.ProcessorCount == 1) return;   // there is no spinning on one core
        Assert.NotEqual(Text(defaults), Text(changed));
    }

    [Fact]
    public void The_reference_has_no_key_that_is_not_among_these()
    {
        IEnumerable<string> keys = Leaves(SmcSettings.Reference.GetConfig("smc").Root, string.Empty)
            .Where(key => !key.StartsWith(ReadByAkka, StringComparison.Ordinal));
        Assert.Equal(OtherValues.Select(row => (string)row[0]).Order(), keys.Order());
    }

    [Fact]
    public void Sizes_are_rounded_up_to_a_class()
    {
        Assert.Equal(64 * 1024, SmcSettings.From(Config.Empty).Buffers.Size.Bytes);
        Assert.Equal(64 * 1024, SmcSettings.From(ConfigurationFactory.ParseString("smc.buffers.size = 33KiB")).Buffers.Size.Bytes);
    }

    [Fact]
    public void The_folder_is_of_the_user_unless_it_is_named() =>
        Assert.StartsWith(Path.Combine(Path.GetTempPath(), "smc-"), SmcSettings.From(Config.Empty).RendezvousFolder, StringComparison.Ordinal);

    private static IEnumerable<string> Leaves(HoconValue value, string path)
    {
        if (!value.IsObject()) return [path];
        return value.GetObject().Items.SelectMany(item => Leaves(item.Value, path.Length == 0 ? item.Key : $"{path}.{item.Key}"));
    }

    /// <summary>All settings as text, lists by their members.</summary>
    private static string Text(object? setting) => setting switch
    {
        null => "null",
        string or ValueType => setting.ToString()!,
        System.Collections.IEnumerable list => string.Join(",", list.Cast<object>().Select(Text)),
        _ => string.Join(";", setting.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance).Select(p => $"{p.Name}={Text(p.GetValue(setting))}")),
    };
}
