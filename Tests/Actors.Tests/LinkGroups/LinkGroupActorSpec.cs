using System.Net;
using Actors.Tests.Harness;
using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using Smc.Actors;
using Smc.Actors.Buffers;
using Smc.Actors.Devices;
using Smc.Actors.Inspection;
using Smc.Actors.LinkGroups;
using Smc.Actors.Protocol;
using Smc.Actors.Settings;
using Smc.Actors.Telemetry;
using Smc.Transport;
using Smc.Transport.Interop.Linux;
using Smc.Transport.Memory;
using Smc.Transport.Paths.Smcd;
using Smc.Transport.Paths.Smcd.Rendezvous;
using Smc.Transport.Rings;
using Smc.Transport.Wire.Rendezvous;
using static Smc.Actors.Protocol.LinkGroupProtocol;

namespace Actors.Tests.LinkGroups;

/// <summary>The server's side of a link group, its parent, pool and connections played by probes, on virtual time.</summary>
public sealed class LinkGroupActorSpec() : TestKit("akka.scheduler.implementation = \"Akka.TestKit.TestScheduler, Akka.TestKit\"")
{
    private const uint Group = 0x100;
    private static readonly TimeSpan IdleDelay = TimeSpan.FromMinutes(10);

    private readonly LoopbackDevice _device = new(SmcSettings.From("smc { }"));
    private readonly PeerSession _session = new();
    private readonly LinkGroupTable _table = new(new EventPublisher());
    private readonly BrokenRules _rules = new(new EventPublisher());
    private TestProbe _parent = null!;
    private TestProbe _pool = null!;
    private GroupBuffers _buffers = null!;
    private LinkGroupMemory _memory = null!;
    private DmbLimits _limits = null!;

    private TestScheduler Time => (TestScheduler)Sys.Scheduler;

    [Fact]
    public void A_handshake_that_gets_no_buffer_is_told_why_and_counts_no_more()
    {
        IActorRef group = NewGroup();
        group.Tell(new PrepareServer(_session, 1));
        _pool.ExpectMsg<BufferProtocol.Grow>();
        _pool.Reply(new BufferProtocol.NoBuffer(SmcReason.MaxDmb));
        ExpectMsg<Unavailable>(answer => answer.Reason == SmcReason.MaxDmb);
        _parent.ExpectMsg<Occupancy>(report => report.Ended == 1);
    }

    [Fact]
    public void A_group_without_connections_asks_to_end_when_its_delay_is_over()
    {
        IActorRef group = NewGroup();
        ComeAndGo(group);
        Time.Advance(IdleDelay - TimeSpan.FromTicks(1));
        Settle(group);
        _parent.ExpectNoMsg(TimeSpan.Zero);
        Time.Advance(TimeSpan.FromTicks(1));
        _parent.ExpectMsg<GroupIdle>(idle => idle.Group == Group);
        Watch(group);
        group.Tell(EndGroup.Instance);
        ExpectTerminated(group);
    }

    [Fact]
    public void A_handshake_before_the_delay_is_over_keeps_the_group()
    {
        IActorRef group = NewGroup();
        ComeAndGo(group);
        Time.Advance(IdleDelay / 2);
        group.Tell(new PrepareServer(_session, 2));
        _pool.ExpectMsg<BufferProtocol.Grow>();   // the timer is cancelled before the request
        Time.Advance(IdleDelay);
        Settle(group);
        _parent.ExpectNoMsg(TimeSpan.Zero);
    }

    [Fact]
    public void A_handshake_for_which_there_is_no_slot_is_refused()
    {
        IActorRef group = NewGroup();
        for (int i = 0; i < LinkGroupMemory.MaxConnections; i++) group.Tell(new PrepareServer(_session, (ulong)i));

        group.Tell(new PrepareServer(_session, (ulong)LinkGroupMemory.MaxConnections));
        ExpectMsg<Unavailable>(answer => answer.Reason == SmcReason.SyncError);
        _parent.ExpectMsg<Occupancy>(report => report.Ended == 1);
    }

    [Fact]
    public void A_second_handshake_of_the_same_name_is_refused_and_the_first_goes_on()
    {
        IActorRef group = NewGroup();
        group.Tell(new PrepareServer(_session, 1));
        _pool.ExpectMsg<BufferProtocol.Grow>();
        group.Tell(new PrepareServer(_session, 1));
        ExpectMsg<Unavailable>();
        _pool.Reply(new BufferProtocol.NoBuffer(SmcReason.OutOfMemory));
        ExpectMsg<Unavailable>(answer => answer.Reason == SmcReason.OutOfMemory);
    }

