using Smc.Actors.LinkGroups;
using Smc.Transport;
using Smc.Transport.Paths.Smcd.Rendezvous;

namespace Actors.Tests.LinkGroups;

public sealed class GroupRefusalsTests
{
    private const uint Most = GroupRefusals.MostOfSession;

    private readonly PeerSession _session = new();
    private readonly PeerSession _other = new();
    private readonly GroupRefusals _refusals = new();

    [Fact]
    public void The_last_reason_of_a_group_is_found_by_its_session_and_id()
    {
        _refusals.Remember(_session, 7, SmcReason.OutOfMemory);
        _refusals.Remember(_session, 7, SmcReason.InternalError);
        Assert.Equal(SmcReason.InternalError, _refusals.Find(_session, 7));
        Assert.Null(_refusals.Find(_session, 8));
        Assert.Null(_refusals.Find(_other, 7));
    }

    [Fact]
    public void The_oldest_of_a_control_socket_go_and_no_other_ones()
    {
        _refusals.Remember(_other, 0, SmcReason.OutOfMemory);
        for (uint group = 0; group <= Most; group++) _refusals.Remember(_session, group, SmcReason.InternalError);
        Assert.Null(_refusals.Find(_session, 0));
        Assert.Equal(SmcReason.InternalError, _refusals.Find(_session, 1));
        Assert.Equal(SmcReason.InternalError, _refusals.Find(_session, Most));
        Assert.Equal(SmcReason.OutOfMemory, _refusals.Find(_other, 0));
    }

    [Fact]
    public void Those_of_a_control_socket_that_is_lost_are_forgotten()
    {
        _refusals.Remember(_session, 7, SmcReason.OutOfMemory);
        _refusals.Remember(_other, 7, SmcReason.OutOfMemory);
        _refusals.Forget(_session);
        Assert.Null(_refusals.Find(_session, 7));
        Assert.NotNull(_refusals.Find(_other, 7));
    }

    [Fact]
    public void So_many_slabs_are_refused_for_each_group_before_they_are_too_many()
    {
        _refusals.Remember(_session, 7, SmcReason.OutOfMemory);
        _refusals.Remember(_session, 8, SmcReason.SyncError);
        for (int i = 0; i < GroupRefusals.MostSlabs; i++) Assert.Equal((true, SmcReason.OutOfMemory, false), RefuseSlab(7));
        Assert.Equal((true, SmcReason.OutOfMemory, true), RefuseSlab(7));
        Assert.Equal((true, SmcReason.SyncError, false), RefuseSlab(8));
        Assert.Equal((false, SmcReason.None, false), RefuseSlab(9));
    }

    private (bool IsRefused, SmcReason Reason, bool IsExcess) RefuseSlab(uint group) =>
        (_refusals.TryRefuseSlab(_session, group, out SmcReason reason, out bool isExcess), reason, isExcess);
}
