using Smc.Transport.Wire;
using Smc.Transport.Wire.Clc;

namespace Smc.Transport.Tests.Wire.Clc;

public sealed class ClcChecksTests
{
    private static readonly Ueid Other = Parse("OTHER");

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
