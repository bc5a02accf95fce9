using Akka.Event;
using Akka.TestKit.Xunit2;
using Smc.Actors.Telemetry;
using static Smc.Actors.Protocol.RuntimeEvents;

namespace Actors.Tests.Telemetry;

/// <summary>What the log says of broken rules.</summary>
public sealed class RuleWarningsSpec : TestKit
{
    private readonly RuleWarnings _warnings;

    public RuleWarningsSpec() => _warnings = new RuleWarnings(Logging.GetLogger(Sys, typeof(RuleWarnings)));

    [Fact]
    public void The_first_of_each_rule_is_named_and_no_other()
    {
        Warns("process 7 of user 1000 broke a rule, ForeignUser of layer credentials", () => Break(RuleLayer.Credentials, "ForeignUser", "process 7 of user 1000"));
        Warns("broke a rule, TooManySlabs of layer control", () => Break(RuleLayer.Control, "TooManySlabs", "ffeeddcc"));
        Warns("broke a rule, WrongOffer of layer memory", () => Break(RuleLayer.Memory, "WrongOffer", "ffeeddcc"));
        EventFilter.Warning().Expect(0, () =>
        {
            Break(RuleLayer.Credentials, "ForeignUser", "process 8 of user 1000");
            Break(RuleLayer.Ring, "ProducerBeyondWindow", "10.0.0.7:5000");   // whose connections and handshakes say it
            Break(RuleLayer.Clc, "BadLength", "10.0.0.7:5000");
        });
    }

    private void Warns(string words, Action act) => EventFilter.Warning(contains: words).ExpectOne(act);

    private void Break(RuleLayer layer, string rule, string peer) => _warnings.On(new RuleBroken(layer, rule, peer));
}
