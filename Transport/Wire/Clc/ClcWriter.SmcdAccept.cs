using System.Buffers.Binary;

namespace Smc.Transport.Wire.Clc;

/// <content>Accept and Confirm of SMC-D.</content>
public static partial class ClcWriter
{
    /// <summary>Writes an Accept or Confirm of SMC-D: 48 bytes in version 1; in version 2 78, with first contact 130 (114 with release 0).</summary>
    /// <exception cref="ArgumentOutOfRangeException">The target is too short: a fault of the caller.</exception>
    public static int Write(Span<byte> target, in SmcdAcceptFields fields)
    {
        bool isV1 = fields.Version < ClcLayout.Version2;
        int extension = fields.FirstContact is { } contact ? FirstContactLayout.LengthOf(contact.Release) : 0;
        int length = isV1 ? SmcdAcceptLayout.LengthV1 : SmcdAcceptLayout.Length + extension;
        byte paths = (byte)((byte)ClcPath.Smcd | (fields.FirstContact is null ? 0 : ClcLayout.Flag));
        var header = new ClcHeader(fields.Type, (ushort)length, fields.Version, paths);
        Span<byte> message = header.Begin(target, ClcLayout.EyecatcherSmcd);
        BinaryPrimitives.WriteUInt64BigEndian(message[SmcdAcceptLayout.Gid..], fields.Device.Gid.High);
        BinaryPrimitives.WriteUInt64BigEndian(message[SmcdAcceptLayout.Token..], fields.Token);
        message[SmcdAcceptLayout.DmbIndex] = fields.DmbIndex;
        message[SmcdAcceptLayout.SizeCode] = (byte)(fields.SizeCode << ClcLayout.NibbleShift);
        BinaryPrimitives.WriteUInt32LittleEndian(message[SmcdAcceptLayout.LinkId..], fields.LinkId);
        if (isV1)
            return message.Length;
        Put(message, SmcdAcceptLayout.Chid, fields.Device.Chid);
        fields.Eid.Write(message[SmcdAcceptLayout.Eid..]);
        if (fields.Device.IsEmulated)
            BinaryPrimitives.WriteUInt64BigEndian(message[SmcdAcceptLayout.GidExtension..], fields.Device.Gid.Low);
        fields.FirstContact?.Write(message[SmcdAcceptLayout.FirstContact..]);
        return message.Length;
    }
}
