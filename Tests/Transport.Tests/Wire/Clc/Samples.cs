using Smc.Transport.Wire;
using Smc.Transport.Wire.Clc;

namespace Smc.Transport.Tests.Wire.Clc;

/// <summary>Captured and built CLC messages by name.</summary>
internal static class Samples
{
    internal static readonly SmcdDeviceId ClientDevice = new(new SmcGid(0x0102_0304_0506_0708, 0x1112_1314_1516_1718), SmcdDeviceId.LoopbackChid);
    internal static readonly SmcdDeviceId ServerDevice = new(new SmcGid(0x2122_2324_2526_2728, 0x3132_3334_3536_3738), SmcdDeviceId.LoopbackChid);

    internal static SmcdAcceptFields Accept { get; } = new(
        ClcType.Accept, ServerDevice, 0xA1A2_A3A4_A5A6_A7A8, 0, 2, 0x100, Ueid.Default,
        new FirstContact(ClcOs.Linux, 1, ClcText.From("host-a"), ClcFeatures.EmulatedIsm));

    internal static SmcdAcceptFields Confirm { get; } = Accept with { Type = ClcType.Confirm, Device = ClientDevice, LinkId = 0x200 };

    internal static SmcrAcceptFields SmcrAccept { get; } = new()
    {
        SystemId = 0x0102_0304_0506_0708,
        Gid = new UInt128(0, 0xFFFF_0A00_0001),
        Mac = new MacAddress(0x0200_0000_0A01),
        QpNumber = 0xABCDEF,
        Rkey = 0x1112_1314,
        AlertToken = 0x2122_2324,
        SizeCode = 2,
        MtuCode = 3,
        Address = 0x3132_3334_3536_3738,
        Psn = 0x41_4243,
        Eid = Ueid.Default,
        FirstContact = new SmcrFirstContact(new FirstContact(ClcOs.Linux, 1, ClcText.From("host-a"), ClcFeatures.EmulatedIsm), true, 255, 2),
    };

    internal static byte[] LoopbackProposal { get; } = Captured("smcd-loopback-v2", 4);

    internal static byte[] SmcrProposalV1 { get; } = Captured("smcr-v1-2links", 6);

    internal static byte[] Captured(string name, int frame) => Capture.Bytes(Capture.Clc(name).First(r => r.GetProperty("frame").GetInt32() == frame));

    internal static byte[] Write(in ProposalFields fields)
    {
        byte[] target = new byte[ClcFraming.MaxLength];
        return target[..ClcWriter.Write(target, fields)];
    }

    internal static byte[] Write(in SmcdAcceptFields fields)
    {
        byte[] target = new byte[ClcFraming.MaxLength];
        return target[..ClcWriter.Write(target, fields)];
    }

    internal static byte[] Write(in SmcrAcceptFields fields)
    {
        byte[] target = new byte[ClcFraming.MaxLength];
        return target[..ClcWriter.Write(target, fields)];
    }

    internal static byte[] Write(in DeclineFields fields)
    {
        byte[] target = new byte[ClcFraming.MaxLength];
        return target[..ClcWriter.Write(target, fields)];
    }

    /// <summary>The longest Proposal: all areas full.</summary>
    internal static byte[] LongestProposal()
    {
        var prefixes = new Ipv6Prefix[8];
        var eids = new Ueid[8];
        var devices = new SmcdDeviceId[4];
        for (int i = 0; i < eids.Length; i++)
        {
            prefixes[i] = new((UInt128)(uint)(i + 1) << 64, 64);
            Assert.True(Ueid.TryParse($"EID-{i}", out eids[i]));
        }
        for (int i = 0; i < devices.Length; i++)
            devices[i] = new(new SmcGid((ulong)i + 1, (ulong)i + 101), (ushort)(SmcdDeviceId.LoopbackChid - i));
        return Write(new ProposalFields { PathV1 = ClcPath.Both, PathV2 = ClcPath.Both, Ipv6Prefixes = prefixes, Eids = eids, Devices = devices });
    }

    /// <summary>A Proposal of a sender that knows version 1 only; with the SMC-D area when <paramref name="ipAreaOffset"/> is 40.</summary>
    internal static byte[] ProposalV1(ClcPath path, int ipAreaOffset, int prefixes)
    {
        byte[] message = new byte[40 + ipAreaOffset + 8 + (17 * prefixes) + 4];
        SmcrProposalV1.AsSpan(0, 8).CopyTo(message);
        SmcrProposalV1.AsSpan(^4).CopyTo(message.AsSpan(message.Length - 4));
        message[6] = (byte)message.Length;
        message[7] = (byte)(0x10 | (byte)path);
        message[39] = (byte)ipAreaOffset;
        message[40 + ipAreaOffset + 4] = 24;
        message[40 + ipAreaOffset + 7] = (byte)prefixes;
        return message;
    }
}
