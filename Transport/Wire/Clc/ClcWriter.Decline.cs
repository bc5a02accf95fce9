using System.Buffers.Binary;

namespace Smc.Transport.Wire.Clc;

/// <content>Decline.</content>
public static partial class ClcWriter
{
    /// <summary>Writes a Decline: 28 bytes in version 1, 44 in version 2.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The target is too short: a fault of the caller.</exception>
    public static int Write(Span<byte> target, in DeclineFields fields)
    {
        byte flag = fields.Diagnosis == SmcReason.SyncError ? ClcLayout.Flag : (byte)0;
        var header = new ClcHeader(ClcType.Decline, (ushort)DeclineLayout.LengthOf(fields.Version), fields.Version, flag);
        Span<byte> message = header.Begin(target, ClcLayout.EyecatcherSmcr);
        BinaryPrimitives.WriteUInt64BigEndian(message[DeclineLayout.SystemId..], fields.SystemId);
        BinaryPrimitives.WriteUInt32BigEndian(message[DeclineLayout.Diagnosis..], (uint)fields.Diagnosis);
        message[DeclineLayout.Os] = (byte)((byte)fields.Os << ClcLayout.NibbleShift);
        if (fields.Version >= ClcLayout.Version2)
            fields.Details.Write(message[DeclineLayout.Details..]);
        return message.Length;
    }
}
