using Smc.Actors.LinkGroups;
using Smc.Transport;
using Smc.Transport.Paths.Smcd.Rendezvous;

namespace Actors.Tests.LinkGroups;

public sealed class GroupRefusalsTests
{
    private readonly PeerSession _session = new();
    private readonly GroupRefusals _refusals = new();

    [Fact]
    public void The_last_reason_of_a_group_is_found_by_its_session_and_id()
    {
        _refusals.Remember(_session, 7, SmcReason.OutOfMemory);
        _refusals.Remember(_session, 7, SmcReason.InternalError);
        Assert.Equal(SmcReason.InternalError, _refusals.Find(_session, 7));
        Assert.Null(_refusals.Find(_session, 8));
        Assert.Null(_refusals.Find(new PeerSession(), 7));
    }

    [Fact]
    public void Past_the_limit_the_earlier_ones_are_forgotten()
    {
        for (uint group = 0; group < GroupRefusals.Most; group++) _refusals.Remember(_session, group, SmcReason.InternalError);
        Assert.NotNull(_refusals.Find(_session, 0));
        _refusals.Remember(_session, GroupRefusals.Most, SmcReason.LimitReached);
        Assert.Null(_refusals.Find(_session, 0));
        Assert.Equal(SmcReason.LimitReached, _refusals.Find(_session, GroupRefusals.Most));
    }
}
