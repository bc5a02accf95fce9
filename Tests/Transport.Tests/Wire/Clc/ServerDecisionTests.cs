using Smc.Transport.Wire;
using Smc.Transport.Wire.Clc;

namespace Smc.Transport.Tests.Wire.Clc;

/// <summary>The order of the server's decision: each obstacle, and which code wins.</summary>
public sealed class ServerDecisionTests
{
    private const uint Subnet = 0x0A00_0000;
    private const byte PrefixLength = 24;

    private static readonly SmcdDeviceId Native = new(new SmcGid(0x77, 0), 0x0100);
    private static readonly SmcdDeviceId Loopback = Samples.ClientDevice;
    private static readonly Ueid Seid = Parse("IBM-SYSZ-ISMSEID000000001234ABCD");

    [Theory]
    [InlineData(ClcPath.Both, ClcPath.Both, 2, ClcPath.Smcd)]
    [InlineData(ClcPath.Both, ClcPath.Smcd, 2, ClcPath.Smcd)]
    [InlineData(ClcPath.Both, ClcPath.Smcr, 1, ClcPath.Smcd)]
    [InlineData(ClcPath.Smcr, ClcPath.Smcr, 2, ClcPath.Smcr)]
    [InlineData(ClcPath.Smcr, ClcPath.Neither, 1, ClcPath.Smcr)]
    [InlineData(ClcPath.Smcd, ClcPath.Neither, 1, ClcPath.Smcd)]
    [InlineData(ClcPath.Neither, ClcPath.Smcr, 2, ClcPath.Smcr)]
    public void The_first_possible_path_is_taken(ClcPath v1, ClcPath v2, byte version, ClcPath path)
    {
        ServerChoice choice = Accepted(Offer(v1, v2), Able());
        Assert.Equal((version, path), (choice.Version, choice.Path));
        Assert.Equal(version == 2 ? Ueid.Default : default, choice.Eid);
        Assert.Equal(version == 2 && path == ClcPath.Smcd ? Loopback : default, choice.Device);
        Assert.Equal(version == 2 ? ClcFeatures.EmulatedIsm : ClcFeatures.None, choice.Features);
        bool hasLimits = version == 2 && path == ClcPath.Smcr;
        Assert.Equal(hasLimits ? ((byte)200, (byte)2) : ((byte)0, (byte)0), (choice.MaxConnections, choice.MaxLinks));
    }

    [Fact]
    public void An_IPsec_policy_comes_before_everything() =>
        Assert.Equal(SmcReason.Ipsec, Declined(Offer(ClcPath.Neither, ClcPath.Neither), Able() with { HasIpsecPolicy = true }));

    [Fact]
    public void What_a_proposal_lacks_for_version_2_counts_only_when_nothing_is_left()
    {
        Assert.Equal(SmcReason.PeerNoSmc, Declined(Offer(ClcPath.Neither, ClcPath.Neither), Able()));
        Assert.Equal(SmcReason.NoIsmV2Support, Declined(Offer(ClcPath.Neither, ClcPath.Smcd), Able() with { HasIsmV2 = false }));
        Assert.Equal(SmcReason.NoUeid, Declined(Offer(ClcPath.Neither, ClcPath.Smcd, eids: false), Able()));
        Assert.Equal(SmcReason.NoUeid, Declined(Offer(ClcPath.Neither, ClcPath.Smcr, eids: false), Able()));
        Assert.Equal(SmcReason.NoUeid, Declined(Offer(ClcPath.Neither, ClcPath.Both, eids: false), Able() with { HasIsmV2 = false }));

        ServerChoice choice = Accepted(Offer(ClcPath.Smcr, ClcPath.Smcd), Able() with { HasIsmV2 = false });
        Assert.Equal((1, ClcPath.Smcr), (choice.Version, choice.Path));
        choice = Accepted(Offer(ClcPath.Smcd, ClcPath.Both, eids: false), Able());
        Assert.Equal((1, ClcPath.Smcd), (choice.Version, choice.Path));
    }

    [Theory]
    [InlineData(15, 2, SmcReason.MaxConnectionsError)]
    [InlineData(16, 0, SmcReason.MaxLinksError)]
    [InlineData(16, 1, SmcReason.None)]
    [InlineData(0, 0, SmcReason.MaxConnectionsError)]
    public void Release_1_of_SMC_R_needs_sixteen_connections_and_a_link(byte connections, byte links, SmcReason expected)
    {
        byte[] offer = Offer(ClcPath.Smcr, ClcPath.Smcr, connections: connections, links: links);
        if (expected != SmcReason.None)
        {
            Assert.Equal(expected, Declined(offer, Able())); // at once: version 1 is not tried
            return;
        }
        ServerChoice choice = Accepted(offer, Able());
        Assert.Equal((connections, links), (choice.MaxConnections, choice.MaxLinks));
    }

    [Fact]
    public void Release_0_knows_neither_limits_nor_features()
    {
        ServerChoice choice = Accepted(Offer(ClcPath.Neither, ClcPath.Smcr, release: 0, connections: 0, links: 0), Able());
        Assert.Equal((0, 255, 2, ClcFeatures.None), (choice.Release, choice.MaxConnections, choice.MaxLinks, choice.Features));
        Assert.Equal(1, Accepted(Offer(ClcPath.Neither, ClcPath.Smcr, release: 7), Able()).Release);
    }

