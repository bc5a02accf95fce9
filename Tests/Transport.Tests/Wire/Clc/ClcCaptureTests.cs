using System.Text.Json;
using Smc.Transport.Wire;
using Smc.Transport.Wire.Clc;

namespace Smc.Transport.Tests.Wire.Clc;

/// <summary>Messages of a Linux kernel as golden bytes.</summary>
public sealed class ClcCaptureTests
{
    [Theory]
    [InlineData("smcd-loopback-v2", 9)]
    [InlineData("smcd-loopback-v2-bulk", 6)]
    [InlineData("smcd-loopback-v2-decline-noeid", 2)]
    [InlineData("smcd-loopback-v2-seid", 2)]
    [InlineData("smcd-v2-declined-across-hosts-k72", 2)]
    [InlineData("decline", 5)]
    [InlineData("proposals", 30)] // every different one of all captures, SMC-R and SMC-D
    [InlineData("declines", 5)]
    public void Every_captured_message_decodes_and_encodes_to_the_same_bytes(string name, int count)
    {
        JsonElement[] records = Capture.Records(name);
        Assert.Equal(count, records.Length);
        Assert.All(records, record =>
        {
            byte[] message = Capture.Bytes(record);
            Assert.Equal(record.GetProperty("kind").GetString(), NameOf(message));
            Assert.Equal(record.GetProperty("length").GetInt32(), message.Length);
            Assert.Equal(message, Reencode.Message(message));
        });
    }

    [Fact]
    public void A_captured_SMC_R_accept_or_confirm_is_told_apart_by_its_path()
    {
        Assert.All(Capture.Records("smcr-accepts"), record =>
        {
            byte[] message = Capture.Bytes(record);
            Assert.Equal(WireError.None, ClcHeader.TryRead(message, out ClcHeader header));
            Assert.Equal(WireError.WrongPath, SmcdAccept.TryWrap(message, header.Type, out _));
            Assert.Equal(WireError.None, ClcFraming.TryGetLength(message, header.Type, out header));
            Assert.Equal(message.Length, header.Length);
        });
    }

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

    private static string NameOf(byte[] message)
    {
        Assert.Equal(WireError.None, ClcHeader.TryRead(message, out ClcHeader header));
        return header.Type.ToString().ToUpperInvariant();
    }
}
