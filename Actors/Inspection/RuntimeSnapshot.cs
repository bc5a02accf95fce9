using Smc.Transport;
using Smc.Transport.Rings;
using Smc.Transport.Wire;

namespace Smc.Actors.Inspection;

/// <summary>A runtime at one moment, as far as operators look at it. Commands are functions of it.</summary>
/// <param name="Taken">When, UTC.</param>
/// <param name="Runtime">The runtime itself.</param>
/// <param name="Connections">The open connections, the oldest first.</param>
/// <param name="Fallbacks">Fallbacks so far, by reason.</param>
/// <param name="Violations">Connections aborted so far because their peer broke a rule of the ring, by rule.</param>
/// <param name="Breaches">Handshakes aborted so far because their peer broke a rule of CLC, by rule.</param>
public sealed record RuntimeSnapshot(
    DateTime Taken,
    RuntimeReport Runtime,
    IReadOnlyList<ConnectionReport> Connections,
    IReadOnlyDictionary<SmcReason, long> Fallbacks,
    IReadOnlyDictionary<RingViolation, long> Violations,
    IReadOnlyDictionary<WireError, long> Breaches);

/// <summary>The runtime itself.</summary>
/// <param name="ProcessId">Of the operating system.</param>
/// <param name="Version">Of Smc.Actors.</param>
/// <param name="Negotiation">The value of smc.negotiation.</param>
/// <param name="RendezvousFolder">Where processes find each other.</param>
/// <param name="Gid">Of the loopback-ISM device; null while it is down.</param>
/// <param name="Down">Why the device is down; None while it is up.</param>
/// <param name="Ueids">User EIDs, in the order of preference.</param>
/// <param name="DmbsInUse">DMBs of this process that are in use.</param>
/// <param name="MaxDmbs">How many may be.</param>
/// <param name="BufferBytes">The size of a connection's DMB.</param>
public sealed record RuntimeReport(
    int ProcessId,
    string Version,
    string Negotiation,
    string RendezvousFolder,
    SmcGid? Gid,
    SmcReason Down,
    IReadOnlyList<string> Ueids,
    int DmbsInUse,
    int MaxDmbs,
    long BufferBytes);
