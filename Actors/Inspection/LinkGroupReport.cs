using Smc.Transport.Wire;

namespace Smc.Actors.Inspection;

/// <summary>A link group, as its actor last said.</summary>
/// <param name="Id">As its server has named it, 8 hex digits.</param>
/// <param name="IsServer">This process serves it: it names it, fills it and ends it.</param>
/// <param name="State">What it does with the next connection.</param>
/// <param name="Age">Since it began.</param>
/// <param name="Peer">The process at its other end.</param>
public sealed record LinkGroupReport(string Id, bool IsServer, LinkGroupState State, TimeSpan Age, LinkGroupPeer Peer)
{
    /// <summary>Connections that are open at both ends.</summary>
    public int Connections { get; init; }

    /// <summary>Handshakes that have got their DMB here and are not complete.</summary>
    public int Handshakes { get; init; }

    /// <summary>DMBs of connections that are over here, and that the peer may still write to.</summary>
    public int Quarantined { get; init; }

    /// <summary>How often its peer was not listened to for some milliseconds, because it had rung for nothing too often.</summary>
    public long Mutes { get; init; }

    /// <summary>Slabs of the peer's that are mapped here.</summary>
    public int PeerSlabs { get; init; }

    /// <summary>Bytes of them.</summary>
    public long PeerSlabBytes { get; init; }

    /// <summary>Bytes of its control region.</summary>
    public long ControlBytes { get; init; }

    /// <summary>Its own DMBs.</summary>
    public BufferReport Buffers { get; init; } = BufferReport.None;

    /// <summary>Bytes of shared memory that it has mapped here, the peer's included.</summary>
    public long MappedBytes => Buffers.Bytes + PeerSlabBytes + ControlBytes;
}

/// <summary>The process at the other end of a link group.</summary>
/// <param name="ProcessId">As the kernel says; 0 where it is not visible from here, in another PID namespace.</param>
/// <param name="UserId">As the kernel says.</param>
/// <param name="Gid">Of its device.</param>
public sealed record LinkGroupPeer(int ProcessId, uint UserId, SmcGid Gid);

/// <summary>What a link group does with the next connection.</summary>
public enum LinkGroupState
{
    /// <summary>Takes it.</summary>
    Active,

    /// <summary>Takes no more, as an operator wanted, and ends with its last one.</summary>
    Draining,

    /// <summary>Takes no more, because a slab was refused, and ends with its last one.</summary>
    Closed,

    /// <summary>The peer has ended it; connections have still to be closed here.</summary>
    Ending,

    /// <summary>It has failed, and ends as soon as nothing is on its way to it.</summary>
    Failed,
}
