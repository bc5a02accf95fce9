using System.Buffers.Binary;
using System.Net;
using System.Text.Json;
using Smc.Transport.Wire;
using Smc.Transport.Wire.Clc;

namespace Smc.Transport.Tests.Wire.Clc;

/// <summary>What Wireshark says of a message, and the same lines made from our decoders. Reserved bytes are not compared: re-encoding shows them.</summary>
internal static class Dissection
{
    private const string Reserved = "smc.reserved";

    internal static SortedDictionary<string, string[]> Recorded(JsonElement tshark)
    {
        var lines = new SortedDictionary<string, string[]>(StringComparer.Ordinal);
        foreach (JsonProperty entry in tshark.EnumerateObject().Where(entry => entry.Name != Reserved))
        {
            lines[entry.Name] = entry.Value.ValueKind == JsonValueKind.Array
                ? [.. entry.Value.EnumerateArray().Select(value => value.GetString()!)]
                : [entry.Value.GetString()!];
        }
        return lines;
    }

    internal static SortedDictionary<string, string[]> Of(byte[] message, ClcHeader header)
    {
        var lines = new Lines();
        lines.Add("smc.clc_msg", $"CLC Message: {header.Type} ({(int)header.Type})");
        lines.Add("smc.length", $"SMC Length: {header.Length}");
        byte flags = (byte)((header.Version << 4) | header.Paths);
        switch (header.Type)
        {
            case ClcType.Proposal:
                Assert.Equal(WireError.None, Proposal.TryWrap(message, out Proposal proposal));
                lines.Add("smc.proposal.flags", $"Flags: 0x{flags:x2}");
                AddProposal(lines, proposal);
                break;
            case ClcType.Decline:
                Assert.Equal(WireError.None, Decline.TryWrap(message, out Decline decline));
                lines.Add("smc.decline.flags", $"Flags: 0x{flags:x2}");
                AddDecline(lines, decline);
                break;
            default:
                lines.Add($"smc.{NameOf(header.Type)}.flags", $"Flags: 0x{flags:x2}");
                lines.Add("smc.proposal.smc.version", $"{Bits(header.Version, 4)} .... = SMC Version: {header.Version}");
                if (header.PathV1 == ClcPath.Smcd)
                    AddSmcd(lines, message, header);
                else
                    AddSmcr(lines, message, header);
                break;
        }
        return lines.All;
    }

