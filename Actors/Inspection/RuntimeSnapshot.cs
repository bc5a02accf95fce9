using Smc.Transport;
using Smc.Transport.Wire;

namespace Smc.Actors.Inspection;

/// <summary>A runtime at one moment, as far as operators look at it. Commands are functions of it.</summary>
/// <param name="Taken">When, UTC.</param>
/// <param name="Runtime">The runtime itself.</param>
/// <param name="Connections">The connections, the oldest first, those too that are closed here and wait for their peer.</param>
public sealed record RuntimeSnapshot(DateTime Taken, RuntimeReport Runtime, IReadOnlyList<ConnectionReport> Connections)
{
    /// <summary>The listeners, the oldest first.</summary>
    public IReadOnlyList<ListenerReport> Listeners { get; init; } = [];

    /// <summary>The link groups, the oldest first.</summary>
    public IReadOnlyList<LinkGroupReport> LinkGroups { get; init; } = [];

    /// <summary>What the runtime has counted since it began.</summary>
    public required CounterTotals Totals { get; init; }

    /// <summary>Fallbacks by peer and reason, the latest first. Of peers beyond a limit only <see cref="CounterTotals.Fallbacks"/> knows.</summary>
    public IReadOnlyList<FallbackReport> Fallbacks { get; init; } = [];

    /// <summary>Rules that peers broke.</summary>
    public IReadOnlyList<ViolationReport> Violations { get; init; } = [];
}

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
    long BufferBytes)
{
    /// <summary>The version of .NET.</summary>
    public string Framework { get; init; } = string.Empty;

    /// <summary>The operating system and its version.</summary>
    public string OperatingSystem { get; init; } = string.Empty;

    /// <summary>Connections that a link group takes which this process serves.</summary>
    public int MaxConnectionsPerGroup { get; init; }

    /// <summary>Link groups in which this process serves one other.</summary>
    public int MaxGroupsPerPeer { get; init; }

    /// <summary>Slabs are committed as a whole when they are made.</summary>
    public bool IsPrefaulted { get; init; }

    /// <summary>The limits of DMBs, and what each has refused.</summary>
    public IReadOnlyList<DmbLimitReport> DmbLimits { get; init; } = [];

    /// <summary>The device's blocks for CLC messages.</summary>
    public ClcBufferReport ClcBuffers { get; init; } = new(0);

    /// <summary>Operators may change something.</summary>
    public bool AllowsMutations { get; init; }

    /// <summary>The completion vectors.</summary>
    public IReadOnlyList<VectorReport> Vectors { get; init; } = [];
}

/// <summary>A completion vector.</summary>
/// <param name="Number">From 0.</param>
/// <param name="Thread">The name of its thread.</param>
/// <param name="Dispatcher">What an actor of the vector names as its dispatcher.</param>
/// <param name="Cpu">The CPU that its thread is to be pinned to; null for any.</param>
public sealed record VectorReport(int Number, string Thread, string Dispatcher, int? Cpu);
