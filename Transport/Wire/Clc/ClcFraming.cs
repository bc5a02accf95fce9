using System.Buffers.Binary;

namespace Smc.Transport.Wire.Clc;

/// <summary>How many bytes of the TCP stream are a CLC message. Pure: the caller reads <see cref="ClcHeader.Size"/> bytes, asks, and reads the rest.</summary>
public static class ClcFraming
{
    /// <summary>Bytes of the longest message: a Proposal with all its areas full. No message is longer.</summary>
    public const int MaxLength = ProposalLayout.MaxLength;

    /// <summary>Checks a header against the message that is expected; a Decline is always expected too.</summary>
    /// <param name="firstBytes">The first <see cref="ClcHeader.Size"/> bytes, or more.</param>
    /// <param name="expected">The type that the handshake waits for.</param>
    /// <param name="header">The header; its length, at most <see cref="MaxLength"/>, is what the message takes of the stream.</param>
    /// <returns><see cref="WireError.None"/>, or why the handshake must be aborted: these bytes are never answered by a Decline.</returns>
    public static WireError TryGetLength(ReadOnlySpan<byte> firstBytes, ClcType expected, out ClcHeader header)
    {
        WireError error = ClcHeader.TryRead(firstBytes, out header);
        if (error != WireError.None)
            return error;
        if (header.Type != expected && header.Type != ClcType.Decline)
            return WireError.WrongType;
        return header.Length < MinLengthOf(header.Type) || header.Length > MaxLength ? WireError.BadLength : WireError.None;
    }

    /// <summary>Judges the first bytes of a stream that nobody announced: a Proposal, or the application's own.</summary>
    /// <param name="firstBytes">Any number; the answer is final at the first byte that no Proposal has, and with <see cref="ClcHeader.Size"/> bytes.</param>
    public static ClcSniff Sniff(ReadOnlySpan<byte> firstBytes)
    {
        if (firstBytes.Length < ClcHeader.Size)
            return CouldBegin(firstBytes, ClcType.Proposal) ? ClcSniff.Undecided : ClcSniff.NotSmc;
        return TryGetLength(firstBytes, ClcType.Proposal, out ClcHeader header) == WireError.None && header.Type == ClcType.Proposal
            ? ClcSniff.Proposal
            : ClcSniff.NotSmc;
    }

    /// <summary>True where a message of this type might begin with these bytes, fewer than a header has.</summary>
    public static bool CouldBegin(ReadOnlySpan<byte> bytes, ClcType type)
    {
        Span<byte> start = stackalloc byte[ClcLayout.MessageLength];
        start[ClcLayout.Type] = (byte)type;
        int length = Math.Min(bytes.Length, start.Length);
        BinaryPrimitives.WriteUInt32BigEndian(start, ClcLayout.EyecatcherSmcr);
        if (bytes[..length].SequenceEqual(start[..length]))
            return true;
        BinaryPrimitives.WriteUInt32BigEndian(start, ClcLayout.EyecatcherSmcd);
        return bytes[..length].SequenceEqual(start[..length]);
    }

    private static int MinLengthOf(ClcType type) => type switch
    {
        ClcType.Proposal => ProposalLayout.MinLength,
        ClcType.Decline => DeclineLayout.LengthV1,
        _ => SmcdAcceptLayout.LengthV1,
    };
}
