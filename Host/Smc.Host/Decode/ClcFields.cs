using System.Buffers.Binary;
using System.Net;
using System.Text.Json.Nodes;
using Smc.Actors.Inspection.Reports;
using Smc.Transport;
using Smc.Transport.Wire;
using Smc.Transport.Wire.Clc;

namespace Smc.Host.Decode;

/// <summary>What a message says.</summary>
/// <param name="Fields">By field name.</param>
/// <param name="Summary">In a few words.</param>
/// <param name="Note">What a reader should know of it in a line of its own; null for most.</param>
internal sealed record Reading(JsonObject Fields, string Summary, string? Note = null);

/// <summary>Reads valid CLC messages. Ids and addresses become hex digits, amounts become numbers.</summary>
internal static class ClcFields
{
    private const int SmallestBuffer = 16 * 1024;

    public static Reading Of(ReadOnlySpan<byte> message, ClcHeader header) => header.Type switch
    {
        ClcType.Proposal => OfProposal(message),
        ClcType.Decline => OfDecline(message),
        _ when header.PathV1 == ClcPath.Smcd => OfSmcd(message, header.Type),
        _ => OfSmcr(message, header.Type),
    };

    private static Reading OfProposal(ReadOnlySpan<byte> message)
    {
        _ = Proposal.TryWrap(message, out Proposal p);
        var fields = new JsonObject
        {
            ["version"] = p.Version,
            ["typev1"] = Letter(p.PathV1),
            ["typev2"] = Letter(p.PathV2),
            ["id_for_peer"] = Hex(p.SystemId),
            ["gid"] = Hex(p.RoceGid),
            ["mac"] = Hex(p.Mac),
        };
        if (p.HasSmcdArea)
        {
            fields["ism_gid"] = Hex(p.NativeDevice.Gid.High);
            fields["ism_chid"] = Hex(p.NativeDevice.Chid);
            fields["vendor_options"] = Hex(p.VendorOptions);
        }
        if (p.PathV1 != ClcPath.Neither)
        {
            Span<byte> subnet = stackalloc byte[sizeof(uint)];
            BinaryPrimitives.WriteUInt32BigEndian(subnet, p.Ipv4Subnet);
            fields["ipv4_prefix"] = $"{new IPAddress(subnet)}/{p.Ipv4PrefixLength}";
            var prefixes = new JsonArray();
            for (int i = 0; i < p.Ipv6PrefixCount; i++) prefixes.Add($"{Address(p.Ipv6PrefixAt(i).Prefix)}/{p.Ipv6PrefixAt(i).Length}");
            fields["ipv6_prefixes"] = prefixes;
        }
        string summary = string.Join(", ", ((string[])[Offer(1, p.PathV1), Offer(2, p.PathV2)]).Where(offer => offer.Length > 0));
        if (p.PathV2 == ClcPath.Neither) return new Reading(fields, summary);
        var eids = new JsonArray();
        for (int i = 0; i < p.EidCount; i++) eids.Add($"{p.EidAt(i)}");
        fields["release"] = p.Release;
        fields["eids"] = eids;
        fields["seid_enabled"] = p.HasSeid;
        fields["rocev2_gid"] = Hex(p.RoceV2Gid);
        fields["max_conns"] = p.MaxConnections;
        fields["max_links"] = p.MaxLinks;
        fields["feature_mask"] = Hex((ushort)p.Features);
        if (p.PathV2.HasSmcd())
        {
            var devices = new JsonArray();
            foreach (SmcdDeviceId device in p.ListedDevices) devices.Add((JsonNode)Device(device));
            fields["seid"] = $"{p.Seid}";
            fields["ism_devices"] = devices;
        }
        return new Reading(fields, $"{summary}, release {p.Release}, {(p.EidCount == 0 ? "no EID" : $"EID {string.Join(' ', eids.Select(e => (string)e!))}")}");
    }

    private static Reading OfSmcr(ReadOnlySpan<byte> message, ClcType type)
    {
        _ = SmcrAccept.TryWrap(message, type, out SmcrAccept a);
        var fields = new JsonObject
        {
            ["version"] = a.Version,
            ["type"] = Letter(ClcPath.Smcr),
            ["first_contact"] = a.IsFirstContact,
            ["id_for_peer"] = Hex(a.SystemId),
            ["gid"] = Hex(a.Gid),
            ["mac"] = Hex(a.Mac),
            ["qpn"] = a.QpNumber,
            ["rkey"] = Hex(a.Rkey),
            ["rmbe_index"] = a.RmbeIndex,
            ["alert_token"] = a.AlertToken,
            ["rmbe_size"] = a.SizeCode,
            ["qp_mtu"] = a.MtuCode,
            ["rmb_va"] = Hex(a.Address),
            ["initial_psn"] = a.Psn,
        };
        long size = (long)SmallestBuffer << a.SizeCode;
        string summary = $"SMC-R v{a.Version}{First(a.IsFirstContact)}, {ReportText.Size(size)}";
        if (a.Version == 1) return new Reading(fields, summary);
        fields["eid"] = $"{a.Eid}";
        if (a.IsFirstContact)
        {
            fields["v2_direct"] = a.FirstContact.IsDirect;
            AddFirstContact(fields, a.FirstContact.Common);
            fields["max_conns"] = a.FirstContact.MaxConnections;
            fields["max_links"] = a.FirstContact.MaxLinks;
        }
        if (a.Gids is { } gids)
            fields["gid_list"] = gids.Alternate is { } alternate ? new JsonArray(Hex(gids.Link), Hex(alternate)) : new JsonArray(Hex(gids.Link));
        return new Reading(fields, $"{summary}, EID {a.Eid}");
    }

