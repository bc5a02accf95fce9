using Smc.Transport.Wire;
using Smc.Transport.Wire.Clc;

namespace Smc.Transport.Tests.Wire.Clc;

/// <summary>What the client asks of an Accept, and the server of a Confirm.</summary>
public sealed class ClcChecksAcceptTests
{
    private static readonly SmcGid Server = Samples.ServerDevice.Gid;
    private static readonly SmcGid Client = Samples.ClientDevice.Gid;

    [Theory]
    [InlineData(0x29, ClcPath.Neither, ClcPath.Smcd, SmcReason.None)]
    [InlineData(0x21, ClcPath.Smcr, ClcPath.Both, SmcReason.None)]
    [InlineData(0x28, ClcPath.Neither, ClcPath.Smcd, SmcReason.ModeUnsupported)]   // SMC-R was not offered
    [InlineData(0x11, ClcPath.Neither, ClcPath.Smcd, SmcReason.ModeUnsupported)]   // nor version 1
    [InlineData(0x11, ClcPath.Both, ClcPath.Neither, SmcReason.None)]
    [InlineData(0x18, ClcPath.Smcr, ClcPath.Smcd, SmcReason.None)]
    [InlineData(0x22, ClcPath.Both, ClcPath.Both, SmcReason.ModeUnsupported)]      // neither of both
    [InlineData(0x23, ClcPath.Both, ClcPath.Both, SmcReason.ModeUnsupported)]
    [InlineData(0x39, ClcPath.Both, ClcPath.Both, SmcReason.ModeUnsupported)]      // version 3
    public void The_client_refuses_a_mode_that_it_did_not_propose(byte versionAndPaths, ClcPath v1, ClcPath v2, SmcReason expected)
    {
        byte[] bytes = Samples.Write(Samples.Accept);
        bytes[7] = versionAndPaths;
        Assert.Equal(WireError.None, ClcHeader.TryRead(bytes, out ClcHeader header));
        Assert.Equal(expected, ClcChecks.CheckMode(header, v1, v2));
    }

    [Fact]
    public void The_client_takes_an_accept_of_what_it_proposed_from_the_peer_it_knows()
    {
        SmcdAccept accept = Wrap(Samples.Accept);
        Assert.Equal(WireError.None, ClcChecks.CheckAccept(accept, [Samples.ClientDevice], [Ueid.Default], Server));
        Assert.Equal(WireError.ChidNotProposed, ClcChecks.CheckAccept(accept, [Samples.ClientDevice with { Chid = 0xFF00 }], [Ueid.Default], Server));
        Assert.Equal(WireError.UnexpectedGid, ClcChecks.CheckAccept(accept, [Samples.ClientDevice], [Ueid.Default], Server with { Low = 0 }));
        Assert.Equal(WireError.EidNotProposed, ClcChecks.CheckAccept(accept, [Samples.ClientDevice], [], Server));
        SmcdAccept second = Wrap(Samples.Accept with { DmbIndex = 1 });
        Assert.Equal(WireError.BadDmbIndex, ClcChecks.CheckAccept(second, [Samples.ClientDevice], [Ueid.Default], Server));
    }

    [Fact]
    public void An_empty_slot_does_not_match_an_accept_with_CHID_0()
    {
        SmcdAccept accept = Wrap(Samples.Accept with { Device = default });
        Assert.Equal(WireError.ChidNotProposed, ClcChecks.CheckAccept(accept, [Samples.ClientDevice, default], [Ueid.Default], default));
    }

    [Theory]
    [InlineData(0, SmcReason.None)]
    [InlineData(1, SmcReason.None)]
    [InlineData(2, SmcReason.ReleaseError)]
    public void The_client_refuses_a_release_that_it_did_not_propose(byte release, SmcReason expected) =>
        Assert.Equal(expected, ClcChecks.CheckAcceptRelease(Wrap(Samples.Accept with { FirstContact = new(ClcOs.Linux, release, default, default) })));

    [Fact]
    public void The_server_takes_a_confirm_that_repeats_its_accept()
    {
        SmcdDeviceId otherChid = Samples.ClientDevice with { Chid = 0xFF00 };
        Assert.Equal(WireError.None, ClcChecks.CheckEcho(Wrap(Samples.Confirm), Samples.Accept, Client));
        Assert.Equal(WireError.VersionNotEchoed, ClcChecks.CheckEcho(Wrap(Samples.Confirm with { Version = 1 }), Samples.Accept, Client));
        Assert.Equal(WireError.FirstContactNotEchoed, ClcChecks.CheckEcho(Wrap(Samples.Confirm with { FirstContact = null }), Samples.Accept, Client));
        Assert.Equal(WireError.ChidNotEchoed, ClcChecks.CheckEcho(Wrap(Samples.Confirm with { Device = otherChid }), Samples.Accept, Client));
        Assert.Equal(WireError.UnexpectedGid, ClcChecks.CheckEcho(Wrap(Samples.Confirm), Samples.Accept, Server));
        Assert.Equal(WireError.BadDmbIndex, ClcChecks.CheckEcho(Wrap(Samples.Confirm with { DmbIndex = 1 }), Samples.Accept, Client));
        Assert.Equal(WireError.EidNotEchoed, ClcChecks.CheckEcho(Wrap(Samples.Confirm with { Eid = default }), Samples.Accept, Client));
    }

    [Fact]
    public void A_captured_confirm_repeats_its_accept()
    {
        Assert.Equal(WireError.None, SmcdAccept.TryWrap(Samples.Captured("smcd-loopback-v2", 6), ClcType.Accept, out SmcdAccept accept));
        Assert.Equal(WireError.None, SmcdAccept.TryWrap(Samples.Captured("smcd-loopback-v2", 8), ClcType.Confirm, out SmcdAccept confirm));
        Assert.Equal(WireError.None, ClcChecks.CheckEcho(confirm, accept.Fields, accept.Device.Gid)); // one kernel: both ends have one device
        Assert.Equal(SmcReason.None, ClcChecks.CheckConfirmRelease(confirm, accept.FirstContact.Release));
    }

    [Fact]
    public void The_server_refuses_another_release_in_a_first_contact_confirm()
    {
        Assert.Equal(SmcReason.None, ClcChecks.CheckConfirmRelease(Wrap(Samples.Confirm), 1));
        Assert.Equal(SmcReason.ReleaseError, ClcChecks.CheckConfirmRelease(Wrap(Samples.Confirm), 0));
        Assert.Equal(SmcReason.None, ClcChecks.CheckConfirmRelease(Wrap(Samples.Confirm with { FirstContact = null }), 1));
    }

    private static SmcdAccept Wrap(in SmcdAcceptFields fields)
    {
        Assert.Equal(WireError.None, SmcdAccept.TryWrap(Samples.Write(fields), fields.Type, out SmcdAccept accept));
        return accept;
    }
}