    [Fact]
    public void An_abandoned_handshake_gives_its_DMB_back_when_the_peer_has_detached_and_not_before()
    {
        IActorRef group = NewGroup();
        Prepared prepared = Prepare(group, 1);
        group.Tell(new Abandon(_session, 1));
        group.Tell(new DmbDetached(_session, Group, prepared.Token + 1));   // another token: counted, and nothing else
        group.Tell(new DmbDetached(_session, Group, prepared.Token));
        _parent.ExpectMsg<Occupancy>(report => report.Ended == 1);
        Assert.Equal(0, _limits.InUse);
    }

    [Fact]
    public void What_a_peer_wrote_for_a_handshake_that_failed_is_zero_for_the_next_one()
    {
        IActorRef group = NewGroup();
        group.Tell(new PrepareServer(_session, 1));
        _pool.ExpectMsg<BufferProtocol.Grow>();
        DmbSlab made = NewSlab(out FileDescriptor descriptor);
        using var asPeer = new FileStream($"/proc/self/fd/{descriptor.DangerousGetHandle()}", FileMode.Open, FileAccess.ReadWrite);
        _pool.Reply(new BufferProtocol.Grown(made, _buffers.Wanted));
        ulong token = ExpectMsg<Prepared>().Token;
        byte[] dmb = new byte[_buffers.Wanted.Bytes];
        Array.Fill(dmb, (byte)0xAA);
        asPeer.Write(dmb);   // it has been told the token, and so may write: the first DMB of a slab is taken first
        asPeer.Flush();
        group.Tell(new Abandon(_session, 1));
        group.Tell(new DmbDetached(_session, Group, token));
        _parent.ExpectMsg<Occupancy>(report => report.Ended == 1);
        asPeer.Position = 0;
        asPeer.ReadExactly(dmb);
        Assert.DoesNotContain((byte)0xAA, dmb);
        Assert.Equal(0, Assert.Single(_buffers.Report().Classes).LargestUse);   // nobody knows of a use
    }

    /// <summary>Zeroing what nobody uses again would commit it, and a peer that keeps the descriptor would keep that.</summary>
    [Fact]
    public async Task What_a_peer_wrote_is_not_zeroed_where_the_group_ends_and_goes_with_the_pages_when_its_last_connection_is_closed()
    {
        IActorRef group = NewGroup();
        Watch(group);
        group.Tell(new PrepareServer(_session, 1));
        _pool.ExpectMsg<BufferProtocol.Grow>();
        DmbSlab made = NewSlab(out FileDescriptor descriptor);
        using var asPeer = new FileStream(
            $"/proc/self/fd/{descriptor.DangerousGetHandle()}", new FileStreamOptions { Access = FileAccess.ReadWrite, BufferSize = 0 });
        _pool.Reply(new BufferProtocol.Grown(made, _buffers.Wanted));
        ExpectMsg<Prepared>();
        SmcdPath path = _memory.Open(slot: 7, made.RangeOf(1), made.RangeOf(2), new Nobody());
        var open = new SmcStream(path, new IPEndPoint(IPAddress.Loopback, 1), new IPEndPoint(IPAddress.Loopback, 2), SmcReason.None);
        byte[] dmb = new byte[_buffers.Wanted.Bytes];
        Array.Fill(dmb, (byte)0xAA);
        asPeer.Write(dmb);
        group.Tell(new SessionLost(_session));
        ExpectMsg<Unavailable>();
        ExpectTerminated(group);
        Assert.DoesNotContain((byte)0, FirstDmb());
        open.Dispose();
        await Eventually.TrueAsync(() => !FirstDmb().Contains((byte)0xAA), "the pages to be given back");

        byte[] FirstDmb()
        {
            asPeer.Position = 0;
            asPeer.ReadExactly(dmb);
            return dmb;
        }
    }

    [Fact]
    public void A_DMB_is_taken_and_given_back_without_a_message_while_one_is_idle()
    {
        IActorRef group = NewGroup();
        for (ulong nonce = 1; nonce <= 10; nonce++)
        {
            ulong token = Prepare(group, nonce, grows: nonce == 1).Token;
            Assert.Equal(1, _limits.InUse);
            group.Tell(new Abandon(_session, nonce));
            group.Tell(new DmbDetached(_session, Group, token));
            _parent.ExpectMsg<Occupancy>(report => report.Ended == 1);
        }

        _pool.ExpectNoMsg(TimeSpan.Zero);
        BufferClassReport dmbs = Assert.Single(Assert.Single(_table.Report().Groups).Buffers.Classes);
        Assert.Equal((0, 1, 10, 9), (dmbs.InUse, dmbs.Peak, dmbs.Rents, dmbs.Reuses));
    }

