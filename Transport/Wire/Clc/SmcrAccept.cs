using System.Buffers.Binary;

namespace Smc.Transport.Wire.Clc;

/// <summary>An Accept or Confirm of SMC-R, of either version, over the caller's bytes. What version 1 does not have reads as zero.</summary>
/// <remarks>RFC 7609, appendix A.2; version 2 adds the EID, and with first contact the extension and, in a Confirm, the GID list.</remarks>
public readonly ref struct SmcrAccept
{
    private readonly ReadOnlySpan<byte> _message;
    private readonly ClcHeader _header;
    private readonly SmcrFirstContact _firstContact;
    private readonly SmcrGidList? _gids;

    private SmcrAccept(ReadOnlySpan<byte> message, ClcHeader header, SmcrFirstContact firstContact, SmcrGidList? gids)
    {
        _message = message;
        _header = header;
        _firstContact = firstContact;
        _gids = gids;
    }

    /// <summary>Accept or Confirm.</summary>
    public ClcType Type => _header.Type;

    /// <summary>The chosen version.</summary>
    public byte Version => _header.Version;

    /// <summary>True when the connection begins a link group.</summary>
    public bool IsFirstContact => _header.Flag;

    /// <summary>The first contact extension; default in version 1, and unless <see cref="IsFirstContact"/>.</summary>
    public SmcrFirstContact FirstContact => _firstContact;

    /// <summary>The client's GIDs; null except in a first contact Confirm of version 2.</summary>
    public SmcrGidList? Gids => _gids;

    /// <summary>The id of the sending host.</summary>
    public ulong SystemId => U64(SmcrAcceptLayout.SystemId);

    /// <summary>The GID of the sender's link; in version 2 an IPv4-mapped address.</summary>
    public UInt128 Gid => BinaryPrimitives.ReadUInt128BigEndian(_message[SmcrAcceptLayout.Gid..]);

    /// <summary>The MAC address of the sender's RoCE port.</summary>
    public MacAddress Mac => MacAddress.Read(_message[SmcrAcceptLayout.Mac..]);

    /// <summary>The number of the sender's queue pair, 24 bits.</summary>
    public uint QpNumber => U24(SmcrAcceptLayout.QpNumber);

    /// <summary>The rkey of the sender's RMB.</summary>
    public uint Rkey => U32(SmcrAcceptLayout.Rkey);

    /// <summary>The element of that RMB, counted from 1; as sent, unchecked.</summary>
    public byte RmbeIndex => _message[SmcrAcceptLayout.RmbeIndex];

    /// <summary>The token that the peer puts into each CDC message; as sent, unchecked.</summary>
    public uint AlertToken => U32(SmcrAcceptLayout.AlertToken);

    /// <summary>Size of the RMB element: 16 KiB shifted left by 0 to 15.</summary>
    public byte SizeCode => (byte)(_message[SmcrAcceptLayout.SizeAndMtu] >> ClcLayout.NibbleShift);

    /// <summary>MTU of the queue pair: 256 bytes shifted left by this less 1, which is 1 to 5.</summary>
    public byte MtuCode => (byte)(_message[SmcrAcceptLayout.SizeAndMtu] & ClcLayout.NibbleMask);

    /// <summary>The virtual address of the RMB, for RDMA writes.</summary>
    public ulong Address => U64(SmcrAcceptLayout.Address);

    /// <summary>The packet sequence number with which the sender begins, 24 bits.</summary>
    public uint Psn => U24(SmcrAcceptLayout.Psn);

    /// <summary>The EID that both ends have; all zero in version 1.</summary>
    public Ueid Eid => Version < ClcLayout.Version2 ? default : Ueid.Read(_message[SmcrAcceptLayout.Eid..]);

    /// <summary>All fields as a value that outlives the bytes.</summary>
    public SmcrAcceptFields Fields => new()
    {
        Type = Type,
        Version = Version,
        SystemId = SystemId,
        Gid = Gid,
        Mac = Mac,
        QpNumber = QpNumber,
        Rkey = Rkey,
        RmbeIndex = RmbeIndex,
        AlertToken = AlertToken,
        SizeCode = SizeCode,
        MtuCode = MtuCode,
        Address = Address,
        Psn = Psn,
        Eid = Eid,
        FirstContact = IsFirstContact ? _firstContact : null,
        Gids = _gids,
    };

    /// <summary>Checks a whole message.</summary>
    /// <param name="message">Exactly the bytes that its header's length tells: 68 in version 1, at least 108 in version 2.</param>
    /// <param name="expected"><see cref="ClcType.Accept"/> or <see cref="ClcType.Confirm"/>.</param>
    /// <param name="accept">The message, valid as long as the bytes are; default on error.</param>
    /// <returns><see cref="WireError.None"/>, or the first rule broken; <see cref="WireError.WrongPath"/> for SMC-D, whatever else it holds.</returns>
    public static WireError TryWrap(ReadOnlySpan<byte> message, ClcType expected, out SmcrAccept accept)
    {
        accept = default;
        WireError error = ClcHeader.TryRead(message, expected, SmcdAcceptLayout.LengthV1, out ClcHeader header);
        if (error != WireError.None)
            return error;
        if (header.PathV1 != ClcPath.Smcr)
            return WireError.WrongPath;
        bool isV1 = header.Version < ClcLayout.Version2;
        if (isV1 ? message.Length != SmcrAcceptLayout.LengthV1 : message.Length < SmcrAcceptLayout.LengthV2)
            return WireError.BadLength;
        if (!ClcHeader.HasTrailer(message))
            return WireError.BadTrailer;
        int mtu = message[SmcrAcceptLayout.SizeAndMtu] & ClcLayout.NibbleMask;
        if (mtu is < SmcrAcceptLayout.MinMtuCode or > SmcrAcceptLayout.MaxMtuCode)
            return WireError.BadMtuCode;
        SmcrFirstContact firstContact = default;
        SmcrGidList? gids = null;
        if (header.Flag && !isV1)
            error = TryReadExtensions(message[SmcrAcceptLayout.FirstContact..^ClcLayout.TrailerLength], expected, out firstContact, out gids);
        if (error == WireError.None)
            accept = new SmcrAccept(message, header, firstContact, gids);
        return error;
    }

    private static WireError TryReadExtensions(ReadOnlySpan<byte> extensions, ClcType type, out SmcrFirstContact contact, out SmcrGidList? gids)
    {
        gids = null;
        WireError error = SmcrFirstContact.TryRead(extensions, out contact, out int length);
        if (error != WireError.None || type != ClcType.Confirm)
            return error;
        error = SmcrGidList.TryRead(extensions[length..], out SmcrGidList list);
        gids = list;
        return error;
    }

    private uint U24(int offset) => (uint)((_message[offset] << 16) | BinaryPrimitives.ReadUInt16BigEndian(_message[(offset + 1)..]));

    private uint U32(int offset) => BinaryPrimitives.ReadUInt32BigEndian(_message[offset..]);

    private ulong U64(int offset) => BinaryPrimitives.ReadUInt64BigEndian(_message[offset..]);
}