    [Fact]
    public void Limits_of_the_server_are_kept_and_those_of_SMC_R_do_not_bind_SMC_D()
    {
        ServerChoice choice = Accepted(Offer(ClcPath.Neither, ClcPath.Smcr), Able() with { MaxConnections = 32, MaxLinks = 1 });
        Assert.Equal((32, 1), (choice.MaxConnections, choice.MaxLinks));
        Assert.Equal(ClcPath.Smcd, Accepted(Offer(ClcPath.Neither, ClcPath.Smcd, connections: 0, links: 0), Able()).Path);
    }

    [Fact]
    public void An_SMC_D_device_that_is_out_of_reach_leaves_its_code_for_the_end()
    {
        ServerFacts facts = Able() with { ReachableDevices = default, ReachesIsmV1 = false, HasRoceV1 = false, HasRoceV2 = false };
        Assert.Equal(SmcReason.NoSmcdV2Device, Declined(Offer(ClcPath.Neither, ClcPath.Smcd), facts));
        Assert.Equal(SmcReason.NoSmcdV2Device, Declined(Offer(ClcPath.Both, ClcPath.Both), facts));
        Assert.Equal((1, ClcPath.Smcd), Path(Accepted(Offer(ClcPath.Smcd, ClcPath.Smcd), facts with { ReachesIsmV1 = true })));
        Assert.Equal((2, ClcPath.Smcr), Path(Accepted(Offer(ClcPath.Neither, ClcPath.Both), facts with { HasRoceV2 = true })));
    }

    [Fact]
    public void Without_a_common_EID_no_code_is_kept()
    {
        ServerFacts facts = Able() with { Ueids = default };
        Assert.Equal(SmcReason.NoSmcdDevice, Declined(Offer(ClcPath.Neither, ClcPath.Smcd), facts));
        Assert.Equal(SmcReason.NoSmcDevice, Declined(Offer(ClcPath.Neither, ClcPath.Smcr), facts));
        Assert.Equal(SmcReason.NoSmcDevice, Declined(Offer(ClcPath.Neither, ClcPath.Both), facts));
        Assert.Equal((1, ClcPath.Smcr), Path(Accepted(Offer(ClcPath.Smcr, ClcPath.Both), facts)));
    }

    [Fact]
    public void The_system_EID_serves_SMC_D_alone()
    {
        ServerFacts facts = Able() with { Ueids = default, Seid = Seid };
        Assert.Equal(Seid, Accepted(Offer(ClcPath.Neither, ClcPath.Smcd, seid: true), facts).Eid);
        Assert.Equal(Seid, Accepted(Offer(ClcPath.Neither, ClcPath.Smcd, seid: true, eids: false), facts).Eid);
        Assert.Equal(SmcReason.NoUeid, Declined(Offer(ClcPath.Neither, ClcPath.Smcr, seid: true, eids: false), facts));
        Assert.Equal(SmcReason.NoSmcDevice, Declined(Offer(ClcPath.Neither, ClcPath.Smcr, seid: true), facts));
    }

    [Fact]
    public void Another_prefix_rules_out_version_1_alone()
    {
        ServerFacts facts = Able() with { Ipv4PrefixLength = 25 };
        Assert.Equal(SmcReason.DifferentPrefix, Declined(Offer(ClcPath.Smcr, ClcPath.Neither), facts));
        Assert.Equal(SmcReason.DifferentPrefix, Declined(Offer(ClcPath.Smcd, ClcPath.Neither), facts));
        Assert.Equal(SmcReason.DifferentPrefix, Declined(Offer(ClcPath.Both, ClcPath.Smcr), facts with { HasRoceV2 = false }));
        Assert.Equal(SmcReason.DifferentPrefix, Declined(Offer(ClcPath.Smcr, ClcPath.Neither), Able() with { Ipv4Subnet = Subnet + 256 }));
        Assert.Equal((2, ClcPath.Smcr), Path(Accepted(Offer(ClcPath.Both, ClcPath.Smcr), facts)));
        Assert.Equal((2, ClcPath.Smcr), Path(Accepted(Offer(ClcPath.Neither, ClcPath.Smcr), facts)));
    }

    [Fact]
    public void Over_IPv6_one_common_prefix_is_enough()
    {
        ServerFacts facts = Able() with { IsIpv6 = true, Ipv6Prefixes = [new Ipv6Prefix(5, 64), new Ipv6Prefix(9, 64)] };
        Assert.Equal((1, ClcPath.Smcr), Path(Accepted(Offer(ClcPath.Smcr, ClcPath.Neither, prefixes: [new(1, 64), new(9, 64)]), facts)));
        Assert.Equal(SmcReason.DifferentPrefix, Declined(Offer(ClcPath.Smcr, ClcPath.Neither, prefixes: [new(9, 48)]), facts));
        Assert.Equal(SmcReason.DifferentPrefix, Declined(Offer(ClcPath.Smcr, ClcPath.Neither), facts));
    }

