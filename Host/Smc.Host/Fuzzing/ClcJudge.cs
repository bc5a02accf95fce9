using Smc.Transport;
using Smc.Transport.Wire;
using Smc.Transport.Wire.Clc;

namespace Smc.Host.Fuzzing;

/// <summary>
/// Puts messages to the checks and decisions of both ends of a handshake: what may be in the stream at all, what a server makes of a Proposal, a
/// client of an Accept, a server of a Confirm, and either of a Decline. Each has an answer that is in the tables, and takes what it should.
/// </summary>
internal sealed class ClcJudge
{
    private const string Unnamed = "a reason without a name";

    private static readonly ClcType[] Types = [ClcType.Proposal, ClcType.Accept, ClcType.Confirm, ClcType.Decline];

    private readonly Ueid[] _ueids = [Ueid.Default];

    /// <summary>Judges any bytes as the first ones of a stream.</summary>
    /// <returns>The promise that was broken, or null.</returns>
    public static string? Frame(ReadOnlySpan<byte> bytes)
    {
        foreach (ClcType type in Types)
        {
            if (ClcFraming.TryGetLength(bytes, type, out ClcHeader header) == WireError.None && header.Length > ClcFraming.MaxLength) return "a message that no buffer holds";
        }

        ClcSniff all = ClcFraming.Sniff(bytes);
        for (int length = 0; length < Math.Min(bytes.Length, ClcHeader.Size); length++)
        {
            ClcSniff part = ClcFraming.Sniff(bytes[..length]);
            if (part == ClcSniff.Proposal) return "a Proposal by less than a header";
            if (part == ClcSniff.NotSmc && all != ClcSniff.NotSmc) return "first bytes that were refused, and then taken";
        }

        return null;
    }

    /// <summary>Judges a valid message.</summary>
    /// <returns>The promise that was broken, or null.</returns>
    public string? Judge(ReadOnlySpan<byte> message, ClcHeader header) => header.Type switch
    {
        ClcType.Proposal => Decide(message),
        ClcType.Decline => Heed(message),
        _ when header.PathV1 == ClcPath.Smcd => CheckSmcd(message, header),
        _ => CheckSmcr(message, header),
    };

    private string? Decide(ReadOnlySpan<byte> message)
    {
        _ = Proposal.TryWrap(message, out Proposal proposal);
        SmcdDeviceId first = default;
        foreach (SmcdDeviceId device in proposal.Devices)
        {
            first = device;
            break;
        }

        ReadOnlySpan<SmcdDeviceId> reachable = [first];
        return Decide(proposal, new ServerFacts { HasIsmV2 = true, Ueids = _ueids, HasRoceV1 = true, HasRoceV2 = true, ReachesIsmV1 = true })
            ?? Decide(proposal, new ServerFacts { HasIsmV2 = true, Ueids = _ueids, ReachableDevices = reachable })
            ?? Decide(proposal, new ServerFacts { HasIsmV2 = true, ReachableDevices = reachable, Seid = proposal.Seid })
            ?? Decide(proposal, new ServerFacts { IsIpv6 = true, HasRoceV1 = true, IsVlanKnown = false })
            ?? Decide(proposal, new ServerFacts { MaxConnections = 0, MaxLinks = 0, HasRoceV2 = true, Ueids = _ueids })
            ?? (ServerDecision.Decide(proposal, new ServerFacts { HasIpsecPolicy = true }, out _) == SmcReason.Ipsec ? null : "IPsec that did not count");
    }

    private static string? Decide(in Proposal proposal, in ServerFacts facts)
    {
        SmcReason reason = ServerDecision.Decide(proposal, facts, out ServerChoice choice);
        if ((reason == SmcReason.None) != (choice != default)) return "a decision without a choice, or with one too many";
        return IsNamed(reason) ? null : Unnamed;
    }

    private static string? Heed(ReadOnlySpan<byte> message)
    {
        _ = Decline.TryWrap(message, out Decline decline);
        SmcReason heard = SmcReasons.FromPeer(decline.Diagnosis);
        return heard != SmcReason.None && IsNamed(heard) ? null : Unnamed;
    }

    private static string? CheckSmcd(ReadOnlySpan<byte> message, ClcHeader header)
    {
        if (!IsNamed(ClcChecks.CheckMode(header, ClcPath.Neither, ClcPath.Smcd)) || !IsNamed(ClcChecks.CheckMode(header, ClcPath.Both, ClcPath.Both))) return Unnamed;
        _ = SmcdAccept.TryWrap(message, header.Type, out SmcdAccept accept);
        SmcdAcceptFields fields = accept.Fields;
        ReadOnlySpan<SmcdDeviceId> devices = [accept.Device];
        ReadOnlySpan<Ueid> eids = [accept.Eid];
        bool hasIndex = accept.DmbIndex == 0;
        bool isOffered = hasIndex && accept.Device.Chid != 0;
        if ((ClcChecks.CheckAccept(accept, devices, eids, accept.Device.Gid) == WireError.None) != isOffered) return "an Accept of what was offered that is refused, or one of nothing that is taken";
        if (ClcChecks.CheckAccept(accept, [], eids, accept.Device.Gid) == WireError.None) return "a CHID that was not offered";
        if (ClcChecks.CheckAccept(accept, devices, [], accept.Device.Gid) == WireError.None) return "an EID that was not offered";
        SmcGid other = accept.Device.Gid with { High = ~accept.Device.Gid.High };
        if (ClcChecks.CheckAccept(accept, devices, eids, other) == WireError.None) return "an Accept from somebody else";
        if ((ClcChecks.CheckEcho(accept, fields, accept.Device.Gid) == WireError.None) != hasIndex) return "a Confirm that repeats its Accept and is refused, or has another index";
        if (ClcChecks.CheckEcho(accept, fields, other) == WireError.None) return "a Confirm from somebody else";
        if (ClcChecks.CheckEcho(accept, fields with { Version = (byte)(fields.Version + 1) }, accept.Device.Gid) == WireError.None) return "a Confirm of another version";
        return IsNamed(ClcChecks.CheckAcceptRelease(accept)) && IsNamed(ClcChecks.CheckConfirmRelease(accept, ClcChecks.OwnRelease)) ? null : Unnamed;
    }

    private static string? CheckSmcr(ReadOnlySpan<byte> message, ClcHeader header)
    {
        if (!IsNamed(ClcChecks.CheckMode(header, ClcPath.Neither, ClcPath.Smcr))) return Unnamed;
        _ = SmcrAccept.TryWrap(message, header.Type, out SmcrAccept accept);
        SmcrAcceptFields fields = accept.Fields;
        if (ClcChecks.CheckEcho(accept, fields) != WireError.None) return "a Confirm that repeats its Accept and is refused";
        if (ClcChecks.CheckEcho(accept, fields with { Version = (byte)(fields.Version + 1) }) == WireError.None) return "a Confirm of another version";
        if (ClcChecks.CheckConfirmTerms(accept, accept.FirstContact) != SmcReason.None) return "terms that are repeated and refused";
        return IsNamed(ClcChecks.CheckAcceptTerms(accept)) ? null : Unnamed;
    }

    private static bool IsNamed(SmcReason reason) => SmcReasons.ShortName(reason) != SmcReasons.ShortName((SmcReason)uint.MaxValue);
}
