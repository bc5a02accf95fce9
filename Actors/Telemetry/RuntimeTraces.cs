using System.Diagnostics;
using Smc.Actors.Protocol;
using Smc.Transport;
using static Smc.Actors.Protocol.RuntimeEvents;
using static Smc.Actors.Telemetry.TelemetryNames;

namespace Smc.Actors.Telemetry;

/// <summary>One activity a handshake, made when it has ended, with the times that its journal has. Nothing of a connection's data is traced.</summary>
/// <param name="runtime">Names the runtime within the process.</param>
internal sealed class RuntimeTraces(string runtime)
{
    private const string Name = "smc.handshake";

    private static readonly ActivitySource Activities = new(Source, ProductVersion.Text);

    /// <summary>Traces an event.</summary>
    public void On(RuntimeEvent happened)
    {
        if (happened is not HandshakeEnded handshake || !Activities.HasListeners()) return;
        Activity? own = Activity.Current;   // a thread of the control plane keeps that of whoever started the runtime
        Activity.Current = null;
        try
        {
            Trace(handshake);
        }
        finally
        {
            Activity.Current = own;
        }
    }

    private void Trace(HandshakeEnded handshake)
    {
        ActivityKind kind = handshake.Decision.Role == ConnectionRole.Client ? ActivityKind.Client : ActivityKind.Server;
        using Activity? activity = Activities.StartActivity(kind, handshake.Caller, TagsOf(handshake), startTime: handshake.Started, name: Name);
        if (activity is null) return;   // not sampled
        foreach (HandshakeMessage message in handshake.Messages)
        {
            var tags = new ActivityTagsCollection { [Direction] = message.IsSent ? Transmit : Receive };
            activity.AddEvent(new ActivityEvent(Of(message.Kind), handshake.Started + message.After, tags));
        }

        if (handshake.Outcome == HandshakeOutcome.Failed) activity.SetStatus(ActivityStatusCode.Error, handshake.Error);
        activity.SetEndTime(handshake.Started + handshake.Duration);
    }

    private IEnumerable<KeyValuePair<string, object?>> TagsOf(HandshakeEnded handshake)
    {
        HandshakeDecision decision = handshake.Decision;
        yield return new(Runtime, runtime);
        yield return new(Role, Of(decision.Role));
        yield return new(Outcome, Of(handshake.Outcome));
        yield return new(Step, decision.Step.ToString());
        if (handshake.Mode is { } mode) yield return new(Mode, Of(mode));
        if (decision.Reason != SmcReason.None)
        {
            yield return new(FallbackReason, Of(decision.Reason));
            yield return new(DecidedBy, Of(decision.DecidedBy));
        }

        if (decision.PeerReason != SmcReason.None) yield return new(PeerReason, Of(decision.PeerReason));
        if (handshake.Error.Length > 0) yield return new(ErrorType, handshake.Error);
        if (handshake.Local is { } local)
        {
            yield return new(LocalAddress, local.Address.ToString());
            yield return new(LocalPort, local.Port);
        }

        yield return new(PeerAddress, handshake.Remote.Address.ToString());
        yield return new(PeerPort, handshake.Remote.Port);
    }
}
