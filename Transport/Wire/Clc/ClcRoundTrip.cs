namespace Smc.Transport.Wire.Clc;

/// <summary>Decodes a CLC message of any type and version, and encodes it again from what was decoded.</summary>
/// <remarks>
/// What comes out is the message as this implementation understands it: reserved bytes are zero, areas stand in their usual order,
/// and nothing follows the last known field. A message that was like this already comes out unchanged.
/// </remarks>
public static class ClcRoundTrip
{
    /// <summary>Decodes and encodes one message, without allocating.</summary>
    /// <param name="message">Exactly the bytes that its header's length tells.</param>
    /// <param name="target">At least <see cref="ClcFraming.MaxLength"/> bytes, apart from the message; untouched on error.</param>
    /// <param name="length">Bytes written, at most <see cref="ClcFraming.MaxLength"/>; 0 on error.</param>
    /// <returns><see cref="WireError.None"/>, or the first rule that the message breaks.</returns>
    public static WireError TryReencode(ReadOnlySpan<byte> message, Span<byte> target, out int length)
    {
        length = 0;
        WireError error = ClcHeader.TryRead(message, out ClcHeader header);
        if (error != WireError.None)
            return error;
        return header.Type switch
        {
            ClcType.Proposal => Proposal(message, target, out length),
            ClcType.Decline => Decline(message, target, out length),
            _ when header.PathV1 == ClcPath.Smcd => SmcdAccept(message, header.Type, target, out length),
            _ => SmcrAccept(message, header.Type, target, out length),
        };
    }

    private static WireError Proposal(ReadOnlySpan<byte> message, Span<byte> target, out int length)
    {
        length = 0;
        WireError error = Clc.Proposal.TryWrap(message, out Proposal proposal);
        if (error != WireError.None)
            return error;
        Span<Ipv6Prefix> prefixes = stackalloc Ipv6Prefix[proposal.Ipv6PrefixCount];
        for (int i = 0; i < prefixes.Length; i++)
            prefixes[i] = proposal.Ipv6PrefixAt(i);
        Span<Ueid> eids = stackalloc Ueid[proposal.EidCount];
        for (int i = 0; i < eids.Length; i++)
            eids[i] = proposal.EidAt(i);
        Span<SmcdDeviceId> devices = stackalloc SmcdDeviceId[ProposalLayout.MaxGids];
        int count = 0;
        foreach (SmcdDeviceId device in proposal.ListedDevices)
            devices[count++] = device;
        length = ClcWriter.Write(target, new ProposalFields
        {
            Version = proposal.Version,
            HasSmcdArea = proposal.HasSmcdArea,
            PathV1 = proposal.PathV1,
            PathV2 = proposal.PathV2,
            SystemId = proposal.SystemId,
            RoceGid = proposal.RoceGid,
            Mac = proposal.Mac,
            VendorOptions = proposal.VendorOptions,
            NativeDevice = proposal.NativeDevice,
            Ipv4Subnet = proposal.Ipv4Subnet,
            Ipv4PrefixLength = proposal.Ipv4PrefixLength,
            Ipv6Prefixes = prefixes,
            Eids = eids,
            Devices = devices[..count],
            Release = proposal.Release,
            HasSeid = proposal.HasSeid,
            Seid = proposal.Seid,
            RoceV2Gid = proposal.RoceV2Gid,
            MaxConnections = proposal.MaxConnections,
            MaxLinks = proposal.MaxLinks,
            Features = proposal.Features,
        });
        return WireError.None;
    }

    private static WireError SmcrAccept(ReadOnlySpan<byte> message, ClcType type, Span<byte> target, out int length)
    {
        WireError error = Clc.SmcrAccept.TryWrap(message, type, out SmcrAccept accept);
        length = error == WireError.None ? ClcWriter.Write(target, accept.Fields) : 0;
        return error;
    }

    private static WireError SmcdAccept(ReadOnlySpan<byte> message, ClcType type, Span<byte> target, out int length)
    {
        WireError error = Clc.SmcdAccept.TryWrap(message, type, out SmcdAccept accept);
        length = error == WireError.None ? ClcWriter.Write(target, accept.Fields) : 0;
        return error;
    }

    private static WireError Decline(ReadOnlySpan<byte> message, Span<byte> target, out int length)
    {
        WireError error = Clc.Decline.TryWrap(message, out Decline decline);
        length = error == WireError.None ? ClcWriter.Write(target, decline.Fields) : 0;
        return error;
    }
}
