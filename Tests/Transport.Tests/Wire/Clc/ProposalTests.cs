using Smc.Transport.Wire;
using Smc.Transport.Wire.Clc;

namespace Smc.Transport.Tests.Wire.Clc;

public sealed class ProposalTests
{
    private static readonly Laws.Decoder Decode = bytes => Proposal.TryWrap(bytes, out _);

    public static TheoryData<ClcPath, ClcPath> Offers
    {
        get
        {
            var offers = new TheoryData<ClcPath, ClcPath>();
            foreach (ClcPath v1 in Enum.GetValues<ClcPath>())
            {
                foreach (ClcPath v2 in Enum.GetValues<ClcPath>())
                    offers.Add(v1, v2);
            }
            return offers;
        }
    }

    [Theory]
    [MemberData(nameof(Offers))]
    public void Every_offer_encodes_and_decodes_whatever_its_counts(ClcPath v1, ClcPath v2) => Laws.Hold<int>(seed =>
    {
        byte[] message = RandomProposals.Next(new Random(seed), v1, v2);
        return message.AsSpan().SequenceEqual(Reencode.Message(message));
    });

    [Fact]
    public void Decoding_undoes_encoding() => Laws.Hold<(ulong A, ulong B, uint C, ushort D, byte E)>(x =>
    {
        var mac = new MacAddress(x.A & 0xFFFF_FFFF_FFFF);
        Span<byte> message = stackalloc byte[ClcFraming.MaxLength];
        var native = new SmcdDeviceId(new SmcGid(x.A, 0), x.D);
        int length = ClcWriter.Write(message, new ProposalFields
        {
            PathV1 = ClcPath.Both,
            PathV2 = ClcPath.Both,
            SystemId = x.A,
            RoceGid = x.B,
            Mac = mac,
            VendorOptions = x.B,
            NativeDevice = native,
            Ipv4Subnet = x.C,
            Ipv4PrefixLength = x.E,
            Ipv6Prefixes = [new Ipv6Prefix(x.A, x.E)],
            Eids = [Ueid.Default],
            Release = (byte)(x.E % 16),
            HasSeid = x.C % 2 == 0,
            Seid = Ueid.Default,
            RoceV2Gid = x.A,
            MaxConnections = x.E,
            MaxLinks = x.E,
            Features = (ClcFeatures)x.D,
        });
        return Proposal.TryWrap(message[..length], out Proposal p) == WireError.None
            && p.PathV1 == ClcPath.Both && p.PathV2 == ClcPath.Both && p.SystemId == x.A && p.RoceGid == x.B && p.Mac == mac && p.VendorOptions == x.B
            && p.NativeDevice == native && p.Ipv4Subnet == x.C && p.Ipv4PrefixLength == x.E
            && p.Ipv6PrefixCount == 1 && p.Ipv6PrefixAt(0) == new Ipv6Prefix(x.A, x.E)
            && p.EidCount == 1 && p.EidAt(0) == Ueid.Default && p.Release == x.E % 16
            && p.HasSeid == (x.C % 2 == 0) && p.Seid == Ueid.Default
            && p.RoceV2Gid == x.A && p.MaxConnections == x.E && p.MaxLinks == x.E && p.Features == (ClcFeatures)x.D;
    });

    [Theory]
    [InlineData(ClcPath.Smcr, false, 0)]
    [InlineData(ClcPath.Smcr, false, 8)]
    [InlineData(ClcPath.Smcr, true, 1)]
    [InlineData(ClcPath.Smcd, true, 0)]
    [InlineData(ClcPath.Both, true, 3)]
    public void The_form_of_senders_that_know_version_1_only_is_written_too(ClcPath path, bool smcdArea, int prefixes)
    {
        byte[] expected = Samples.ProposalV1(path, smcdArea ? 40 : 0, prefixes);
        Assert.Equal(WireError.None, Proposal.TryWrap(expected, out Proposal proposal));
        Assert.Equal(smcdArea, proposal.HasSmcdArea);
        Assert.Equal(expected, Reencode.Message(expected));
        Assert.Equal(expected, Samples.Write(new ProposalFields
        {
            Version = 1,
            PathV1 = path,
            HasSmcdArea = smcdArea,
            Ipv4PrefixLength = 24,
            Ipv6Prefixes = new Ipv6Prefix[prefixes],
            Eids = [Ueid.Default], // version 2 alone: not written
        }));
    }

    [Fact]
    public void Damaged_proposals_give_an_error_and_never_an_exception()
    {
        byte[] first = Samples.ProposalV1(ClcPath.Smcr, 0, 2);
        foreach (byte[] message in new[] { Samples.LoopbackProposal, Samples.SmcrProposalV1, Samples.LongestProposal(), first })
        {
            Assert.Equal(WireError.None, Decode(message));
            Assert.Equal(WireError.BadLength, Decode([.. message, 0]));
            Laws.EveryPrefixIsRefused(message, Decode);
            Laws.EveryBitFlipIsTotal(message, Decode);
            Laws.RandomBytesAreTotal(message, ClcHeader.Size, Decode);
            Laws.RandomBodiesAreTotal(message, ClcHeader.Size, Decode);
            Laws.RandomBodiesAreTotal(message, 72, Decode);
        }
    }

    [Fact]
    public void Every_getter_is_total_on_whatever_is_accepted() => Laws.Hold<int>(seed =>
    {
        var random = new Random(seed);
        byte[] message = Samples.LongestProposal();
        for (int i = 0; i < 3; i++)
            message[random.Next(ClcHeader.Size - 1, message.Length)] = (byte)random.Next();
        return Proposal.TryWrap(message, out _) != WireError.None || Reencode.Message(message).Length > 0;
    });

    [Fact]
    public void What_is_absent_reads_as_zero()
    {
        Assert.Equal(WireError.None, Proposal.TryWrap(Samples.ProposalV1(ClcPath.Smcr, 0, 0), out Proposal proposal));
        Assert.Equal(default, proposal.NativeDevice);
        Assert.Equal((0, (byte)0, ClcFeatures.None), (proposal.EidCount, proposal.Release, proposal.Features));
        Assert.Equal(default, proposal.Seid);
        Assert.False(proposal.Devices.MoveNext());
        Assert.Equal(ClcPath.Neither, proposal.PathV2);
    }

    [Fact]
    public void Wrapping_and_reading_allocate_nothing()
    {
        byte[] message = Samples.LoopbackProposal;
        int found = 0;
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1_000; i++)
        {
            _ = Proposal.TryWrap(message, out Proposal proposal);
            found += proposal.EidAt(0) == Ueid.Default ? 0 : 1;
            foreach (SmcdDeviceId device in proposal.Devices)
                found += device.IsEmulated ? 1 : 0;
        }
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(2_000, found);
    }

    [Fact]
    public void Too_many_EIDs_or_prefixes_and_an_empty_offer_are_the_callers_fault()
    {
        byte[] target = new byte[ClcFraming.MaxLength];
        Assert.Throws<ArgumentOutOfRangeException>(() => ClcWriter.Write(target, new ProposalFields { Eids = new Ueid[9] }));
        Assert.Throws<ArgumentOutOfRangeException>(() => ClcWriter.Write(target, new ProposalFields { Ipv6Prefixes = new Ipv6Prefix[9] }));
        Assert.Throws<ArgumentOutOfRangeException>(() => ClcWriter.Write(target, new ProposalFields { Version = 1 }));
    }
}
