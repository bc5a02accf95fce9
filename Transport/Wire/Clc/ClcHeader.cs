using System.Buffers.Binary;

namespace Smc.Transport.Wire.Clc;

/// <summary>The first eight bytes of a CLC message, decoded.</summary>
/// <param name="Type">The message's type.</param>
/// <param name="Length">Bytes of the whole message, from eyecatcher to trailer; not yet checked against the type.</param>
/// <param name="Version">1 or more; what is above 2 is read as 2.</param>
/// <param name="Paths">The low four bits of the last byte; their meaning depends on the type.</param>
public readonly record struct ClcHeader(ClcType Type, ushort Length, byte Version, byte Paths)
{
    /// <summary>Bytes of the header.</summary>
    public const int Size = ClcLayout.Body;

    /// <summary>Proposal: the offer in version 1. Accept and Confirm: the choice.</summary>
    public ClcPath PathV1 => (ClcPath)(Paths & ClcLayout.PathV1Mask);

    /// <summary>Proposal: the offer in version 2; a sender of version 1 offers none.</summary>
    public ClcPath PathV2 => Version < ClcLayout.Version2 ? ClcPath.Neither : (ClcPath)((Paths & ClcLayout.PathV2Mask) >> ClcLayout.PathV2Shift);

    /// <summary>Accept and Confirm: first contact. Decline: out of sync. Without meaning in a Proposal.</summary>
    public bool Flag => (Paths & ClcLayout.Flag) != 0;

    /// <summary>Reads a header: eyecatcher (of either kind), type and version are checked.</summary>
    public static WireError TryRead(ReadOnlySpan<byte> bytes, out ClcHeader header)
    {
        header = default;
        if (bytes.Length < Size)
            return WireError.Truncated;
        if (!IsEyecatcher(bytes))
            return WireError.WrongEyecatcher;
        var type = (ClcType)bytes[ClcLayout.Type];
        if (type is < ClcType.Proposal or > ClcType.Decline)
            return WireError.WrongType;
        byte last = bytes[ClcLayout.VersionAndPaths];
        byte version = (byte)(last >> ClcLayout.NibbleShift);
        if (version < ClcLayout.Version1)
            return WireError.WrongVersion;
        header = new(type, BinaryPrimitives.ReadUInt16BigEndian(bytes[ClcLayout.MessageLength..]), version, (byte)(last & ClcLayout.NibbleMask));
        return WireError.None;
    }

    /// <summary>Reads the header of a whole message whose type is known, and checks that its length is that of the bytes.</summary>
    internal static WireError TryRead(ReadOnlySpan<byte> message, ClcType expected, int minLength, out ClcHeader header)
    {
        WireError error = TryRead(message, out header);
        if (error != WireError.None)
            return error;
        if (header.Type != expected)
            return WireError.WrongType;
        if (header.Length < minLength)
            return WireError.BadLength;
        if (header.Length == message.Length)
            return WireError.None;
        return message.Length < header.Length ? WireError.Truncated : WireError.BadLength;
    }

    /// <summary>True when the last four bytes are an eyecatcher of either kind.</summary>
    internal static bool HasTrailer(ReadOnlySpan<byte> message) => IsEyecatcher(message[^ClcLayout.TrailerLength..]);

    /// <summary>Clears a message of the header's length at the start of the target and writes header and trailer.</summary>
    internal Span<byte> Begin(Span<byte> target, uint eyecatcher)
    {
        Span<byte> message = target[..Length];
        message.Clear();
        BinaryPrimitives.WriteUInt32BigEndian(message, eyecatcher);
        message[ClcLayout.Type] = (byte)Type;
        BinaryPrimitives.WriteUInt16BigEndian(message[ClcLayout.MessageLength..], Length);
        message[ClcLayout.VersionAndPaths] = (byte)((Version << ClcLayout.NibbleShift) | Paths);
        BinaryPrimitives.WriteUInt32BigEndian(message[^ClcLayout.TrailerLength..], eyecatcher);
        return message;
    }

    private static bool IsEyecatcher(ReadOnlySpan<byte> bytes) =>
        BinaryPrimitives.ReadUInt32BigEndian(bytes) is ClcLayout.EyecatcherSmcr or ClcLayout.EyecatcherSmcd;
}