    [Fact]
    public void A_handshake_at_a_limit_is_told_so_without_a_message_to_the_pool()
    {
        IActorRef group = NewGroup("smc.buffers.max-dmbs-per-peer = 1");
        Prepare(group, 1);
        group.Tell(new PrepareServer(_session, 2));
        ExpectMsg<Unavailable>(answer => answer.Reason == SmcReason.MaxDmb);
        _pool.ExpectNoMsg(TimeSpan.Zero);
    }

    [Fact]
    public void Growth_that_others_have_used_up_is_asked_for_again()
    {
        IActorRef group = NewGroup();
        group.Tell(new PrepareServer(_session, 1));
        _pool.ExpectMsg<BufferProtocol.Grow>();
        _pool.Reply(new BufferProtocol.Grown(null, _buffers.Wanted));
        _pool.ExpectMsg<BufferProtocol.Grow>();
        _pool.Reply(new BufferProtocol.Grown(NewSlab(), _buffers.Wanted));
        ExpectMsg<Prepared>();
    }

    [Fact]
    public void Handshakes_that_wait_for_growth_ask_once_and_all_of_them_get_its_answer()
    {
        IActorRef group = NewGroup();
        for (ulong nonce = 1; nonce <= 4; nonce++) group.Tell(new PrepareServer(_session, nonce));
        group.Tell(new Abandon(_session, 2));
        _parent.ExpectMsg<Occupancy>();
        _pool.ExpectMsg<BufferProtocol.Grow>();
        _pool.ExpectNoMsg(TimeSpan.Zero);
        group.Tell(new BufferProtocol.Grown(NewSlab(), _buffers.Wanted));
        for (int i = 0; i < 3; i++) ExpectMsg<Prepared>();
        Assert.Equal(3, _limits.InUse);
    }

    [Fact]
    public void Handshakes_that_wait_for_growth_are_all_refused_where_there_is_none()
    {
        IActorRef group = NewGroup();
        for (ulong nonce = 1; nonce <= 3; nonce++) group.Tell(new PrepareServer(_session, nonce));
        _pool.ExpectMsg<BufferProtocol.Grow>();
        _pool.Reply(new BufferProtocol.NoBuffer(SmcReason.DescriptorsExhausted));
        for (int i = 0; i < 3; i++) ExpectMsg<Unavailable>(answer => answer.Reason == SmcReason.DescriptorsExhausted);
        group.Tell(new PrepareServer(_session, 4));
        _pool.ExpectMsg<BufferProtocol.Grow>();   // it is asked again
    }

    [Fact]
    public void Growth_that_comes_late_is_nothing_to_another_handshake_of_the_same_name()
    {
        IActorRef group = NewGroup();
        group.Tell(new PrepareServer(_session, 1));
        _pool.ExpectMsg<BufferProtocol.Grow>();
        group.Tell(new Abandon(_session, 1));
        _parent.ExpectMsg<Occupancy>();
        group.Tell(new PrepareServer(_session, 1));
        _pool.Reply(new BufferProtocol.Grown(NewSlab(), _buffers.Wanted));
        ExpectMsg<Prepared>();
        Settle(group);
        ExpectNoMsg(TimeSpan.Zero);
        Assert.Equal(1, _limits.InUse);
    }

    [Fact]
    public void A_control_socket_that_hangs_up_ends_a_group_and_its_handshakes()
    {
        IActorRef group = NewGroup();
        Prepare(group, 1);
        Watch(group);
        group.Tell(new SessionLost(_session));
        ExpectMsg<Unavailable>(answer => answer.Reason == SmcReason.ControlSocketLost);
        ExpectTerminated(group);
    }

    [Theory]
    [InlineData("SessionLost")]
    [InlineData("EndGroup")]
    public void A_slab_that_a_group_hears_of_behind_its_end_is_closed(string end)
    {
        IActorRef group = NewGroup();
        group.Tell(new PrepareServer(_session, 1));
        _pool.ExpectMsg<BufferProtocol.Grow>();
        DmbSlab made = NewSlab(out FileDescriptor descriptor);
        Watch(group);
        group.Tell(end == "EndGroup" ? EndGroup.Instance : new SessionLost(_session));
        group.Tell(new BufferProtocol.Grown(made, _buffers.Wanted));
        FishForMessage(message => message is Terminated);
        Assert.True(descriptor.IsClosed);
    }

