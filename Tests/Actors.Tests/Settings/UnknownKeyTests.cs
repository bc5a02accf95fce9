using Akka.Configuration;
using Smc.Actors.Settings;

namespace Actors.Tests.Settings;

public sealed class UnknownKeyTests
{
    public static TheoryData<string, string, string> Unknown => new()
    {
        { "smc.handshake.match-timout = 1s", "smc.handshake.match-timout", "smc.handshake.match-timeout" },
        { "smc { handshake { MatchTimeout = 1s } }", "smc.handshake.MatchTimeout", "smc.handshake.match-timeout" },
        { "smc.Negotiation = never", "smc.Negotiation", "smc.negotiation" },
        { "smc.buffers.max-dmb = 7", "smc.buffers.max-dmb", "smc.buffers.max-dmbs" },
        { "smc.match-timeout = 1s", "smc.match-timeout", "smc.handshake.match-timeout" },
        { "smc.listener.idle-delay = 1s", "smc.listener.idle-delay", "smc.link-group.idle-delay" },
        { "smc.handshake.buffers.size = 16KiB", "smc.handshake.buffers", "smc.buffers" },
        { "smc.wait.smc.wait.spin = off", "smc.wait.smc", "smc.wait.spin" },
        { "smc { linkgroup { idle-delay = 1s, max-connections = 16 } }", "smc.linkgroup", "smc.link-group" },
        { "smc.\"handshake.match-timeout\" = 1s", "smc.\"handshake.match-timeout\"", "smc.handshake.match-timeout" },
        { "smc.handshakes {}", "smc.handshakes", "smc.handshake" },
        { "smc.cq-dispatcher.throughput = 5", "smc.cq-dispatcher", "smc.control-dispatcher" },
        { "smc.size = null", "smc.size", "smc.buffers.size" },
        { "smc.control-dispatcher.troughput = 5", "smc.control-dispatcher.troughput", "smc.control-dispatcher.throughput" },
        { "smc.control-dispatcher.mailbox-requirement = \"\"", "smc.control-dispatcher.mailbox-requirement", "smc.control-dispatcher.mailbox-type" },
        { "smc.control-dispatcher.vector = 0", "smc.control-dispatcher.vector", "smc.control-dispatcher.executor" },
        { "smc.cq-dispatcher-7 { shutdown-time = 1s }", "smc.cq-dispatcher-7.shutdown-time", "smc.cq-dispatcher-7.shutdown-timeout" },
        { "smc.contrl-dispatcher { type = Dispatcher, executor = default-executor }", "smc.contrl-dispatcher", "smc.control-dispatcher" },
        { "smc.cq-dispatcher-x { executor = default-executor }", "smc.cq-dispatcher-x", "smc.control-dispatcher" },
        { "smc.blocking-dispatcher { executor = default-executor, throughput = 1 }", "smc.blocking-dispatcher", "smc.control-dispatcher" },
        { "smc.handshak { executor = none, match-timeout = 1s }", "smc.handshak", "smc.handshake" },
    };

    [Theory]
    [MemberData(nameof(Unknown))]
    public void An_unknown_key_is_found_with_the_nearest_that_is_known(string hocon, string key, string nearest) =>
        Assert.Equal([new UnknownKey(key, nearest)], SmcKeys.FindUnknown(hocon));

    [Theory]
    [InlineData("")]
    [InlineData("akka.loglevel = INFO\nother.smc.key = 5")]
    [InlineData("smc { }")]
    [InlineData("smc { handshake { } }")]
    [InlineData("smc.control-dispatcher { throughput = 5, throughput-deadline-time = 1ms, mailbox-type = \"Akka.Dispatch.UnboundedMailbox\" }")]
    [InlineData("smc.cq-dispatcher-0.throughput = 5")]
    public void What_is_known_or_not_below_smc_is_not_found(string hocon) => Assert.Empty(SmcKeys.FindUnknown(hocon));

    [Fact]
    public void All_keys_of_the_reference_are_known() => Assert.Empty(SmcKeys.FindUnknown(SmcSettings.Reference));

    [Fact]
    public void Keys_below_others_are_found_once()
    {
        Config below = ConfigurationFactory.ParseString("smc { wait.spn = on, listener.backlogs = 5 }").WithFallback(SmcSettings.Reference);
        IReadOnlyList<UnknownKey> unknown = SmcKeys.FindUnknown(ConfigurationFactory.ParseString("smc { wait.spn = off, wait.spin = off }").WithFallback(below));
        Assert.Equal([new("smc.listener.backlogs", "smc.listener.backlog"), new("smc.wait.spn", "smc.wait.spin")], unknown.OrderBy(key => key.Name));
    }
}
