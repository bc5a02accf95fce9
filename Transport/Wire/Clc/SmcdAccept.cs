using System.Buffers.Binary;

namespace Smc.Transport.Wire.Clc;

/// <summary>An Accept or Confirm of SMC-D, of either version, over the caller's bytes. What version 1 does not have reads as zero.</summary>
public readonly ref struct SmcdAccept
{
    private readonly ReadOnlySpan<byte> _message;
    private readonly ClcHeader _header;
    private readonly FirstContact _firstContact;

    private SmcdAccept(ReadOnlySpan<byte> message, ClcHeader header, FirstContact firstContact)
    {
        _message = message;
        _header = header;
        _firstContact = firstContact;
    }

    /// <summary>Accept or Confirm.</summary>
    public ClcType Type => _header.Type;

    /// <summary>The chosen version.</summary>
    public byte Version => _header.Version;

    /// <summary>True when the connection begins a link group.</summary>
    public bool IsFirstContact => _header.Flag;

    /// <summary>The first contact extension; default in version 1, and unless <see cref="IsFirstContact"/>.</summary>
    public FirstContact FirstContact => _firstContact;

    /// <summary>The sender's device; the GID extension counts for emulated ones only, and CHID 0 stands for version 1.</summary>
    public SmcdDeviceId Device
    {
        get
        {
            if (IsV1(_header))
                return new(new(U64(SmcdAcceptLayout.Gid), 0), 0);
            ushort chid = BinaryPrimitives.ReadUInt16BigEndian(_message[SmcdAcceptLayout.Chid..]);
            ulong extension = SmcdDeviceId.IsEmulatedChid(chid) ? U64(SmcdAcceptLayout.GidExtension) : 0;
            return new(new(U64(SmcdAcceptLayout.Gid), extension), chid);
        }
    }

    /// <summary>The token of the sender's receive DMB.</summary>
    public ulong Token => U64(SmcdAcceptLayout.Token);

    /// <summary>The element of that DMB, counted from 0.</summary>
    public byte DmbIndex => _message[SmcdAcceptLayout.DmbIndex];

    /// <summary>Size of the DMB with its CDC area: 16 KiB shifted left by 0 to 6.</summary>
    public byte SizeCode => (byte)(_message[SmcdAcceptLayout.SizeCode] >> ClcLayout.NibbleShift);

    /// <summary>The id of the sender's link group: four raw bytes, taken as little-endian.</summary>
    public uint LinkId => BinaryPrimitives.ReadUInt32LittleEndian(_message[SmcdAcceptLayout.LinkId..]);

    /// <summary>The EID that was agreed on; all zero in version 1.</summary>
    public Ueid Eid => IsV1(_header) ? default : Ueid.Read(_message[SmcdAcceptLayout.Eid..]);

    /// <summary>All fields as a value that outlives the bytes.</summary>
    public SmcdAcceptFields Fields => new(Type, Device, Token, DmbIndex, SizeCode, LinkId, Eid, IsFirstContact ? FirstContact : null, Version);

    /// <summary>Checks a whole message.</summary>
    /// <param name="message">Exactly the bytes that its header's length tells: 48 in version 1, at least 78 in version 2.</param>
    /// <param name="expected"><see cref="ClcType.Accept"/> or <see cref="ClcType.Confirm"/>.</param>
    /// <param name="accept">The message, valid as long as the bytes are; default on error.</param>
    /// <returns><see cref="WireError.None"/>, or the first rule broken; <see cref="WireError.WrongPath"/> for SMC-R, whatever else it holds.</returns>
    public static WireError TryWrap(ReadOnlySpan<byte> message, ClcType expected, out SmcdAccept accept)
    {
        accept = default;
        WireError error = ClcHeader.TryRead(message, expected, SmcdAcceptLayout.LengthV1, out ClcHeader header);
        if (error != WireError.None)
            return error;
        if (header.PathV1 != ClcPath.Smcd)
            return WireError.WrongPath;
        if (IsV1(header) ? message.Length != SmcdAcceptLayout.LengthV1 : message.Length < SmcdAcceptLayout.Length)
            return WireError.BadLength;
        if (!ClcHeader.HasTrailer(message))
            return WireError.BadTrailer;
        if (message[SmcdAcceptLayout.SizeCode] >> ClcLayout.NibbleShift > ClcLayout.MaxSizeCode)
            return WireError.BadSizeCode;
        FirstContact firstContact = default;
        if (header.Flag && !IsV1(header))
            error = FirstContact.TryRead(message[SmcdAcceptLayout.FirstContact..^ClcLayout.TrailerLength], out firstContact);
        if (error == WireError.None)
            accept = new SmcdAccept(message, header, firstContact);
        return error;
    }

    private static bool IsV1(ClcHeader header) => header.Version < ClcLayout.Version2;

    private ulong U64(int offset) => BinaryPrimitives.ReadUInt64BigEndian(_message[offset..]);
}