    [Fact]
    public void A_group_whose_pool_is_gone_answers_until_its_parent_has_sent_its_last_message()
    {
        IActorRef group = NewGroup();
        Watch(group);
        group.Tell(new PrepareServer(_session, 1));
        _pool.ExpectMsg<BufferProtocol.Grow>();
        Sys.Stop(_pool.Ref);
        ExpectMsg<Unavailable>(answer => answer.Reason == SmcReason.InternalError);   // who waits for the pool
        _parent.ExpectMsg<Occupancy>();
        _parent.ExpectMsg<GroupFailed>(failed => failed.Group == Group);
        group.Tell(new PrepareClient(_session, Group, 2, 0, 0));
        ExpectMsg<Unavailable>(answer => answer.Reason == SmcReason.InternalError);   // who was on the way
        group.Tell(EndGroup.Instance);
        ExpectTerminated(group);
    }

    [Fact]
    public void A_group_that_crashes_answers_what_is_in_its_mailbox_until_its_parent_has_sent_its_last_message()
    {
        IActorRef group = NewGroup();
        Watch(group);
        group.Tell(new PrepareServer(_session, 1));
        _pool.ExpectMsg<BufferProtocol.Grow>();
        group.Tell(Kill.Instance);
        group.Tell(new PrepareClient(_session, Group, 2, 0, 0));
        ExpectMsg<Unavailable>(answer => answer.Reason == SmcReason.InternalError);   // who waits for the pool
        ExpectMsg<Unavailable>(answer => answer.Reason == SmcReason.InternalError);   // who was on the way
        _parent.ExpectMsg<GroupFailed>(failed => failed.Group == Group);
        group.Tell(EndGroup.Instance);
        ExpectTerminated(group);
    }

    [Fact]
    public void What_the_peer_offers_to_a_group_that_has_failed_is_closed()
    {
        IActorRef group = NewGroup();
        Sys.Stop(_pool.Ref);
        _parent.ExpectMsg<GroupFailed>();
        NewSlab(out FileDescriptor descriptor);
        _buffers.TakePending();
        group.Tell(new SlabOffered(_session, new OfferSlab(Group, 1, SlabKind.Dmb, 0, 1, 0), descriptor));
        Settle(group);
        Assert.True(descriptor.IsClosed);
    }

    [Fact]
    public void A_group_whose_pool_is_gone_ends_with_its_control_socket_too()
    {
        IActorRef group = NewGroup();
        Watch(group);
        Sys.Stop(_pool.Ref);
        _parent.ExpectMsg<GroupFailed>();
        group.Tell(new SessionLost(_session));
        ExpectTerminated(group);
    }

    [Fact]
    public void A_slab_that_is_refused_is_warned_of_once_for_its_reason_and_refused_again_or_never_offered_it_is_a_broken_rule()
    {
        const int Frames = 1000;
        IActorRef group = NewGroup();
        Prepare(group, 1);
        EventFilter.Warning(contains: "refused a slab").ExpectOne(() =>
        {
            for (int i = 0; i < Frames; i++) group.Tell(new SlabRefused(_session, Group, Slab: 1, SmcReason.OutOfMemory));
            for (uint slab = 2; slab < Frames; slab++) group.Tell(new SlabMapped(_session, Group, slab));
            Settle(group);
        });
        Assert.Equal(LinkGroupState.Closed, Assert.Single(_table.Report().Groups).State);
        ViolationReport broken = Assert.Single(_rules.Report());
        Assert.Equal(("control", "TooManyAnswers", (2 * Frames) - 3), (broken.Layer, broken.Rule, broken.Times.Count));
        IActorRef another = NewGroup();
        Prepare(another, 1);
        EventFilter.Warning().Expect(0, () =>
        {
            another.Tell(new SlabRefused(_session, Group, Slab: 1, SmcReason.OutOfMemory));
            Settle(another);
        });
    }

