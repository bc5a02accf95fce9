using Smc.Transport.Wire;
using Smc.Transport.Wire.Clc;

namespace Smc.Transport.Tests.Wire.Clc;

public sealed class ClcChecksTests
{
    private static readonly Ueid Other = Parse("OTHER");

    [Theory]
    [InlineData(ClcPath.Neither, ClcPath.Smcd, true, SmcReason.None)]
    [InlineData(ClcPath.Both, ClcPath.Both, true, SmcReason.None)]
    [InlineData(ClcPath.Neither, ClcPath.Smcd, false, SmcReason.NoIsmV2Support)]
    [InlineData(ClcPath.Neither, ClcPath.Neither, true, SmcReason.PeerNoSmc)]
    [InlineData(ClcPath.Smcd, ClcPath.Neither, true, SmcReason.NoSmcdDevice)]
    [InlineData(ClcPath.Smcr, ClcPath.Neither, true, SmcReason.NoSmcrDevice)]
    [InlineData(ClcPath.Both, ClcPath.Neither, true, SmcReason.NoSmcrDevice)]
    [InlineData(ClcPath.Neither, ClcPath.Smcr, true, SmcReason.NoSmcrDevice)]
    public void The_server_takes_an_offer_of_SMC_D_version_2_only(ClcPath v1, ClcPath v2, bool hasIsmV2, SmcReason expected)
    {
        Proposal proposal = Wrap(Samples.Write(new ProposalFields { PathV1 = v1, PathV2 = v2, Eids = [Ueid.Default] }));
        Assert.Equal(expected, ClcChecks.CheckOffer(proposal, hasIsmV2, out _));
    }

    [Theory]
    [InlineData("smcd-loopback-v2-decline-noeid", SmcReason.NoUeid)]
    [InlineData("smcd-loopback-v2-seid", SmcReason.NoUeid)]
    [InlineData("smcd-loopback-v2", SmcReason.None)]
    public void The_server_judges_captured_offers_as_Linux_did(string name, SmcReason expected) =>
        Assert.Equal(expected, ClcChecks.CheckOffer(Wrap(Samples.Captured(name, 4)), hasIsmV2: true, out _));

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(5, 1)]
    public void The_server_answers_with_the_lower_release(byte offered, byte expected)
    {
        Proposal proposal = Wrap(Samples.Write(new ProposalFields { Eids = [Ueid.Default], Release = offered }));
        Assert.Equal(SmcReason.None, ClcChecks.CheckOffer(proposal, hasIsmV2: true, out byte release));
        Assert.Equal(expected, release);
    }

    [Fact]
    public void The_server_takes_a_device_only_with_both_halves_of_its_GID_and_its_CHID()
    {
        SmcdDeviceId peer = Samples.ClientDevice;
        Proposal proposal = Wrap(Samples.Write(new ProposalFields { Devices = [peer] }));
        Assert.Equal(SmcReason.None, ClcChecks.CheckDevice(proposal, peer));
        Assert.Equal(SmcReason.NoSmcdV2Device, ClcChecks.CheckDevice(proposal, peer with { Chid = 0xFF00 }));
        Assert.Equal(SmcReason.NoSmcdV2Device, ClcChecks.CheckDevice(proposal, peer with { Gid = peer.Gid with { Low = 0 } }));
        Assert.Equal(SmcReason.NoSmcdV2Device, ClcChecks.CheckDevice(proposal, Samples.ServerDevice));
        Assert.Equal(SmcReason.NoSmcdV2Device, ClcChecks.CheckDevice(Wrap(Samples.Write(new ProposalFields())), default));
    }

    [Fact]
    public void The_clients_first_EID_that_is_also_ours_is_chosen()
    {
        Proposal proposal = Wrap(Samples.Write(new ProposalFields { Eids = [Parse("X"), Other, Ueid.Default] }));
        Assert.True(ClcChecks.TryMatchEid(proposal, [Ueid.Default, Other], default, out Ueid eid));
        Assert.Equal(Other, eid);
        Assert.False(ClcChecks.TryMatchEid(proposal, [Parse("Y")], default, out eid));
        Assert.Equal(default, eid);
    }

    [Fact]
    public void A_common_system_EID_goes_before_user_EIDs()
    {
        Ueid seid = Parse("IBM-SYSZ-ISMSEID00000000A1B23906");
        Proposal proposal = Wrap(Samples.Write(new ProposalFields { Eids = [Other], HasSeid = true, Seid = seid }));
        Assert.True(ClcChecks.TryMatchEid(proposal, [Other], seid, out Ueid eid));
        Assert.Equal(seid, eid);
        Assert.True(ClcChecks.TryMatchEid(proposal, [Other], default, out eid));
        Assert.Equal(Other, eid);
    }

    [Fact]
    public void A_system_EID_of_zeros_or_without_its_bit_matches_nothing()
    {
        Proposal zeros = Wrap(Samples.Write(new ProposalFields { HasSeid = true }));
        Assert.False(ClcChecks.TryMatchEid(zeros, [Other], default, out _));
        Proposal without = Wrap(Samples.Write(new ProposalFields { Seid = Other }));
        Assert.False(ClcChecks.TryMatchEid(without, [Ueid.Default], Other, out _));
    }

    [Fact]
    public void Without_a_common_EID_the_code_tells_which_device_was_wanted()
    {
        Assert.Equal(SmcReason.NoSmcdDevice, ClcChecks.NoCommonEid(Wrap(Samples.LoopbackProposal)));
        Assert.Equal(SmcReason.NoSmcDevice, ClcChecks.NoCommonEid(Wrap(Samples.Captured("decline", 17))));
    }

    private static Ueid Parse(string text)
    {
        Assert.True(Ueid.TryParse(text, out Ueid ueid));
        return ueid;
    }

    private static Proposal Wrap(byte[] message)
    {
        Assert.Equal(WireError.None, Proposal.TryWrap(message, out Proposal proposal));
        return proposal;
    }
}
