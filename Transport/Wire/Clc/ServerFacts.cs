namespace Smc.Transport.Wire.Clc;

/// <summary>What a server knows of itself and of one connection when it judges a Proposal. The defaults: no device, no EID.</summary>
/// <remarks>Facts that are questions to devices concern this Proposal: the caller asks its devices before it calls <see cref="ServerDecision"/>.</remarks>
public ref struct ServerFacts()
{
    /// <summary>Whether an IPsec policy covers the connection.</summary>
    public bool HasIpsecPolicy { get; init; }

    /// <summary>Whether this host can do ISM version 2; a loopback device is enough.</summary>
    public bool HasIsmV2 { get; init; }

    /// <summary>The user EIDs of this end, at most 8.</summary>
    public ReadOnlySpan<Ueid> Ueids { get; init; }

    /// <summary>The system EID of this end; default for none or disabled.</summary>
    public Ueid Seid { get; init; }

    /// <summary>SMC-R: connections a link group that this end allows, 16 to 255.</summary>
    public byte MaxConnections { get; init; } = byte.MaxValue;

    /// <summary>SMC-R: links a link group that this end allows, 1 to 2.</summary>
    public byte MaxLinks { get; init; } = ServerDecision.DefaultMaxLinks;

    /// <summary>Devices of the peer that a device of this host with the same CHID reaches. One whose resources ran out is left out of a second try.</summary>
    public ReadOnlySpan<SmcdDeviceId> ReachableDevices { get; init; }

    /// <summary>Whether a native ISM device in the network of the connection reaches the GID of the Proposal's SMC-D area.</summary>
    public bool ReachesIsmV1 { get; init; }

    /// <summary>Whether the VLAN of the incoming network device could be determined; an untagged device counts as determined.</summary>
    public bool IsVlanKnown { get; init; } = true;

    /// <summary>The IPv4 subnet of the local address, masked, as a big-endian number; 0 on an IPv6 connection.</summary>
    public uint Ipv4Subnet { get; init; }

    /// <summary>Bits of that subnet, 0 to 32; 0 on an IPv6 connection.</summary>
    public byte Ipv4PrefixLength { get; init; }

    /// <summary>The IPv6 prefixes of the incoming network device; empty on an IPv4 connection.</summary>
    public ReadOnlySpan<Ipv6Prefix> Ipv6Prefixes { get; init; }

    /// <summary>Whether the connection is over IPv6 (and not IPv4-mapped).</summary>
    public bool IsIpv6 { get; init; }

    /// <summary>Whether a RoCE version 2 port in the subnet of the local address has a route to the RoCE GID of the Proposal.</summary>
    public bool HasRoceV2 { get; init; }

    /// <summary>Whether a RoCE port is in the network of the connection.</summary>
    public bool HasRoceV1 { get; init; }
}
