using System.Buffers.Binary;

namespace Smc.Transport.Wire.Clc;

/// <summary>An Accept or Confirm of SMC-D version 2 over the caller's bytes.</summary>
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

    /// <summary>True when the connection begins a link group.</summary>
    public bool IsFirstContact => _header.Flag;

    /// <summary>The first contact extension; default unless <see cref="IsFirstContact"/>.</summary>
    public FirstContact FirstContact => _firstContact;

    /// <summary>The sender's device; the GID extension counts for emulated ones only.</summary>
    public SmcdDeviceId Device
    {
        get
        {
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

    /// <summary>The EID that was agreed on.</summary>
    public Ueid Eid => Ueid.Read(_message[SmcdAcceptLayout.Eid..]);

    /// <summary>All fields as a value that outlives the bytes.</summary>
    public SmcdAcceptFields Fields => new(Type, Device, Token, DmbIndex, SizeCode, LinkId, Eid, IsFirstContact ? FirstContact : null);

    /// <summary>Checks a whole message.</summary>
    /// <param name="message">Exactly the bytes that its header's length tells.</param>
    /// <param name="expected"><see cref="ClcType.Accept"/> or <see cref="ClcType.Confirm"/>.</param>
    /// <param name="accept">The message, valid as long as the bytes are; default on error.</param>
    /// <returns>
    /// <see cref="WireError.None"/>, or the first rule broken; <see cref="WireError.WrongPath"/> for SMC-R and
    /// <see cref="WireError.WrongVersion"/> for SMC-D version 1, whatever else they hold.
    /// </returns>
    public static WireError TryWrap(ReadOnlySpan<byte> message, ClcType expected, out SmcdAccept accept)
    {
        accept = default;
        WireError error = ClcHeader.TryRead(message, expected, SmcdAcceptLayout.LengthV1, out ClcHeader header);
        if (error != WireError.None)
            return error;
        if (header.PathV1 != ClcPath.Smcd)
            return WireError.WrongPath;
        if (header.Version < ClcLayout.Version2)
            return WireError.WrongVersion;
        if (message.Length < SmcdAcceptLayout.Length)
            return WireError.BadLength;
        if (!ClcHeader.HasTrailer(message))
            return WireError.BadTrailer;
        if (message[SmcdAcceptLayout.SizeCode] >> ClcLayout.NibbleShift > ClcLayout.MaxSizeCode)
            return WireError.BadSizeCode;
        FirstContact firstContact = default;
        if (header.Flag)
            error = FirstContact.TryRead(message[SmcdAcceptLayout.FirstContact..^ClcLayout.TrailerLength], out firstContact);
        if (error == WireError.None)
            accept = new SmcdAccept(message, header, firstContact);
        return error;
    }

    private ulong U64(int offset) => BinaryPrimitives.ReadUInt64BigEndian(_message[offset..]);
}
