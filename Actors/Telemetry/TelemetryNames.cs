using Smc.Actors.Inspection;
using Smc.Actors.Protocol;
using Smc.Transport;
using static Smc.Actors.Protocol.RuntimeEvents;

namespace Smc.Actors.Telemetry;

/// <summary>The names that dashboards are written against: a change of one breaks them. Tags that OpenTelemetry has a name for have that name.</summary>
internal static class TelemetryNames
{
    /// <summary>Of the meter and of the source of activities.</summary>
    public const string Source = "Smc.Actors";

    public const string Runtime = "smc.runtime";
    public const string Mode = "smc.mode";
    public const string Role = "smc.role";
    public const string Outcome = "smc.outcome";
    public const string FallbackReason = "smc.fallback.reason";
    public const string PeerReason = "smc.fallback.peer_reason";
    public const string Step = "smc.handshake.step";
    public const string DecidedBy = "smc.handshake.decided_by";
    public const string BufferKind = "smc.buffer.kind";
    public const string Side = "smc.side";
    public const string DoorbellResult = "smc.doorbell.result";
    public const string GroupType = "smc.link_group.type";
    public const string GroupState = "smc.link_group.state";
    public const string Violation = "smc.violation";
    public const string Direction = "network.io.direction";
    public const string ErrorType = "error.type";
    public const string LocalAddress = "network.local.address";
    public const string LocalPort = "network.local.port";
    public const string PeerAddress = "network.peer.address";
    public const string PeerPort = "network.peer.port";

    public const string Transmit = "transmit";
    public const string Receive = "receive";

    public static string Of(SmcMode mode) => mode switch
    {
        SmcMode.SmcD => "smcd",
        SmcMode.SmcR => "smcr",
        _ => "tcp",
    };

    public static string Of(ConnectionRole role) => role == ConnectionRole.Client ? "client" : "server";

    public static string Of(HandshakeOutcome outcome) => outcome switch
    {
        HandshakeOutcome.Smc => "smc",
        HandshakeOutcome.Fallback => "fallback",
        _ => "failed",
    };

    public static string Of(HandshakeMessageKind kind) => kind switch
    {
        HandshakeMessageKind.Announce => "announce",
        HandshakeMessageKind.Connected => "connected",
        HandshakeMessageKind.Matched => "matched",
        HandshakeMessageKind.Cancel => "cancel",
        HandshakeMessageKind.Proposal => "proposal",
        HandshakeMessageKind.Accept => "accept",
        HandshakeMessageKind.Confirm => "confirm",
        _ => "decline",
    };

    public static string Of(LinkGroupState state) => state switch
    {
        LinkGroupState.Active => "active",
        LinkGroupState.Draining => "draining",
        LinkGroupState.Closed => "closed",
        LinkGroupState.Ending => "ending",
        _ => "failed",
    };

    public static string Of(RuleLayer layer) => layer switch
    {
        RuleLayer.Ring => "cursor",
        RuleLayer.Clc => "clc",
        RuleLayer.Token => "token",
        RuleLayer.Control => "control",
        RuleLayer.Credentials => "credentials",
        _ => "memory",
    };

    /// <summary>The error.type of a connection's end; null where it is no error.</summary>
    public static string? Of(ConnectionEnd end) => end switch
    {
        ConnectionEnd.Closed => null,
        ConnectionEnd.Aborted => "aborted_by_app",
        ConnectionEnd.Revoked => "aborted_by_operator",
        ConnectionEnd.Reset => "connection_reset",
        ConnectionEnd.PeerLost => "peer_lost",
        ConnectionEnd.Violated => "peer_violation",
        _ => "runtime_ended",
    };

    /// <summary>A reason as <see cref="SmcReason"/> and the settings name it; the code of one that has no name.</summary>
    public static string Of(SmcReason reason) => Enum.IsDefined(reason) ? reason.ToString() : $"0x{(uint)reason:x8}";
}