    [Fact]
    public void An_unknown_VLAN_ends_it_with_the_first_code()
    {
        ServerFacts facts = Able() with { IsVlanKnown = false };
        Assert.Equal(SmcReason.GetVlanError, Declined(Offer(ClcPath.Smcr, ClcPath.Smcr), facts));
        Assert.Equal(SmcReason.NoSmcdV2Device, Declined(Offer(ClcPath.Smcr, ClcPath.Both), facts with { ReachableDevices = default }));
        Assert.Equal(SmcReason.DifferentPrefix, Declined(Offer(ClcPath.Smcr, ClcPath.Neither), facts with { Ipv4Subnet = 1 }));
        Assert.Equal(ClcPath.Smcd, Accepted(Offer(ClcPath.Smcr, ClcPath.Both), facts).Path); // SMC-D version 2 asks for no VLAN
    }

    [Fact]
    public void A_host_without_a_RoCE_port_says_so()
    {
        ServerFacts facts = Able() with { HasRoceV1 = false, HasRoceV2 = false };
        Assert.Equal(SmcReason.NoSmcrDevice, Declined(Offer(ClcPath.Smcr, ClcPath.Neither), facts));
        Assert.Equal(SmcReason.NoSmcrDevice, Declined(Offer(ClcPath.Neither, ClcPath.Smcr), facts));
        Assert.Equal(SmcReason.NoSmcdDevice, Declined(Offer(ClcPath.Both, ClcPath.Neither), facts with { ReachesIsmV1 = false }));
    }

    [Theory]
    [InlineData("decline", 5, SmcReason.NoSmcrDevice, false, true)]                             // a server without device
    [InlineData("decline", 17, SmcReason.NoSmcDevice, true, false)]                             // other UEIDs
    [InlineData("smcd-loopback-v2-decline-noeid", 4, SmcReason.NoUeid, false, true)]
    [InlineData("smcd-v2-declined-across-hosts-k72", 5, SmcReason.NoSmcdV2Device, false, true)]
    public void Linux_declined_for_the_same_reason(string name, int frame, SmcReason expected, bool hasRoce, bool commonEid)
    {
        Ueid[] eids = [commonEid ? Parse("GOLDEN.TEST.UEID.1") : Parse("OTHER")];
        var facts = new ServerFacts { HasIsmV2 = true, Ueids = eids, HasRoceV2 = hasRoce };
        byte[] proposal = Samples.Captured(name, frame);
        Assert.Equal(expected, Declined(proposal, facts));
        byte[] answer = Capture.Clc(name).SkipWhile(r => r.GetProperty("frame").GetInt32() <= frame).Select(Capture.Bytes).First();
        Assert.Equal(WireError.None, Decline.TryWrap(answer, out Decline decline));
        Assert.Equal(expected, decline.Diagnosis);
    }

    private static ServerFacts Able() => new()
    {
        HasIsmV2 = true,
        Ueids = new[] { Parse("OTHER"), Ueid.Default },
        MaxConnections = 200,
        ReachableDevices = new[] { Loopback },
        ReachesIsmV1 = true,
        Ipv4Subnet = Subnet,
        Ipv4PrefixLength = PrefixLength,
        HasRoceV1 = true,
        HasRoceV2 = true,
    };

    private static byte[] Offer(
        ClcPath v1, ClcPath v2, bool eids = true, bool seid = false, byte release = 1, byte connections = 255, byte links = 2, Ipv6Prefix[]? prefixes = null) =>
        Samples.Write(new ProposalFields
        {
            PathV1 = v1,
            PathV2 = v2,
            NativeDevice = v1.HasSmcd() ? Native : default,
            Ipv4Subnet = Subnet,
            Ipv4PrefixLength = PrefixLength,
            Ipv6Prefixes = prefixes,
            Eids = eids ? new[] { Parse("FIRST"), Ueid.Default } : [],
            Devices = new[] { Loopback },
            HasSeid = seid,
            Seid = seid ? Seid : default,
            Release = release,
            MaxConnections = connections,
            MaxLinks = links,
        });

    private static ServerChoice Accepted(byte[] offer, in ServerFacts facts)
    {
        Assert.Equal(WireError.None, Proposal.TryWrap(offer, out Proposal proposal));
        Assert.Equal(SmcReason.None, ServerDecision.Decide(proposal, facts, out ServerChoice choice));
        return choice;
    }

    private static SmcReason Declined(byte[] offer, in ServerFacts facts)
    {
        Assert.Equal(WireError.None, Proposal.TryWrap(offer, out Proposal proposal));
        SmcReason reason = ServerDecision.Decide(proposal, facts, out ServerChoice choice);
        Assert.NotEqual(SmcReason.None, reason);
        Assert.Equal(default, choice);
        return reason;
    }

    private static (int Version, ClcPath Path) Path(ServerChoice choice) => (choice.Version, choice.Path);

    private static Ueid Parse(string text)
    {
        Assert.True(Ueid.TryParse(text, out Ueid ueid));
        return ueid;
    }
}
