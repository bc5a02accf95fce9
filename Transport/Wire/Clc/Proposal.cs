using System.Buffers.Binary;

namespace Smc.Transport.Wire.Clc;

/// <summary>A Proposal of any version and offer, over the caller's bytes. What an area that is absent would hold reads as zero.</summary>
public readonly ref struct Proposal
{
    private readonly ReadOnlySpan<byte> _message;
    private readonly ClcHeader _header;
    private readonly ProposalAreas _areas;

    private Proposal(ReadOnlySpan<byte> message, ClcHeader header, ProposalAreas areas)
    {
        _message = message;
        _header = header;
        _areas = areas;
    }

    /// <summary>The header's version, 1 or more: decides the form of a Decline, not what is offered.</summary>
    public byte Version => _header.Version;

    /// <summary>What is offered in version 1.</summary>
    public ClcPath PathV1 => _header.PathV1;

    /// <summary>What is offered in version 2.</summary>
    public ClcPath PathV2 => _header.PathV2;

    /// <summary>The id of the sending host; zero from some senders without an SMC-R version 1 offer.</summary>
    public ulong SystemId => BinaryPrimitives.ReadUInt64BigEndian(_message[ProposalLayout.SystemId..]);

    /// <summary>The RoCE GID for SMC-R version 1.</summary>
    public UInt128 RoceGid => BinaryPrimitives.ReadUInt128BigEndian(_message[ProposalLayout.RoceGid..]);

    /// <summary>The MAC address of the RoCE port.</summary>
    public MacAddress Mac => MacAddress.Read(_message[ProposalLayout.Mac..]);

    /// <summary>True when the SMC-D area is there: always, but from senders that know neither SMC-D nor version 2.</summary>
    public bool HasSmcdArea => _areas.Smcd != 0;

    /// <summary>Experimental options of the sender's vendor: its OUI in the high three bytes, the options in the others; zero from Linux.</summary>
    public ulong VendorOptions => _areas.Smcd == 0 ? 0 : U64(ProposalLayout.VendorOptions);

    /// <summary>The GID of the native ISM device, with its CHID; both zero when there is none.</summary>
    public SmcdDeviceId NativeDevice => _areas.Smcd == 0 ? default : new(new(U64(ProposalLayout.IsmGid), 0), U16(ProposalLayout.IsmChid));

    /// <summary>The IPv4 subnet, masked, as a big-endian number.</summary>
    public uint Ipv4Subnet => _areas.Ip == 0 ? 0 : BinaryPrimitives.ReadUInt32BigEndian(_message[(_areas.Ip + ProposalLayout.IpArea.Subnet)..]);

    /// <summary>Bits of the IPv4 subnet; as sent, unchecked.</summary>
    public byte Ipv4PrefixLength => _areas.Ip == 0 ? (byte)0 : _message[_areas.Ip + ProposalLayout.IpArea.SubnetLength];

    /// <summary>IPv6 prefixes, 0 to 8.</summary>
    public int Ipv6PrefixCount => _areas.Ip == 0 ? 0 : _message[_areas.Ip + ProposalLayout.IpArea.PrefixCount];

    /// <summary>User EIDs, 0 to 8.</summary>
    public int EidCount => V2Byte(ProposalLayout.V2.EidCount);

    /// <summary>The release of version 2: 0 for 2.0, 1 for 2.1, higher from later senders.</summary>
    public byte Release => (byte)(V2Byte(ProposalLayout.V2.Release) >> ClcLayout.NibbleShift);

    /// <summary>True when the sender offers its system EID.</summary>
    public bool HasSeid => (V2Byte(ProposalLayout.V2.Release) & ProposalLayout.V2.SeidBit) != 0;

    /// <summary>The RoCE GID for SMC-R version 2, an IPv4-mapped address.</summary>
    public UInt128 RoceV2Gid => _areas.V2 == 0 ? 0 : BinaryPrimitives.ReadUInt128BigEndian(_message[(_areas.V2 + ProposalLayout.V2.RoceGid)..]);

    /// <summary>SMC-R: connections a link group that the sender wishes; 0 from a release 0 sender.</summary>
    public byte MaxConnections => V2Byte(ProposalLayout.V2.MaxConnections);

    /// <summary>SMC-R: links a link group that the sender wishes; 0 from a release 0 sender.</summary>
    public byte MaxLinks => V2Byte(ProposalLayout.V2.MaxLinks);

    /// <summary>Features that the sender understands.</summary>
    public ClcFeatures Features => _areas.V2 == 0 ? ClcFeatures.None : (ClcFeatures)U16(_areas.V2 + ProposalLayout.V2.Features);

    /// <summary>The system EID; all zero when there is none.</summary>
    public Ueid Seid => _areas.SmcdV2 == 0 ? default : Ueid.Read(_message[(_areas.SmcdV2 + ProposalLayout.SmcdV2.Seid)..]);

    /// <summary>The SMC-D devices offered in version 2, in order: the native one of the SMC-D area, then those of the entries.</summary>
    public SmcdDeviceEnumerator Devices => new(NativeDevice, Entries);

    /// <summary>The SMC-D devices of the entries alone, in order.</summary>
    public SmcdDeviceEnumerator ListedDevices => new(default, Entries);

    private ReadOnlySpan<byte> Entries => _areas.SmcdV2 == 0
        ? default
        : _message.Slice(_areas.SmcdV2 + ProposalLayout.SmcdV2.Length, V2Byte(ProposalLayout.V2.GidCount) * ProposalLayout.SmcdV2.EntryLength);

    /// <summary>Checks a whole message against every rule of its version.</summary>
    /// <param name="message">Exactly the bytes that its header's length tells.</param>
    /// <param name="proposal">The Proposal, valid as long as the bytes are; default on error.</param>
    /// <returns><see cref="WireError.None"/>, or the first rule broken: then the connection is aborted, not declined.</returns>
    public static WireError TryWrap(ReadOnlySpan<byte> message, out Proposal proposal)
    {
        proposal = default;
        WireError error = ClcHeader.TryRead(message, ClcType.Proposal, ProposalLayout.MinLength, out ClcHeader header);
        if (error != WireError.None)
            return error;
        error = ProposalAreas.TryFind(message, header, out ProposalAreas areas);
        if (error != WireError.None)
            return error;
        if (!ClcHeader.HasTrailer(message))
            return WireError.BadTrailer;
        proposal = new Proposal(message, header, areas);
        return WireError.None;
    }

    /// <summary>One IPv6 prefix.</summary>
    /// <param name="index">0 to <see cref="Ipv6PrefixCount"/> - 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such prefix: a fault of the caller.</exception>
    public Ipv6Prefix Ipv6PrefixAt(int index)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Ipv6PrefixCount, nameof(index));
        ReadOnlySpan<byte> prefix = _message[(_areas.Ip + ProposalLayout.IpArea.Length + (index * ProposalLayout.IpArea.PrefixLength))..];
        return new(BinaryPrimitives.ReadUInt128BigEndian(prefix), prefix[ProposalLayout.IpArea.PrefixBits]);
    }

    /// <summary>One user EID, as sent: it may break the rules for EIDs.</summary>
    /// <param name="index">0 to <see cref="EidCount"/> - 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such EID: a fault of the caller.</exception>
    public Ueid EidAt(int index)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)EidCount, nameof(index));
        return Ueid.Read(_message[(_areas.V2 + ProposalLayout.V2.Length + (index * Ueid.Size))..]);
    }

    private byte V2Byte(int offset) => _areas.V2 == 0 ? (byte)0 : _message[_areas.V2 + offset];

    private ushort U16(int offset) => BinaryPrimitives.ReadUInt16BigEndian(_message[offset..]);

    private ulong U64(int offset) => BinaryPrimitives.ReadUInt64BigEndian(_message[offset..]);
}
