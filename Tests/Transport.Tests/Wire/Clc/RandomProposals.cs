using Smc.Transport.Wire;
using Smc.Transport.Wire.Clc;

namespace Smc.Transport.Tests.Wire.Clc;

/// <summary>Valid Proposals of every shape, from a seed.</summary>
internal static class RandomProposals
{
    internal static byte[] Next(Random random, ClcPath v1, ClcPath v2)
    {
        var prefixes = new Ipv6Prefix[random.Next(9)];
        for (int i = 0; i < prefixes.Length; i++)
            prefixes[i] = new((UInt128)random.NextInt64(), (byte)random.Next(129));
        var eids = new Ueid[random.Next(9)];
        for (int i = 0; i < eids.Length; i++)
            Assert.True(Ueid.TryParse($"EID-{random.Next()}", out eids[i]));
        var devices = new SmcdDeviceId[random.Next(9)];
        for (int i = 0; i < devices.Length; i++)
        {
            bool emulated = random.Next(2) == 0;
            devices[i] = emulated
                ? new(new SmcGid((ulong)random.NextInt64(), (ulong)random.NextInt64()), (ushort)(0xFFFF - i))
                : new(new SmcGid((ulong)random.NextInt64(), 0), (ushort)(1 + i));
        }
        bool native = v1.HasSmcd();
        return Samples.Write(new ProposalFields
        {
            PathV1 = v1,
            PathV2 = v2,
            SystemId = (ulong)random.NextInt64(),
            RoceGid = (UInt128)random.NextInt64(),
            NativeDevice = native ? new(new SmcGid((ulong)random.NextInt64(), 0), 0x100) : default,
            Ipv4Subnet = (uint)random.Next(),
            Ipv4PrefixLength = (byte)random.Next(33),
            Ipv6Prefixes = prefixes,
            Eids = eids,
            Devices = devices,
            Release = (byte)random.Next(16),
            HasSeid = random.Next(2) == 0,
            RoceV2Gid = (UInt128)random.NextInt64(),
            MaxConnections = (byte)random.Next(),
            MaxLinks = (byte)random.Next(),
            Features = (ClcFeatures)random.Next(1 << 16),
        });
    }
}
