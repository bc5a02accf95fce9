using System.Buffers.Binary;

namespace Smc.Transport.Wire.Rendezvous;

/// <summary>Reads and writes the frames of the control socket: one frame a packet, big-endian, fixed width, reserved bytes zero.</summary>
/// <remarks>
/// A reader accepts exactly what a writer of this version makes: another length, type or version is a <see cref="WireError"/>.
/// Writers return the frame's length in bytes and throw <see cref="ArgumentOutOfRangeException"/> if the target is shorter: a fault of the caller.
/// </remarks>
public static partial class ControlCodec
{
    /// <summary>Bytes of the longest frame.</summary>
    public const int MaxFrameLength = ControlLayout.Announce.Length;

    /// <summary>Checks magic, version, type and length of a packet.</summary>
    /// <param name="packet">One packet as received, neither more nor less.</param>
    /// <param name="type">The frame's type; <see cref="ControlType.None"/> on error.</param>
    public static WireError TryReadHeader(ReadOnlySpan<byte> packet, out ControlType type)
    {
        type = ControlType.None;
        if (packet.Length < ControlLayout.Body)
            return WireError.Truncated;
        if (BinaryPrimitives.ReadUInt32BigEndian(packet) != ControlLayout.MagicValue)
            return WireError.WrongMagic;
        if (packet[ControlLayout.Version] != ControlLayout.VersionValue)
            return WireError.WrongVersion;
        var read = (ControlType)packet[ControlLayout.Type];
        int length = ControlLayout.LengthOf(read);
        if (length == 0)
            return WireError.WrongType;
        if (BinaryPrimitives.ReadUInt16BigEndian(packet[ControlLayout.FrameLength..]) != length)
            return WireError.BadLength;
        if (packet.Length != length)
            return packet.Length < length ? WireError.Truncated : WireError.BadLength;
        type = read;
        return WireError.None;
    }

    private static WireError Expect(ReadOnlySpan<byte> packet, ControlType expected)
    {
        WireError error = TryReadHeader(packet, out ControlType type);
        return error == WireError.None && type != expected ? WireError.WrongType : error;
    }

    private static Span<byte> Begin(Span<byte> target, ControlType type)
    {
        int length = ControlLayout.LengthOf(type);
        Span<byte> frame = target[..length];
        frame.Clear();
        BinaryPrimitives.WriteUInt32BigEndian(frame, ControlLayout.MagicValue);
        frame[ControlLayout.Version] = ControlLayout.VersionValue;
        frame[ControlLayout.Type] = (byte)type;
        BinaryPrimitives.WriteUInt16BigEndian(frame[ControlLayout.FrameLength..], (ushort)length);
        return frame;
    }

    private static ushort U16(ReadOnlySpan<byte> frame, int offset) => BinaryPrimitives.ReadUInt16BigEndian(frame[offset..]);

    private static uint U32(ReadOnlySpan<byte> frame, int offset) => BinaryPrimitives.ReadUInt32BigEndian(frame[offset..]);

    private static ulong U64(ReadOnlySpan<byte> frame, int offset) => BinaryPrimitives.ReadUInt64BigEndian(frame[offset..]);

    private static void Put(Span<byte> frame, int offset, ushort value) => BinaryPrimitives.WriteUInt16BigEndian(frame[offset..], value);

    private static void Put(Span<byte> frame, int offset, uint value) => BinaryPrimitives.WriteUInt32BigEndian(frame[offset..], value);

    private static void Put(Span<byte> frame, int offset, ulong value) => BinaryPrimitives.WriteUInt64BigEndian(frame[offset..], value);
}
