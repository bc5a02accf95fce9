namespace Smc.Transport.Wire.Clc;

/// <summary>What a Proposal says, for <see cref="ClcWriter"/>. The defaults are an offer of SMC-D version 2 alone, release 1.</summary>
public ref struct ProposalFields()
{
    /// <summary>The header's version: 2 and more, or 1 for the form of senders that know no other; it has no version 2 offer.</summary>
    public byte Version { get; init; } = ClcLayout.Version2;

    /// <summary>Whether the SMC-D area is written; version 1 without an SMC-D offer may leave it out, all others have it always.</summary>
    public bool HasSmcdArea { get; init; } = true;

    /// <summary>The offer in version 1; decides whether the IP area is written.</summary>
    public ClcPath PathV1 { get; init; } = ClcPath.Neither;

    /// <summary>The offer in version 2; decides which extensions are written.</summary>
    public ClcPath PathV2 { get; init; } = ClcPath.Smcd;

    /// <summary>The id of this host: always the same value, or zero.</summary>
    public ulong SystemId { get; init; }

    /// <summary>The RoCE GID for SMC-R version 1.</summary>
    public UInt128 RoceGid { get; init; }

    /// <summary>The MAC address of the RoCE port.</summary>
    public MacAddress Mac { get; init; }

    /// <summary>Experimental options of this vendor: its OUI in the high three bytes, the options in the others.</summary>
    public ulong VendorOptions { get; init; }

    /// <summary>The native ISM device; default for none. Must be default unless version 1 offers SMC-D: old receivers misread it otherwise.</summary>
    public SmcdDeviceId NativeDevice { get; init; }

    /// <summary>The IPv4 subnet, masked, as a big-endian number.</summary>
    public uint Ipv4Subnet { get; init; }

    /// <summary>Bits of the IPv4 subnet, 0 to 32.</summary>
    public byte Ipv4PrefixLength { get; init; }

    /// <summary>At most 8 IPv6 prefixes.</summary>
    public ReadOnlySpan<Ipv6Prefix> Ipv6Prefixes { get; init; }

    /// <summary>At most 8 user EIDs, in order of preference.</summary>
    public ReadOnlySpan<Ueid> Eids { get; init; }

    /// <summary>The SMC-D version 2 devices; CHIDs must be unique and not 0.</summary>
    /// <remarks>An emulated device takes two of the 8 entries, any other takes one; what does not fit is left out.</remarks>
    public ReadOnlySpan<SmcdDeviceId> Devices { get; init; }

    /// <summary>The release of version 2, 0 to 15.</summary>
    public byte Release { get; init; } = 1;

    /// <summary>Whether the system EID is offered.</summary>
    public bool HasSeid { get; init; }

    /// <summary>The system EID.</summary>
    public Ueid Seid { get; init; }

    /// <summary>The RoCE GID for SMC-R version 2.</summary>
    public UInt128 RoceV2Gid { get; init; }

    /// <summary>SMC-R: connections a link group, 16 to 255; 0 without SMC-R.</summary>
    public byte MaxConnections { get; init; }

    /// <summary>SMC-R: links a link group, 1 to 2; 0 without SMC-R.</summary>
    public byte MaxLinks { get; init; }

    /// <summary>Features that this end understands.</summary>
    public ClcFeatures Features { get; init; } = ClcFeatures.EmulatedIsm;
}
