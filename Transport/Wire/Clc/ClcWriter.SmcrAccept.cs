using System.Buffers.Binary;

namespace Smc.Transport.Wire.Clc;

/// <content>Accept and Confirm of SMC-R.</content>
public static partial class ClcWriter
{
    private const uint MaxUInt24 = 0xFF_FFFF;

    /// <summary>
    /// Writes an Accept or Confirm of SMC-R: 68 bytes in version 1, 108 in version 2; with first contact an Accept of version 2 has 160,
    /// a Confirm 180, or 196 with an alternate GID.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The target is too short, or the queue pair's number or the packet sequence number has more than 24 bits: a fault of the caller.
    /// </exception>
    public static int Write(Span<byte> target, in SmcrAcceptFields fields)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(fields.QpNumber, MaxUInt24, nameof(fields));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(fields.Psn, MaxUInt24, nameof(fields));
        bool isV1 = fields.Version < ClcLayout.Version2;
        SmcrFirstContact? contact = isV1 ? null : fields.FirstContact;
        SmcrGidList? gids = contact is null || fields.Type != ClcType.Confirm ? null : fields.Gids ?? new(fields.Gid);
        int length = (isV1 ? SmcrAcceptLayout.LengthV1 : SmcrAcceptLayout.LengthV2)
            + (contact is null ? 0 : FirstContactLayout.Length)
            + (gids is { } list ? SmcrAcceptLayout.GidList.LengthOf(list.Count) : 0);
        byte paths = (byte)((byte)ClcPath.Smcr | (fields.FirstContact is null ? 0 : ClcLayout.Flag));
        var header = new ClcHeader(fields.Type, (ushort)length, fields.Version, paths);
        Span<byte> message = header.Begin(target, ClcLayout.EyecatcherSmcr);
        WriteLink(message, fields);
        if (!isV1)
            fields.Eid.Write(message[SmcrAcceptLayout.Eid..]);
        contact?.Write(message[SmcrAcceptLayout.FirstContact..]);
        gids?.Write(message[(SmcrAcceptLayout.FirstContact + FirstContactLayout.Length)..]);
        return message.Length;
    }

    private static void WriteLink(Span<byte> message, in SmcrAcceptFields fields)
    {
        BinaryPrimitives.WriteUInt64BigEndian(message[SmcrAcceptLayout.SystemId..], fields.SystemId);
        BinaryPrimitives.WriteUInt128BigEndian(message[SmcrAcceptLayout.Gid..], fields.Gid);
        fields.Mac.Write(message[SmcrAcceptLayout.Mac..]);
        Put24(message, SmcrAcceptLayout.QpNumber, fields.QpNumber);
        BinaryPrimitives.WriteUInt32BigEndian(message[SmcrAcceptLayout.Rkey..], fields.Rkey);
        message[SmcrAcceptLayout.RmbeIndex] = fields.RmbeIndex;
        BinaryPrimitives.WriteUInt32BigEndian(message[SmcrAcceptLayout.AlertToken..], fields.AlertToken);
        message[SmcrAcceptLayout.SizeAndMtu] = (byte)((fields.SizeCode << ClcLayout.NibbleShift) | (fields.MtuCode & ClcLayout.NibbleMask));
        BinaryPrimitives.WriteUInt64BigEndian(message[SmcrAcceptLayout.Address..], fields.Address);
        Put24(message, SmcrAcceptLayout.Psn, fields.Psn);
    }

    private static void Put24(Span<byte> message, int offset, uint value)
    {
        message[offset] = (byte)(value >> 16);
        Put(message, offset + 1, (ushort)value);
    }
}
