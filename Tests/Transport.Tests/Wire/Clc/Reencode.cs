using Smc.Transport.Wire;
using Smc.Transport.Wire.Clc;

namespace Smc.Transport.Tests.Wire.Clc;

/// <summary>Decodes a message and writes it again from its decoded fields.</summary>
internal static class Reencode
{
    internal static byte[] Message(byte[] message)
    {
        Assert.Equal(WireError.None, ClcHeader.TryRead(message, out ClcHeader header));
        return header.Type switch
        {
            ClcType.Proposal => Proposal(message),
            ClcType.Decline => Decline(message),
            _ => Accept(message, header.Type),
        };
    }

    internal static byte[] Proposal(byte[] message)
    {
        Assert.Equal(WireError.None, Smc.Transport.Wire.Clc.Proposal.TryWrap(message, out Proposal proposal));
        var prefixes = new Ipv6Prefix[proposal.Ipv6PrefixCount];
        for (int i = 0; i < prefixes.Length; i++)
            prefixes[i] = proposal.Ipv6PrefixAt(i);
        var eids = new Ueid[proposal.EidCount];
        for (int i = 0; i < eids.Length; i++)
            eids[i] = proposal.EidAt(i);
        List<SmcdDeviceId> devices = [];
        foreach (SmcdDeviceId device in proposal.Devices)
        {
            if (device != proposal.NativeDevice)
                devices.Add(device);
        }
        byte[] target = Dirty();
        int length = ClcWriter.Write(target, new ProposalFields
        {
            PathV1 = proposal.PathV1,
            PathV2 = proposal.PathV2,
            SystemId = proposal.SystemId,
            RoceGid = proposal.RoceGid,
            Mac = proposal.Mac,
            NativeDevice = proposal.NativeDevice,
            Ipv4Subnet = proposal.Ipv4Subnet,
            Ipv4PrefixLength = proposal.Ipv4PrefixLength,
            Ipv6Prefixes = prefixes,
            Eids = eids,
            Devices = devices.ToArray(),
            Release = proposal.Release,
            HasSeid = proposal.HasSeid,
            Seid = proposal.Seid,
            RoceV2Gid = proposal.RoceV2Gid,
            MaxConnections = proposal.MaxConnections,
            MaxLinks = proposal.MaxLinks,
            Features = proposal.Features,
        });
        return target[..length];
    }

    internal static byte[] Accept(byte[] message, ClcType type)
    {
        Assert.Equal(WireError.None, SmcdAccept.TryWrap(message, type, out SmcdAccept accept));
        byte[] target = Dirty();
        return target[..ClcWriter.Write(target, accept.Fields)];
    }

    internal static byte[] Decline(byte[] message)
    {
        Assert.Equal(WireError.None, Smc.Transport.Wire.Clc.Decline.TryWrap(message, out Decline decline));
        byte[] target = Dirty();
        return target[..ClcWriter.Write(target, decline.Fields)];
    }

    private static byte[] Dirty()
    {
        byte[] target = new byte[ClcFraming.MaxLength];
        Array.Fill(target, byte.MaxValue);
        return target;
    }
}
