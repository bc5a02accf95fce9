namespace Smc.Transport.Wire.Clc;

/// <summary>What an Accept or Confirm of SMC-R says, for <see cref="ClcWriter"/>.</summary>
public readonly record struct SmcrAcceptFields()
{
    /// <summary><see cref="ClcType.Accept"/> or <see cref="ClcType.Confirm"/>.</summary>
    public ClcType Type { get; init; } = ClcType.Accept;

    /// <summary>The chosen version: 1, or 2 and more. What follows <see cref="Psn"/> is written in version 2 only.</summary>
    public byte Version { get; init; } = ClcLayout.Version2;

    /// <summary>The id of the sending host.</summary>
    public ulong SystemId { get; init; }

    /// <summary>The GID of the sender's link; in version 2 an IPv4-mapped address.</summary>
    public UInt128 Gid { get; init; }

    /// <summary>The MAC address of the sender's RoCE port.</summary>
    public MacAddress Mac { get; init; }

    /// <summary>The number of the sender's queue pair, 24 bits.</summary>
    public uint QpNumber { get; init; }

    /// <summary>The rkey of the sender's RMB.</summary>
    public uint Rkey { get; init; }

    /// <summary>The element of that RMB, counted from 1; Linux has 1 only.</summary>
    public byte RmbeIndex { get; init; } = 1;

    /// <summary>The token that the peer puts into each CDC message; not 0.</summary>
    public uint AlertToken { get; init; }

    /// <summary>Size of the RMB element: 16 KiB shifted left by 0 to 15.</summary>
    public byte SizeCode { get; init; }

    /// <summary>MTU of the queue pair: 256 bytes shifted left by this less 1, which is 1 to 5. The Confirm has the lower one of both ends.</summary>
    public byte MtuCode { get; init; } = SmcrAcceptLayout.MinMtuCode;

    /// <summary>The virtual address of the RMB, for RDMA writes.</summary>
    public ulong Address { get; init; }

    /// <summary>The packet sequence number with which the sender begins, 24 bits.</summary>
    public uint Psn { get; init; }

    /// <summary>The EID that both ends have; the Confirm repeats that of the Accept.</summary>
    public Ueid Eid { get; init; }

    /// <summary>Set when the connection begins a link group; in version 1 only that it is set is written.</summary>
    public SmcrFirstContact? FirstContact { get; init; }

    /// <summary>First contact Confirm of version 2: the client's GIDs; null means <see cref="Gid"/> alone. Not written otherwise.</summary>
    public SmcrGidList? Gids { get; init; }
}