    private static void AddProposal(Lines lines, Proposal p)
    {
        lines.Add("smc.proposal.smc.version", $"{Bits(p.Version, 4)} .... = SMC Version: {p.Version}");
        lines.Add("smc.proposal.smcv2.type", $".... {Bits((int)p.PathV2, 2)}.. = SMC(v2) Type: {NameOf(p.PathV2)} ({(int)p.PathV2})");
        lines.Add("smc.proposal.smc.type", $".... ..{Bits((int)p.PathV1, 2)} = SMC(v1) Type: {NameOf(p.PathV1)} ({(int)p.PathV1})");
        int ip = p.PathV1 == ClcPath.Neither ? 0 : 8 + (17 * p.Ipv6PrefixCount);
        lines.Add("smc.proposal.smcv2_ext_offset", $"SMCv2 Extension Offset: 0x{(p.PathV2 == ClcPath.Neither ? 0 : 28 + ip):x4}");
        if (p.PathV1.HasSmcr() || p.PathV2.HasSmcr())
            lines.Add("smc.proposal.sender.client.peer.id", $"Sender (Client) Peer ID: 0x{p.SystemId:x16}");
        if (p.PathV1 != ClcPath.Neither)
        {
            lines.Add("smc.proposal.client.preferred.gid", $"Client Preferred GID: {Address(p.RoceGid)}");
            lines.Add("smc.proposal.client.preferred.mac", $"Client Preferred MAC Address: {p.Mac} ({p.Mac})");
            lines.Add("smc.proposal.smcv1_subnet_ext_offset", "SMCv1 IP Subnet Extension Offset: 0x0028");
            const string mask = "smc.outgoing.interface.subnet.mask";
            lines.Add(mask, $"Outgoing Interface Subnet Mask: {Ipv4(p.Ipv4Subnet)}");
            lines.Add(mask + ".number.of.significant.bits", $"Outgoing Interface Subnet Mask Number of Significant Bits: {p.Ipv4PrefixLength}");
            lines.Add("smc.proposal.ipv6.prefix.count", $"IPv6 Prefix Count: {p.Ipv6PrefixCount}");
        }
        for (int i = 0; i < p.Ipv6PrefixCount; i++)
        {
            lines.Add("smc.proposal.ipv6.prefix.value", $"IPv6 Prefix Value: {Address(p.Ipv6PrefixAt(i).Prefix)}");
            lines.Add("smc.proposal.ipv6.prefix.length", $"IPv6 Prefix Length: {p.Ipv6PrefixAt(i).Length}");
        }
        if (p.PathV2 == ClcPath.Neither)
            return;
        int entries = 0;
        if (p.PathV2.HasSmcd())
        {
            AddDevice(lines, p.NativeDevice.Gid.High, p.NativeDevice.Chid);
            foreach (SmcdDeviceId device in p.ListedDevices)
            {
                AddDevice(lines, device.Gid.High, device.Chid);
                if (device.IsEmulated)
                    AddDevice(lines, device.Gid.Low, device.Chid);
                entries += device.IsEmulated ? 2 : 1;
            }
            lines.Add("smc.proposal.system.eid", $"SEID: {p.Seid}");
        }
        lines.Add("smc.proposal.eid.count", $"EID Count: {p.EidCount}");
        lines.Add("smc.proposal.ismv2_gid_count", $"ISMv2 GID Count: {entries}");
        lines.Add("smc.proposal.extflags.2", $"Flag 2: 0x{(p.Release << 4) | (p.HasSeid ? 1 : 0):x2}");
        lines.Add("smc.proposal.smc.version.relnum", $"{Bits(p.Release, 4)} .... = SMC Version Release Number: {p.Release}");
        lines.Add("smc.proposal.smc.seid", $".... ...{(p.HasSeid ? 1 : 0)} = SEID Indicator: {p.HasSeid}");
        lines.Add("smc.proposal.smcdv2_ext_offset", $"SMC-Dv2 Extension Offset: 0x{(p.PathV2.HasSmcd() ? 32 + (32 * p.EidCount) : 0):x4}");
        if (p.PathV2.HasSmcr())
            lines.Add("smc.proposal.rocev2.gid.ipv4", $"RoCEv2 GID IPv4 Address: {Ipv4((uint)p.RoceV2Gid)}");
        for (int i = 0; i < p.EidCount; i++)
            lines.Add("smc.proposal.eid", $"EID: {Padded(p.EidAt(i).Text)}");
    }

    private static void AddDevice(Lines lines, ulong gid, ushort chid)
    {
        lines.Add("smc.proposal.ism.gid", $"ISM GID: 0x{gid:x16}");
        lines.Add("smc.proposal.smc.chid", $"ISMv2 CHID: 0x{chid:x4}");
    }

    private static void AddDecline(Lines lines, Decline d)
    {
        lines.Add("smc.decline.smc.version", $"{Bits(d.Version, 4)} .... = SMC Version: {d.Version}");
        lines.Add("smc.decline.osync", $".... {(d.IsOutOfSync ? 1 : 0)}... = Out of Sync: {d.IsOutOfSync}");
        lines.Add("smc.sender.peer.id", $"Sender Peer ID: 0x{d.SystemId:x16}");
        lines.Add("smc.peer.diag.info", $"Peer Diagnosis Information: 0x{(uint)d.Diagnosis:x8}");
        if (d.Version < 2)
            return;
        foreach (uint word in new[] { d.Details.First, d.Details.Second, d.Details.Third, d.Details.Fourth })
            lines.Add("smc.peer.diag.info", $"Peer Diagnosis Information: 0x{word:x8}");
        lines.Add("smc.decline.flags2", $"Flags 2: 0x{(int)d.Os << 4:x2}");
        lines.Add("smc.decline.os.type", $"{Bits((int)d.Os, 4)} .... = OS Type: {d.Os} ({(int)d.Os})");
    }

