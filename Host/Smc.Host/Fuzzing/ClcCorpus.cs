using Smc.Transport.Wire;
using Smc.Transport.Wire.Clc;

namespace Smc.Host.Fuzzing;

/// <summary>Valid CLC messages to begin from: captured ones, and shapes that no capture has.</summary>
internal static class ClcCorpus
{
    private const string Resource = "ClcCorpus.txt";
    private const char Comment = '#';

    /// <summary>One message of each shape.</summary>
    public static byte[][] Load()
    {
        using var reader = new StreamReader(typeof(ClcCorpus).Assembly.GetManifestResourceStream(Resource)!);
        string[] lines = reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return [.. lines.Where(line => !line.StartsWith(Comment)).Select(line => Convert.FromHexString(line.Split(' ')[^1])), .. Built()];
    }

    private static IEnumerable<byte[]> Built()
    {
        var device = new SmcdDeviceId(new SmcGid(0x0102_0304_0506_0708, 0), 0x0100);
        var contact = new FirstContact(ClcOs.Zos, 0, ClcText.From("host"), ClcFeatures.None);
        foreach (byte version in (byte[])[1, 2])
            foreach (ClcType type in (ClcType[])[ClcType.Accept, ClcType.Confirm])
            {
                var smcd = new SmcdAcceptFields(type, device, 1, 0, 6, 0x100, Ueid.Default, contact, version);
                yield return Write(target => ClcWriter.Write(target, smcd));
                yield return Write(target => ClcWriter.Write(target, new SmcrAcceptFields
                {
                    Type = type,
                    Version = version,
                    Eid = Ueid.Default,
                    FirstContact = new SmcrFirstContact(contact, IsDirect: false),
                }));
            }
        foreach (ClcPath path in (ClcPath[])[ClcPath.Smcr, ClcPath.Smcd, ClcPath.Both])
        {
            yield return Proposal(1, path, ClcPath.Neither, 2, 0);
            yield return Proposal(2, path, ClcPath.Both, 8, 8);
            yield return Proposal(2, path, ClcPath.Smcd, 0, 1);
        }
        yield return Write(target => ClcWriter.Write(target, new DeclineFields(2, Smc.Transport.SmcReason.SyncError, 1, ClcOs.Linux)));
    }

    private static byte[] Proposal(byte version, ClcPath v1, ClcPath v2, int prefixes, int devices) => Write(target =>
    {
        var native = new SmcdDeviceId(new SmcGid(0x0102_0304_0506_0700, 0), 0x0100);
        SmcdDeviceId[] all = [.. Enumerable.Range(1, devices).Select(i => new SmcdDeviceId(new SmcGid((ulong)i, 0), (ushort)(0x0100 + i)))];
        return ClcWriter.Write(target, new ProposalFields
        {
            Version = version,
            HasSmcdArea = version > 1,
            PathV1 = v1,
            PathV2 = v2,
            NativeDevice = v1.HasSmcd() ? native : default,
            Ipv6Prefixes = new Ipv6Prefix[prefixes],
            Eids = Enumerable.Repeat(Ueid.Default, devices).ToArray(),
            Devices = all,
        });
    });

    private static byte[] Write(Func<byte[], int> write)
    {
        byte[] target = new byte[ClcFraming.MaxLength];
        return target[..write(target)];
    }
}