    [Fact]
    public void A_peer_that_answers_each_offer_once_breaks_no_rule()
    {
        IActorRef group = NewGroup();
        group.Tell(new SlabMapped(_session, Group, Slab: 0));   // the control region
        Prepare(group, 1);
        group.Tell(new SlabMapped(_session, Group, Slab: 1));
        Settle(group);
        Assert.Empty(_rules.Report());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_group_that_is_drained_or_out_of_step_asks_to_end_at_once_where_it_has_no_connections(bool isOutOfSync)
    {
        IActorRef group = NewGroup();
        group.Tell(isOutOfSync ? new GroupOutOfSync(_session, Group) : Drain.Instance);
        _parent.ExpectMsg<Occupancy>(report => !report.TakesMore);
        _parent.ExpectMsg<GroupIdle>();
        Assert.Equal(LinkGroupState.Draining, Assert.Single(_table.Report().Groups).State);
    }

    [Fact]
    public void A_drained_group_asks_to_end_when_its_last_handshake_has_gone()
    {
        IActorRef group = NewGroup();
        group.Tell(new PrepareServer(_session, 1));
        _pool.ExpectMsg<BufferProtocol.Grow>();
        group.Tell(Drain.Instance);
        _parent.ExpectMsg<Occupancy>(report => report is { Ended: 0, TakesMore: false });
        _pool.Reply(new BufferProtocol.NoBuffer(SmcReason.MaxDmb));
        _parent.ExpectMsg<Occupancy>(report => report.Ended == 1);
        _parent.ExpectMsg<GroupIdle>();   // without its idle delay
    }

    protected override void AfterAll()
    {
        base.AfterAll();
        _device.Dispose();
    }

    private IActorRef NewGroup(string configuration = "smc { }")
    {
        BufferSettings settings = SmcSettings.From(SmcSettings.Parse(configuration)).Buffers;
        _limits = new DmbLimits(settings);
        _buffers = new GroupBuffers(settings, _limits.ShareOf(_session), new DmbPool());
        _parent = CreateTestProbe();
        _pool = CreateTestProbe();
        Assert.Equal(MemoryError.None, LinkGroupMemory.TryCreate(new WaitSettings(0, false), _device.Wake, null, out LinkGroupMemory? memory, out FileDescriptor? offer));
        _memory = memory!;
        var parts = new LinkGroupParts(_session, Group, _memory, _buffers, offer, IdleDelay, _table, _rules);
        IActorRef parent = Sys.ActorOf(Props.Create(() => new Parent(_parent.Ref, parts, _pool.Ref)));
        parent.Tell(Parent.WhoIsYourChild);
        IActorRef group = ExpectMsg<IActorRef>();
        _parent.ExpectMsg<GroupBegun>();
        return group;
    }

    /// <summary>A handshake that comes and goes: the idle delay begins.</summary>
    private void ComeAndGo(IActorRef group)
    {
        group.Tell(new PrepareServer(_session, 1));
        _pool.ExpectMsg<BufferProtocol.Grow>();
        _pool.Reply(new BufferProtocol.NoBuffer(SmcReason.MaxDmb));
        ExpectMsg<Unavailable>();
        _parent.ExpectMsg<Occupancy>();

        Settle(group);   // the timer is set after the report
    }

    /// <summary>What was told before has been handled.</summary>
    private void Settle(IActorRef group)
    {
        group.Tell(new Identify(null));
        ExpectMsg<ActorIdentity>();
    }

    private Prepared Prepare(IActorRef group, ulong nonce, bool grows = true)
    {
        group.Tell(new PrepareServer(_session, nonce));
        if (grows)
        {
            _pool.ExpectMsg<BufferProtocol.Grow>();
            _pool.Reply(new BufferProtocol.Grown(NewSlab(), _buffers.Wanted));
        }

        return ExpectMsg<Prepared>();
    }

    /// <summary>What a pool does before it answers.</summary>
    private DmbSlab NewSlab() => NewSlab(out _);

    private DmbSlab NewSlab(out FileDescriptor file)
    {
        Assert.Equal(MemoryError.None, DmbSlab.TryCreate(_buffers.NextSlab(), _buffers.Wanted, prefault: false, null, out DmbSlab? slab, out FileDescriptor? descriptor));
        file = descriptor!;
        _buffers.Pend(file);
        _memory.Own(slab!);
        return slab!;
    }

    /// <summary>Hears what a connection says of itself.</summary>
    private sealed class Nobody : IPathObserver
    {
        public void Closed()
        {
        }

        public void Detached()
        {
        }

        public void Blocking()
        {
        }

        public void Violated(RingViolation violation)
        {
        }
    }

    /// <summary>Makes the group and passes on what it says.</summary>
    private sealed class Parent : ReceiveActor
    {
        public const string WhoIsYourChild = "who";

        public Parent(IActorRef probe, LinkGroupParts parts, IActorRef pool)
        {
            IActorRef group = Context.ActorOf(Props.Create(() => new LinkGroupActor(parts, (_, _, _) => pool, (_, _) => ActorRefs.Nobody)));
            Receive<string>(_ => Sender.Tell(group));
            ReceiveAny(probe.Forward);
        }

        protected override SupervisorStrategy SupervisorStrategy() => SupervisorStrategies.RestartOnly;
    }
}
