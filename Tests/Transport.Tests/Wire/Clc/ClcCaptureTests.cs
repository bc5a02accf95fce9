using Smc.Transport.Wire;
using Smc.Transport.Wire.Clc;

namespace Smc.Transport.Tests.Wire.Clc;

/// <summary>Messages of a Linux kernel as golden bytes.</summary>
public sealed class ClcCaptureTests
{
    private const int AllMessages = 254;

    public static TheoryData<string> Names => [.. Capture.Names];

    [Fact]
    public void The_captures_are_all_there()
    {
        Assert.Equal(49, Capture.Names.Length);
        Assert.Equal(AllMessages, Capture.Names.Sum(name => Capture.Clc(name).Length));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_captured_message_decodes_to_its_dissection_and_encodes_to_the_same_bytes(string name) => Assert.All(Capture.Clc(name), record =>
    {
        byte[] message = Capture.Bytes(record);
        Assert.Equal(WireError.None, ClcHeader.TryRead(message, out ClcHeader header));
        Assert.Equal(record.GetProperty("kind").GetString(), header.Type.ToString().ToUpperInvariant());
        Assert.Equal(record.GetProperty("length").GetInt32(), message.Length);
        Assert.Equal(WireError.None, ClcFraming.TryGetLength(message, header.Type, out header));
        Assert.Equal(message.Length, header.Length);
        Assert.Equal(message, Reencode.Message(message));

        SortedDictionary<string, string[]> expected = Dissection.Recorded(record.GetProperty("tshark"));
        SortedDictionary<string, string[]> actual = Dissection.Of(message, header);
        Assert.Equal(expected.Keys, actual.Keys);
        Assert.All(expected, entry => Assert.Equal(entry.Value, actual[entry.Key]));
    });

    [Theory]
    [MemberData(nameof(Names))]
    public void Each_kind_of_SMC_refuses_the_accept_and_confirm_of_the_other(string name) => Assert.All(Capture.Clc(name), record =>
    {
        byte[] message = Capture.Bytes(record);
        Assert.Equal(WireError.None, ClcHeader.TryRead(message, out ClcHeader header));
        if (header.Type is ClcType.Accept or ClcType.Confirm)
        {
            bool isSmcd = header.PathV1 == ClcPath.Smcd;
            Assert.Equal(isSmcd ? WireError.WrongPath : WireError.None, SmcrAccept.TryWrap(message, header.Type, out _));
            Assert.Equal(isSmcd ? WireError.None : WireError.WrongPath, SmcdAccept.TryWrap(message, header.Type, out _));
        }
    });

    [Fact]
    public void The_loopback_proposal_says_what_was_configured()
    {
        Assert.Equal(WireError.None, Proposal.TryWrap(Samples.LoopbackProposal, out Proposal proposal));
        Assert.Equal((ClcPath.Neither, ClcPath.Smcd, (byte)2), (proposal.PathV1, proposal.PathV2, proposal.Version));
        Assert.Equal(1, proposal.EidCount);
        Assert.Equal("GOLDEN.TEST.UEID.1", proposal.EidAt(0).ToString());
        Assert.True(proposal.EidAt(0).IsValid);
        Assert.Equal((byte)1, proposal.Release);
        Assert.Equal(ClcFeatures.EmulatedIsm, proposal.Features);
        Assert.False(proposal.HasSeid);
        SmcdDeviceEnumerator devices = proposal.Devices;
        Assert.True(devices.MoveNext());
        Assert.Equal(new SmcdDeviceId(new SmcGid(0x0C33_DAC3_8EC9_4F09, 0xAD48_4A98_292C_8C30), SmcdDeviceId.LoopbackChid), devices.Current);
        Assert.False(devices.MoveNext());
    }

    [Fact]
    public void The_first_accept_and_confirm_begin_a_link_group_and_later_ones_do_not()
    {
        Assert.Equal(WireError.None, SmcdAccept.TryWrap(Samples.Captured("smcd-loopback-v2", 6), ClcType.Accept, out SmcdAccept accept));
        Assert.Equal(0x15C3_87CE_3C82_E946u, accept.Token);
        Assert.Equal(0x100u, accept.LinkId);
        Assert.Equal((byte)2, accept.SizeCode);
        Assert.Equal((byte)0, accept.DmbIndex);
        Assert.True(accept.IsFirstContact);
        Assert.Equal(new FirstContact(ClcOs.Linux, 1, ClcText.From("vma"), ClcFeatures.EmulatedIsm), accept.FirstContact);

        Assert.Equal(WireError.None, SmcdAccept.TryWrap(Samples.Captured("smcd-loopback-v2", 17), ClcType.Accept, out accept));
        Assert.False(accept.IsFirstContact);
        Assert.Null(accept.Fields.FirstContact);
    }

    [Fact]
    public void A_captured_decline_says_why()
    {
        Assert.Equal(WireError.None, Decline.TryWrap(Samples.Captured("smcd-loopback-v2-decline-noeid", 6), out Decline decline));
        Assert.Equal(new DeclineFields(2, SmcReason.NoUeid, 0, ClcOs.Linux), decline.Fields);
        Assert.Equal(WireError.None, Decline.TryWrap(Samples.Captured("decline", 30), out decline));
        Assert.Equal(((byte)1, SmcReason.NoSmcDevice, ClcOs.None), (decline.Version, decline.Diagnosis, decline.Os));
    }
}