    private static void AddSmcr(Lines lines, byte[] message, ClcHeader header)
    {
        Assert.Equal(WireError.None, SmcrAccept.TryWrap(message, header.Type, out SmcrAccept a));
        bool isAccept = a.Type == ClcType.Accept;
        string type = NameOf(a.Type), side = isAccept ? "Server" : "Client", who = side.ToLowerInvariant();
        string own = isAccept ? "smc.accept.server" : "smc.confirm.client";
        lines.Add(isAccept ? "smc.proposal.first.contact" : "smc.confirm.first.contact", FirstContactLine(a.IsFirstContact));
        if (!isAccept)
            lines.Add("smc.confirm.smc.type", ".... ..00 = SMC Type: SMC-R (0)");
        lines.Add($"smc.{type}.sender.{who}.peer.id", $"Sender ({side}) Peer ID: 0x{a.SystemId:x16}");
        string preferred = isAccept ? "Server Preferred" : "Client";
        lines.Add(isAccept ? "smc.accept.server.preferred.gid" : "smc.client.gid", $"{preferred} GID: {Address(a.Gid)}");
        lines.Add(isAccept ? "smc.accept.server.preferred.mac" : "smc.confirm.client.mac", $"{preferred} MAC Address: {a.Mac} ({a.Mac})");
        lines.Add($"{own}.qp.number", $"{side} QP Number: 0x{a.QpNumber:x6}");
        lines.Add($"{own}.rmb.rkey", $"{side} RMB Rkey: 0x{a.Rkey:x8}");
        lines.Add($"{own}.tcp.conn.index", $"{side} TCP Connection Index: {a.RmbeIndex}");
        string rmb = isAccept ? "smc.accept.server.rmb" : "smc.client.rmb";
        lines.Add($"{rmb}.element.alert.token", $"{side} RMB Element Alert Token: 0x{a.AlertToken:x8}");
        lines.Add($"smc.{type}.flags.2", $"Flags 2: 0x{(a.SizeCode << 4) | a.MtuCode:x2}");
        lines.Add($"smc.{type}.rmb.buffer.size", SizeLine(a.SizeCode, $"{side} RMB"));
        lines.Add($"smc.{type}.qp.mtu.value", $".... {Bits(a.MtuCode, 4)} = QP MTU Value (enumerated value): {a.MtuCode} (MTU: {128 << a.MtuCode})");
        lines.Add($"{rmb}.virtual.address", $"{side}'s RMB Virtual Address: 0x{a.Address:x16}");
        lines.Add(isAccept ? "smc.accept.initial.psn" : "smc.initial.psn", $"Initial PSN: 0x{a.Psn:x6}");
        if (a.Version < 2)
            return;
        lines.Add($"smc.{type}.eid", $"Negotiated EID: {Padded(a.Eid.Text)}");
        if (!a.IsFirstContact)
            return;
        bool direct = a.FirstContact.IsDirect;
        lines.Add("smc.accept.fce1.flags", $"Flags: 0x{(direct ? 0x80 : 0):x2}");
        lines.Add("smc.accept.v2_lg.type", $"{(direct ? 1 : 0)}... .... = V2 LG Type: {(direct ? "V2_DIRECT (1)" : "V2_INDIRECT (0)")}");
        AddFirstContact(lines, type, a.FirstContact.Common);
        // Wireshark does not read these.
        Assert.Equal((255, 2, ClcFeatures.EmulatedIsm), (a.FirstContact.MaxConnections, a.FirstContact.MaxLinks, a.FirstContact.Common.Features));
        if (a.Gids is not { } gids)
            return;
        lines.Add("smc.confirm.gid.list.entry_count", $"GID List Entry Count: {(gids.Alternate is null ? 1 : 2)}");
        lines.Add("smc.confirm.gid.list.entry", $"RoCEv2 GID List Entry: {Address(gids.Link)}");
        if (gids.Alternate is { } alternate)
            lines.Add("smc.confirm.gid.list.entry", $"RoCEv2 GID List Entry: {Address(alternate)}");
    }

