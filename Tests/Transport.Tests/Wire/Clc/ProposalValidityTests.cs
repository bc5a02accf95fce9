using Smc.Transport.Wire;
using Smc.Transport.Wire.Clc;

namespace Smc.Transport.Tests.Wire.Clc;

/// <summary>Each rule of validity, broken alone.</summary>
public sealed class ProposalValidityTests
{
    // Offsets in the captured messages; the version 2 extension of the SMC-D Proposal begins at 80.
    private const int IpAreaOffset = 38;
    private const int V2Offset = 50;
    private const int V2 = 80;

    [Theory]
    [InlineData(3, 0xD8, WireError.WrongEyecatcher)]
    [InlineData(4, 2, WireError.WrongType)]
    [InlineData(7, 0x06, WireError.WrongVersion)]
    [InlineData(IpAreaOffset + 1, 41, WireError.BadIpAreaOffset)]
    [InlineData(V2Offset + 1, 0, WireError.MissingV2Extension)]
    [InlineData(V2Offset + 1, 173, WireError.BadV2ExtensionOffset)]
    [InlineData(V2Offset + 1, 172, WireError.BadV2ExtensionOffset)]        // allowed, but the message ends before
    [InlineData(V2, 9, WireError.BadEidCount)]
    [InlineData(V2, 8, WireError.BadV2ExtensionOffset)]                    // eight EIDs do not fit
    [InlineData(V2, 0, WireError.BadLength)]
    [InlineData(V2 + 1, 9, WireError.BadGidCount)]
    [InlineData(V2 + 1, 8, WireError.BadSmcdV2ExtensionOffset)]
    [InlineData(V2 + 1, 1, WireError.BadLength)]
    [InlineData(V2 + 7, 0, WireError.MissingSmcdV2Extension)]
    [InlineData(V2 + 6, 2, WireError.BadSmcdV2ExtensionOffset)]
    [InlineData(V2 + 7, 255, WireError.BadSmcdV2ExtensionOffset)]
    [InlineData(223, 0xD8, WireError.BadTrailer)]
    [InlineData(6, 223, WireError.BadLength)]
    [InlineData(6, 225, WireError.Truncated)]
    [InlineData(6, 51, WireError.BadLength)]
    public void A_broken_rule_of_the_SMC_D_proposal_is_named(int offset, byte value, WireError expected)
    {
        byte[] message = [.. Samples.LoopbackProposal];
        message[offset] = value;
        Assert.Equal(expected, Proposal.TryWrap(message, out _));
    }

    [Theory]
    [InlineData(IpAreaOffset + 1, 41, WireError.BadIpAreaOffset)]
    [InlineData(87, 9, WireError.BadPrefixCount)]
    [InlineData(87, 1, WireError.BadLength)]
    [InlineData(7, 0x29, WireError.None)]              // the same for SMC-D
    [InlineData(7, 0x2A, WireError.BadLength)]         // no offer in version 1, so no IP area
    [InlineData(7, 0x20, WireError.MissingV2Extension)]
    public void A_broken_rule_of_the_SMC_R_proposal_is_named(int offset, byte value, WireError expected)
    {
        byte[] message = [.. Samples.SmcrProposalV1];
        message[offset] = value;
        Assert.Equal(expected, Proposal.TryWrap(message, out _));
    }

    [Theory]
    [InlineData(ClcPath.Smcr, 0, 0, WireError.None)]   // 52 bytes, from before SMC-D
    [InlineData(ClcPath.Smcr, 20, 1, WireError.None)]
    [InlineData(ClcPath.Smcr, 40, 8, WireError.None)]
    [InlineData(ClcPath.Smcd, 40, 0, WireError.None)]
    [InlineData(ClcPath.Both, 40, 3, WireError.None)]
    [InlineData(ClcPath.Neither, 40, 0, WireError.WrongPath)]
    [InlineData(ClcPath.Smcr, 0, 9, WireError.BadPrefixCount)]
    [InlineData(ClcPath.Smcr, 41, 0, WireError.BadIpAreaOffset)]
    public void Senders_that_know_version_1_only_are_read_by_its_rules(ClcPath path, int ipAreaOffset, int prefixes, WireError expected)
    {
        byte[] message = Samples.ProposalV1(path, ipAreaOffset, prefixes);
        Assert.Equal(expected, Proposal.TryWrap(message, out Proposal proposal));
        if (expected == WireError.None)
        {
            Assert.Equal((path, ClcPath.Neither, prefixes), (proposal.PathV1, proposal.PathV2, proposal.Ipv6PrefixCount));
            Assert.Equal((byte)24, proposal.Ipv4PrefixLength);
        }
    }

    [Fact]
    public void The_version_2_bits_of_a_version_1_sender_are_ignored()
    {
        byte[] message = Samples.ProposalV1(ClcPath.Smcr, 0, 0);
        message[7] |= 0x0C;
        Assert.Equal(WireError.None, Proposal.TryWrap(message, out Proposal proposal));
        Assert.Equal(ClcPath.Neither, proposal.PathV2);
    }

    [Fact]
    public void Offsets_beyond_the_longest_layout_are_refused_even_where_the_message_goes_on()
    {
        byte[] message = Samples.LongestProposal();
        int v2 = 52 + message[V2Offset + 1];
        message[V2Offset + 1]++; // 173
        Assert.Equal(WireError.BadV2ExtensionOffset, Proposal.TryWrap(message, out _));

        message = Samples.LongestProposal();
        message[v2 + 1] = 0;     // without entries the area would fit
        message[v2 + 7]++;       // 289
        Assert.Equal(WireError.BadSmcdV2ExtensionOffset, Proposal.TryWrap(message, out _));
    }

    [Theory]
    [InlineData(0x20)]
    [InlineData(0x26)]
    [InlineData(0x2A)]
    public void A_version_2_message_that_ends_within_the_SMC_D_area_is_refused(byte versionAndPaths)
    {
        byte[] message = Samples.ProposalV1(ClcPath.Smcr, 0, 0);
        message[7] = versionAndPaths;
        Assert.Equal(WireError.BadLength, Proposal.TryWrap(message, out _));
    }

    [Fact]
    public void SMC_D_in_version_1_needs_its_area_to_reach_the_version_2_extension()
    {
        byte[] message = Samples.Write(new ProposalFields { PathV1 = ClcPath.Both, PathV2 = ClcPath.Smcd });
        Assert.Equal(WireError.None, Proposal.TryWrap(message, out _));
        message[IpAreaOffset + 1] = 39;
        Assert.Equal(WireError.BadIpAreaOffset, Proposal.TryWrap(message, out _));
    }

    [Fact]
    public void Without_an_offer_in_version_1_the_last_byte_of_the_ISM_GID_is_no_prefix_count()
    {
        byte[] message = [.. Samples.LoopbackProposal];
        message[47] = 0xFF;
        Assert.Equal(WireError.None, Proposal.TryWrap(message, out Proposal proposal));
        Assert.Equal(0, proposal.Ipv6PrefixCount);
        Assert.Equal(0, Samples.LoopbackProposal[47]); // what a stricter receiver asks of us: it looks at this byte
    }

    [Fact]
    public void A_version_beyond_2_is_read_as_2()
    {
        byte[] message = [.. Samples.LoopbackProposal];
        message[7] = 0x76;
        Assert.Equal(WireError.None, Proposal.TryWrap(message, out Proposal proposal));
        Assert.Equal((byte)7, proposal.Version);
        Assert.Equal(1, proposal.EidCount);
    }
}
