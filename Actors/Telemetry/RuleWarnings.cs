using Akka.Event;
using static Smc.Actors.Protocol.RuntimeEvents;

namespace Smc.Actors.Telemetry;

/// <summary>
/// Says in the log who was the first to break a rule, for rules beside those of rings and of CLC messages, whose connections and handshakes say it
/// themselves. More of the same are counted only. Called on any thread.
/// </summary>
/// <param name="log">Where the warnings go.</param>
internal sealed class RuleWarnings(ILoggingAdapter log)
{
    private readonly News<(RuleLayer Layer, string Rule)> _news = new(int.MaxValue);   // no peer can invent a rule

    /// <summary>Warns of a rule that is broken for the first time.</summary>
    public void On(RuntimeEvent happened)
    {
        if (happened is RuleBroken { Layer: not (RuleLayer.Ring or RuleLayer.Clc) } broken && _news.IsFirst((broken.Layer, broken.Rule)))
            log.Warning("{0} broke a rule, {1} of layer {2}. More of this are counted only.", broken.Peer, broken.Rule, TelemetryNames.Of(broken.Layer));
    }
}
