using System.Buffers.Binary;

namespace Smc.Transport.Wire.Clc;

/// <summary>Where the areas of one Proposal begin, in bytes from its start; 0 for an area that it does not have.</summary>
/// <remarks>Finding them is checking them: after <see cref="WireError.None"/> every area with its entries lies before the trailer.</remarks>
internal readonly record struct ProposalAreas(int Smcd, int Ip, int V2, int SmcdV2)
{
    /// <summary>Applies the rules of its version to a whole message with a checked header.</summary>
    public static WireError TryFind(ReadOnlySpan<byte> message, ClcHeader header, out ProposalAreas areas)
    {
        areas = default;
        int offset = U16(message, ProposalLayout.IpAreaOffset);
        if (offset > ProposalLayout.MaxIpAreaOffset)
            return WireError.BadIpAreaOffset;
        return header.Version < ClcLayout.Version2
            ? FindV1(message, header, offset, out areas)
            : FindV2(message, header, offset, out areas);
    }

    private static WireError FindV1(ReadOnlySpan<byte> message, ClcHeader header, int offset, out ProposalAreas areas)
    {
        areas = default;
        if (header.PathV1 == ClcPath.Neither)
            return WireError.WrongPath;
        int smcd = offset == ProposalLayout.SmcdAreaLength ? ProposalLayout.BaseLength : 0;
        int ip = ProposalLayout.BaseLength + offset;
        int end = message.Length - ClcLayout.TrailerLength;
        WireError error = MeasureIpArea(message[..end], ip, out int length);
        if (error != WireError.None)
            return error;
        areas = new(smcd, ip, V2: 0, SmcdV2: 0);
        return ip + length == end ? WireError.None : WireError.BadLength;
    }

    private static WireError FindV2(ReadOnlySpan<byte> message, ClcHeader header, int offset, out ProposalAreas areas)
    {
        areas = default;
        if (message.Length < ProposalLayout.MinLengthV2)
            return WireError.BadLength;
        bool smcdFound = !header.PathV1.HasSmcd() || offset == ProposalLayout.SmcdAreaLength;
        ReadOnlySpan<byte> body = message[..^ClcLayout.TrailerLength];
        int expected = ProposalLayout.SmcdAreaEnd;
        int ip = 0, v2 = 0, smcdV2 = 0;

        if (header.PathV1 != ClcPath.Neither)
        {
            ip = ProposalLayout.BaseLength + offset;
            WireError error = MeasureIpArea(body, ip, out int length);
            if (error != WireError.None)
                return error;
            expected += length;
        }
        if (header.PathV2 != ClcPath.Neither)
        {
            if (!smcdFound)
                return WireError.BadIpAreaOffset;
            WireError error = MeasureV2(body, out v2, out int length);
            if (error != WireError.None)
                return error;
            expected += length;
        }
        if (header.PathV2.HasSmcd())
        {
            WireError error = MeasureSmcdV2(body, v2, out smcdV2, out int length);
            if (error != WireError.None)
                return error;
            expected += length;
        }
        areas = new(smcdFound ? ProposalLayout.BaseLength : 0, ip, v2, smcdV2);
        return body.Length == expected ? WireError.None : WireError.BadLength;
    }

    private static WireError MeasureIpArea(ReadOnlySpan<byte> body, int start, out int length)
    {
        length = ProposalLayout.IpArea.Length;
        if (start + length > body.Length)
            return WireError.BadLength;
        int count = body[start + ProposalLayout.IpArea.PrefixCount];
        if (count > ProposalLayout.MaxPrefixes)
            return WireError.BadPrefixCount;
        length += count * ProposalLayout.IpArea.PrefixLength;
        return start + length > body.Length ? WireError.BadLength : WireError.None;
    }

    private static WireError MeasureV2(ReadOnlySpan<byte> body, out int start, out int length)
    {
        int offset = U16(body, ProposalLayout.V2Offset);
        start = ProposalLayout.VendorOptions + offset;
        length = ProposalLayout.V2.Length;
        if (offset == 0)
            return WireError.MissingV2Extension;
        if (offset > ProposalLayout.MaxV2Offset || start + length > body.Length)
            return WireError.BadV2ExtensionOffset;
        int count = body[start + ProposalLayout.V2.EidCount];
        if (count > Ueid.MaxCount)
            return WireError.BadEidCount;
        length += count * Ueid.Size;
        return start + length > body.Length ? WireError.BadV2ExtensionOffset : WireError.None;
    }

    private static WireError MeasureSmcdV2(ReadOnlySpan<byte> body, int v2, out int start, out int length)
    {
        int offset = U16(body, v2 + ProposalLayout.V2.SmcdOffset);
        start = v2 + ProposalLayout.V2.RoceGid + offset;
        length = ProposalLayout.SmcdV2.Length;
        if (offset == 0)
            return WireError.MissingSmcdV2Extension;
        if (offset > ProposalLayout.V2.MaxSmcdOffset || start + length > body.Length)
            return WireError.BadSmcdV2ExtensionOffset;
        int count = body[v2 + ProposalLayout.V2.GidCount];
        if (count > ProposalLayout.MaxGids)
            return WireError.BadGidCount;
        length += count * ProposalLayout.SmcdV2.EntryLength;
        return start + length > body.Length ? WireError.BadSmcdV2ExtensionOffset : WireError.None;
    }

    private static int U16(ReadOnlySpan<byte> message, int offset) => BinaryPrimitives.ReadUInt16BigEndian(message[offset..]);
}
