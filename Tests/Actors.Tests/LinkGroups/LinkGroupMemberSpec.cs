using Akka.TestKit;
using Akka.TestKit.Xunit2;
using Smc.Actors.LinkGroups;
using Smc.Actors.Settings;
using Smc.Transport.Interop.Linux;
using Smc.Transport.Paths.Smcd;
using Smc.Transport.Waiting;

namespace Actors.Tests.LinkGroups;

public sealed class LinkGroupMemberSpec : TestKit
{
    private readonly WakeService _wake = new(watchInlineCompletions: false);
    private readonly TestProbe _group;
    private readonly LinkGroupMember _member;
    private readonly FileDescriptor _offer;

    public LinkGroupMemberSpec()
    {
        MemoryError error = LinkGroupMemory.TryCreate(SmcSettings.From("smc { }").Wait, _wake, null, out LinkGroupMemory? memory, out FileDescriptor? offer);
        Assert.Equal(MemoryError.None, error);
        _offer = offer!;
        _group = CreateTestProbe();
        _member = new LinkGroupMember(_group.Ref, memory!, offer);
    }

    [Fact]
    public void What_comes_before_a_group_has_begun_reaches_it_when_it_does_in_order_and_with_its_senders()
    {
        _member.Tell("first", TestActor);
        _member.Tell("second", _group.Ref);
        _member.Begin();
        _member.Tell("third", TestActor);
        Assert.Equal(("first", TestActor), (_group.ExpectMsg<string>(), _group.LastSender));
        Assert.Equal(("second", _group.Ref), (_group.ExpectMsg<string>(), _group.LastSender));
        Assert.Equal(("third", TestActor), (_group.ExpectMsg<string>(), _group.LastSender));
    }

    [Fact]
    public void What_has_been_taken_out_does_not_reach_the_group()
    {
        _member.Tell("taken", TestActor);
        Assert.Equal([("taken", TestActor)], _member.TakeHeld());
        _member.Begin();
        _member.Tell("next", TestActor);
        Assert.Equal("next", _group.ExpectMsg<string>());
    }

    [Fact]
    public void What_a_group_was_to_own_is_closed_where_it_never_begins()
    {
        _member.Release();
        Assert.True(_offer.IsClosed);
    }

    protected override void AfterAll()
    {
        base.AfterAll();
        if (!_offer.IsClosed) _member.Release();
        _wake.Dispose();
    }
}
