using Akka.Configuration;
using Smc.Actors;
using Smc.Actors.Settings;

namespace Actors.Tests.Settings;

public sealed class HoconTextTests
{
    [Theory]
    [InlineData("smc {", "Line 1: what opens here is not closed by '}'.")]
    [InlineData("smc {\n  wait {\n    spin = off\n}", "Line 1: what opens here is not closed by '}'.")]
    [InlineData("smc.negotiation = never\n}\nsmc.wait.spin = off", "Line 2: '}' closes nothing.")]
    [InlineData("smc {\n  directory.peers = [\"10.0.0.7\"\n}", "Line 3: '}' where ']' would close what opens in line 2.")]
    [InlineData("# {\n// [\n\nsmc.wait.spin = \"off", "Line 4: a quoted text does not end in its line.")]
    [InlineData("smc.rendezvous.folder = \"a\\\"\n\"", "Line 1: a quoted text does not end in its line.")]
    [InlineData("a = \"\"\"x\n\n\"\"\"\nb = \"\"\"\n}", "Line 4: what opens here is not closed by \"\"\".")]
    [InlineData("\n{ smc.wait.spin = on }\nsmc.wait.spin = off", "Line 3: nothing may follow the closing '}'.")]
    public async Task A_text_that_does_not_close_what_it_opens_is_refused_with_its_line(string hocon, string message)
    {
        var refusal = await Assert.ThrowsAsync<ConfigurationException>(() => SmcRuntime.StartAsync(hocon));
        Assert.Equal(message, refusal.Message);
    }

    [Theory]
    [InlineData("smc.wait.spin = ${nowhere}", "nowhere")]
    [InlineData("smc.wait.spin:off:on", "':'")]
    public async Task A_text_that_is_no_hocon_is_refused(string hocon, string cause)
    {
        var refusal = await Assert.ThrowsAsync<ConfigurationException>(() => SmcRuntime.StartAsync(hocon));
        Assert.Contains(cause, refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \n# only a comment {")]
    [InlineData("{ \"smc\" : { \"wait\" : { \"spin\" : \"off\" }, \"directory\" : { \"peers\" : [\"10.0.0.7\", \"::1\"] } } } # the end }\n")]
    [InlineData("smc { wait { spin = off } } // }\nsmc.rendezvous.folder = \"a { [ \\\" # // b\"")]
    [InlineData("a = \"\"\"{ [ \" \"\"\"\nsmc.wait.spin = off")]
    [InlineData("on = off\nsmc.wait.spin = ${on}")]
    public void A_text_in_order_is_read(string hocon) => Assert.NotNull(SmcSettings.From(SmcSettings.Parse(hocon)));
}