    private static Reading OfSmcd(ReadOnlySpan<byte> message, ClcType type)
    {
        _ = SmcdAccept.TryWrap(message, type, out SmcdAccept a);
        var fields = new JsonObject
        {
            ["version"] = a.Version,
            ["type"] = Letter(ClcPath.Smcd),
            ["first_contact"] = a.IsFirstContact,
            ["gid"] = Gid(a.Device),
            ["dmb_token"] = Hex(a.Token),
            ["dmbe_index"] = a.DmbIndex,
            ["dmbe_size"] = a.SizeCode,
            ["link_id"] = Hex(BinaryPrimitives.ReverseEndianness(a.LinkId)),
        };
        string summary = $"SMC-D v{a.Version}{First(a.IsFirstContact)}, {ReportText.Size(SmallestBuffer << a.SizeCode)}";
        if (a.Version == 1) return new Reading(fields, summary);
        fields["chid"] = Hex(a.Device.Chid);
        fields["eid"] = $"{a.Eid}";
        if (a.IsFirstContact) AddFirstContact(fields, a.FirstContact);
        return new Reading(fields, $"{summary}, EID {a.Eid}");
    }

    private static Reading OfDecline(ReadOnlySpan<byte> message)
    {
        _ = Decline.TryWrap(message, out Decline d);
        var fields = new JsonObject
        {
            ["version"] = d.Version,
            ["out_of_sync"] = d.IsOutOfSync,
            ["id_for_peer"] = Hex(d.SystemId),
            ["diagnosis"] = Hex((uint)d.Diagnosis),
            ["reason"] = SmcReasons.ShortName(d.Diagnosis),
            ["sentence"] = SmcReasons.Sentence(d.Diagnosis),
            ["remedy"] = SmcReasons.Remedy(d.Diagnosis),
            ["os"] = (int)d.Os,
        };
        if (d.Version > 1)
            fields["details"] = new JsonArray(Hex(d.Details.First), Hex(d.Details.Second), Hex(d.Details.Third), Hex(d.Details.Fourth));
        return new Reading(
            fields,
            $"v{d.Version}{(d.IsOutOfSync ? " out of sync" : "")}, {ReportText.Code(d.Diagnosis)} {SmcReasons.ShortName(d.Diagnosis)}",
            $"{ReportText.Explain(d.Diagnosis)}\n  Remedy: {SmcReasons.Remedy(d.Diagnosis)}");
    }

    private static void AddFirstContact(JsonObject fields, FirstContact contact)
    {
        fields["os"] = (int)contact.Os;
        fields["release"] = contact.Release;
        fields["hostname"] = $"{contact.HostName}";
        fields["feature_mask"] = Hex((ushort)contact.Features);
        fields["fce_vendor_options"] = Hex(contact.VendorOptions);
    }

    private static JsonObject Device(SmcdDeviceId device) => new() { ["gid"] = Gid(device), ["chid"] = Hex(device.Chid) };

    /// <summary>32 digits for an emulated device, 16 for a native one.</summary>
    private static string Gid(SmcdDeviceId device) => device.IsEmulated ? Hex(device.Gid.High) + Hex(device.Gid.Low) : Hex(device.Gid.High);

    private static string First(bool isFirstContact) => isFirstContact ? " first contact" : "";

    private static string Letter(ClcPath path) => path switch { ClcPath.Smcr => "R", ClcPath.Smcd => "D", ClcPath.Both => "B", _ => "N" };

    private static string Name(ClcPath path) => path switch { ClcPath.Smcr => "SMC-R", ClcPath.Smcd => "SMC-D", ClcPath.Both => "SMC-R and SMC-D", _ => "" };

    private static string Offer(int version, ClcPath path) => path == ClcPath.Neither ? "" : $"v{version} {Name(path)}";

    private static IPAddress Address(UInt128 gid)
    {
        Span<byte> bytes = stackalloc byte[SmcGid.Size];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, gid);
        return new IPAddress(bytes);
    }

    private static string Hex(ushort value) => $"{value:x4}";

    private static string Hex(uint value) => $"{value:x8}";

    private static string Hex(ulong value) => $"{value:x16}";

    private static string Hex(UInt128 value) => $"{value:x32}";

    private static string Hex(MacAddress value) => $"{value.Value:x12}";
}
