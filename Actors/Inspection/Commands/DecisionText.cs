using Smc.Actors.Inspection.Reports;
using Smc.Actors.Protocol;

namespace Smc.Actors.Inspection.Commands;

/// <summary>Where a handshake decided (users read it, so it is words).</summary>
internal static class DecisionText
{
    /// <summary>The step, and which end decided.</summary>
    public static string Of(HandshakeDecision decision) =>
        decision is { Step: HandshakeStep.Confirm, Reason: Transport.SmcReason.None }
            ? "Confirm: the handshake was complete"
            : $"{Of(decision.Step)}; decided by {(decision.DecidedBy == decision.Role ? "this end" : "the peer")}, the {JsonWord.Of(decision.DecidedBy)}";

    private static string Of(HandshakeStep step) => step switch
    {
        HandshakeStep.Device => "before the handshake: whether this process has a device that is up",
        HandshakeStep.LookUp => "look-up: whether the endpoint is published, and the connection announced",
        HandshakeStep.Admission => "admission: how many handshakes a listener runs at once",
        HandshakeStep.Announcement => "announcement: the client's port must be known before it connects",
        HandshakeStep.Match => "match: the listener accepts the announced connection",
        HandshakeStep.FirstBytes => "first bytes: the listener looks whether they are a Proposal",
        HandshakeStep.Proposal => "Proposal: the server chooses version and device",
        HandshakeStep.Accept => "Accept: the server registers its DMB, the client judges what it gets",
        _ => "Confirm: the client registers its DMB, the server has mapped it",
    };
}