    private static void AddSmcd(Lines lines, byte[] message, ClcHeader header)
    {
        Assert.Equal(WireError.None, SmcdAccept.TryWrap(message, header.Type, out SmcdAccept a));
        bool isAccept = a.Type == ClcType.Accept;
        string type = NameOf(a.Type), side = isAccept ? "Server" : "Client", who = side.ToLowerInvariant();
        lines.Add($"smc.{type}.first.contact", FirstContactLine(a.IsFirstContact));
        lines.Add($"smc.{type}.smc.type", ".... ..01 = SMC Type: SMC-D (1)");
        lines.Add($"smc.{type}.sender.{who}.ism.gid", $"Sender ({side}) ISM GID: 0x{a.Device.Gid.High:x16}");
        lines.Add($"smc.{type}.dmb.token", $"DMB Token: 0x{a.Token:x16}");
        lines.Add($"smc.{type}.dmbe.conn.index", $"DMBE Connection Index: {a.DmbIndex}");
        lines.Add($"smc.{type}.dmbe.size", $"DMBE Size: 0x{a.SizeCode << 4:x2}");
        lines.Add($"smc.{type}.dmbe.buffer.size", SizeLine(a.SizeCode, $"{side} DMBE"));
        lines.Add($"smc.{type}.{who}.linkid", $"{side} Link ID: 0x{BinaryPrimitives.ReverseEndianness(a.LinkId):x8}");
        lines.Add($"smc.{type}.smc.chid", $"ISMv2 CHID: 0x{a.Device.Chid:x4}");
        lines.Add($"smc.{type}.eid", $"Negotiated EID: {Padded(a.Eid.Text)}");
        if (a.IsFirstContact)
            AddFirstContact(lines, type, a.FirstContact);
    }

    private static void AddFirstContact(Lines lines, string type, FirstContact contact)
    {
        lines.Add("smc.accept.fce.flags", $"Flags: 0x{((int)contact.Os << 4) | contact.Release:x2}");
        lines.Add($"smc.{type}.os.type", $"{Bits((int)contact.Os, 4)} .... = OS Type: {contact.Os} ({(int)contact.Os})");
        lines.Add($"smc.{type}.smc.version.relnum", $".... {Bits(contact.Release, 4)} = SMC Version Release Number: {contact.Release}");
        lines.Add($"smc.{type}.peer.host.name", $"Peer Host Name: {Padded(contact.HostName)}");
    }

    private static string SizeLine(byte code, string whose) => $"{Bits(code, 4)} .... = {whose} Buffers Size (Compressed Notation): {code} (Size: {16 << code}k)";

    private static string FirstContactLine(bool first) => $".... {(first ? 1 : 0)}... = First Contact: {first}";

    private static string NameOf(ClcType type) => type.ToString().ToLowerInvariant();

    private static string NameOf(ClcPath path) => path switch { ClcPath.Smcr => "SMC-R", ClcPath.Smcd => "SMC-D", ClcPath.Both => "BOTH", _ => "NONE" };

    private static string Padded(ClcText text) => text.ToString().PadRight(ClcText.Size);

    private static string Bits(int value, int count) => Convert.ToString(value, 2).PadLeft(count, '0');

    private static string Ipv4(uint address)
    {
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, address);
        return new IPAddress(bytes).ToString();
    }

    private static string Address(UInt128 gid)
    {
        Span<byte> bytes = stackalloc byte[SmcGid.Size];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, gid);
        return new IPAddress(bytes).ToString();
    }

    private sealed class Lines
    {
        public SortedDictionary<string, string[]> All { get; } = new(StringComparer.Ordinal);

        public void Add(string name, string line) => All[name] = All.TryGetValue(name, out string[]? before) ? [.. before, line] : [line];
    }
}
