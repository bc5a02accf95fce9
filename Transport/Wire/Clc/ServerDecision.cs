namespace Smc.Transport.Wire.Clc;

/// <summary>The order in which a server judges a Proposal, without state or I/O: the first path that is possible is taken.</summary>
/// <remarks>
/// IPsec; what the Proposal lacks for version 2; limits of release 1; then SMC-D version 2, the IP prefix (which rules out version 1 alone),
/// the VLAN, SMC-D version 1, SMC-R version 2, SMC-R version 1. The code of the first obstacle on this way is that of the Decline.
/// A Proposal without the extensions of what it offers, codes NOV2EXT and NOV2DEXT, does not come this far: <see cref="Proposal.TryWrap"/>
/// has refused it.
/// </remarks>
public static class ServerDecision
{
    /// <summary>The fewest connections of a link group that both ends must allow.</summary>
    public const byte MinConnections = 16;

    /// <summary>Connections of a link group between ends of release 0.</summary>
    public const byte DefaultMaxConnections = byte.MaxValue;

    /// <summary>Links of a link group between ends of release 0, and the most that any end may allow.</summary>
    public const byte DefaultMaxLinks = 2;

    /// <summary>Decides.</summary>
    /// <param name="proposal">The client's offer.</param>
    /// <param name="facts">What the server knows.</param>
    /// <param name="choice">What to accept; default when the answer is a Decline.</param>
    /// <returns><see cref="SmcReason.None"/>, or the diagnosis of the Decline.</returns>
    public static SmcReason Decide(in Proposal proposal, in ServerFacts facts, out ServerChoice choice)
    {
        choice = default;
        if (facts.HasIpsecPolicy)
            return SmcReason.Ipsec;
        SmcReason reason = DropImpossible(proposal, facts, out bool smcdV2, out bool smcrV2);
        if (reason != SmcReason.None)
            return reason;
        var terms = new ServerChoice(ClcLayout.Version2, ClcPath.Smcr, Release: Math.Min(proposal.Release, ClcChecks.OwnRelease));
        if (smcdV2 || smcrV2)
        {
            reason = Negotiate(proposal, facts, smcrV2, ref terms);
            if (reason != SmcReason.None)
                return reason;
        }
        return ChoosePath(proposal, facts, smcdV2, smcrV2, terms, out choice);
    }

    /// <summary>Strikes out what cannot be version 2; the code counts only when nothing is left.</summary>
    private static SmcReason DropImpossible(in Proposal proposal, in ServerFacts facts, out bool smcdV2, out bool smcrV2)
    {
        smcdV2 = proposal.PathV2.HasSmcd();
        smcrV2 = proposal.PathV2.HasSmcr();
        SmcReason reason = SmcReason.PeerNoSmc;
        if (smcdV2 && !facts.HasIsmV2)
        {
            smcdV2 = false;
            reason = SmcReason.NoIsmV2Support;
        }
        if (smcdV2 && proposal.EidCount == 0 && !proposal.HasSeid)
        {
            smcdV2 = false;
            reason = SmcReason.NoUeid;
        }
        if (smcrV2 && proposal.EidCount == 0)
        {
            smcrV2 = false;
            reason = SmcReason.NoUeid;
        }
        return smcdV2 || smcrV2 || proposal.PathV1 != ClcPath.Neither ? SmcReason.None : reason;
    }

    private static SmcReason Negotiate(in Proposal proposal, in ServerFacts facts, bool smcrV2, ref ServerChoice terms)
    {
        if (terms.Release == 0)
        {
            terms = terms with { MaxConnections = DefaultMaxConnections, MaxLinks = DefaultMaxLinks };
            return SmcReason.None;
        }
        terms = terms with { Features = proposal.Features & ClcFeatures.EmulatedIsm };
        if (!smcrV2)
            return SmcReason.None;
        byte connections = Math.Min(proposal.MaxConnections, facts.MaxConnections);
        byte links = Math.Min(proposal.MaxLinks, facts.MaxLinks);
        if (connections < MinConnections)
            return SmcReason.MaxConnectionsError;
        if (links < 1)
            return SmcReason.MaxLinksError;
        terms = terms with { MaxConnections = connections, MaxLinks = links };
        return SmcReason.None;
    }

    private static SmcReason ChoosePath(in Proposal proposal, in ServerFacts facts, bool smcdV2, bool smcrV2, ServerChoice terms, out ServerChoice choice)
    {
        choice = default;
        SmcReason first = SmcReason.None;
        if (smcdV2)
        {
            if (!TryFindDevice(proposal, facts.ReachableDevices, out SmcdDeviceId device))
                Keep(ref first, SmcReason.NoSmcdV2Device);
            else if (ClcChecks.TryMatchEid(proposal, facts.Ueids, facts.Seid, out Ueid eid))
                return Take(terms with { Path = ClcPath.Smcd, Device = device, Eid = eid, MaxConnections = 0, MaxLinks = 0 }, out choice);
        }
        bool sharesPrefix = proposal.PathV1 == ClcPath.Neither || SharesPrefix(proposal, facts);
        if (!sharesPrefix)
            Keep(ref first, SmcReason.DifferentPrefix);
        if (!facts.IsVlanKnown)
            return first == SmcReason.None ? SmcReason.GetVlanError : first;
        if (proposal.PathV1.HasSmcd() && sharesPrefix)
        {
            if (facts.ReachesIsmV1)
                return Take(new ServerChoice(ClcLayout.Version1, ClcPath.Smcd), out choice);
            Keep(ref first, SmcReason.NoSmcdDevice);
        }
        if (!proposal.PathV1.HasSmcr() && !proposal.PathV2.HasSmcr())
            return first == SmcReason.None ? SmcReason.NoSmcdDevice : first;
        if (smcrV2 && ClcChecks.TryMatchEid(proposal, facts.Ueids, default, out Ueid ueid))
        {
            if (facts.HasRoceV2)
                return Take(terms with { Eid = ueid }, out choice);
            Keep(ref first, SmcReason.NoSmcrDevice);
        }
        if (proposal.PathV1.HasSmcr() && sharesPrefix)
        {
            if (facts.HasRoceV1)
                return Take(new ServerChoice(ClcLayout.Version1, ClcPath.Smcr), out choice);
            Keep(ref first, SmcReason.NoSmcrDevice);
        }
        return first == SmcReason.None ? SmcReason.NoSmcDevice : first;
    }

    private static bool TryFindDevice(in Proposal proposal, ReadOnlySpan<SmcdDeviceId> reachable, out SmcdDeviceId device)
    {
        device = default;
        foreach (SmcdDeviceId offered in proposal.Devices)
        {
            device = offered;
            if (reachable.Contains(offered))
                return true;
        }
        device = default;
        return false;
    }

    private static bool SharesPrefix(in Proposal proposal, in ServerFacts facts)
    {
        if (!facts.IsIpv6)
            return proposal.Ipv4PrefixLength == facts.Ipv4PrefixLength && proposal.Ipv4Subnet == facts.Ipv4Subnet;
        for (int i = 0; i < proposal.Ipv6PrefixCount; i++)
        {
            if (facts.Ipv6Prefixes.Contains(proposal.Ipv6PrefixAt(i)))
                return true;
        }
        return false;
    }

    private static SmcReason Take(ServerChoice chosen, out ServerChoice choice)
    {
        choice = chosen;
        return SmcReason.None;
    }

    private static void Keep(ref SmcReason first, SmcReason reason) => first = first == SmcReason.None ? reason : first;
}
