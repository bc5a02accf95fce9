using Smc.Actors.Protocol;
using Smc.Transport;

namespace Smc.Actors.Inspection;

/// <summary>How often something has happened, and when.</summary>
/// <param name="Count">Since the runtime began.</param>
/// <param name="First">The first time, UTC.</param>
/// <param name="Last">The last time, UTC.</param>
public readonly record struct Counted(long Count, DateTime First, DateTime Last);

/// <summary>Connections with one peer that fell back for one reason.</summary>
/// <param name="Peer">A server's endpoint, or a client's address.</param>
/// <param name="Role">This process's.</param>
/// <param name="Reason">Why.</param>
/// <param name="PeerReason">What the peer gave as its own reason; None where it gave none.</param>
/// <param name="Times">How often, and when.</param>
public sealed record FallbackReport(string Peer, ConnectionRole Role, SmcReason Reason, SmcReason PeerReason, Counted Times);

/// <summary>A rule that peers broke.</summary>
/// <param name="Layer">Where: ring, CLC, token, control, credentials or memory.</param>
/// <param name="Rule">Which.</param>
/// <param name="Consequence">What each time ended with.</param>
/// <param name="Times">How often, and when.</param>
public sealed record ViolationReport(string Layer, string Rule, string Consequence, Counted Times);
