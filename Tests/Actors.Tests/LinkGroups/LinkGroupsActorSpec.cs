using System.Net;
using System.Net.Sockets;
using Actors.Tests.Harness;
using Actors.Tests.Supervision;
using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using Smc.Actors;
using Smc.Actors.Devices;
using Smc.Actors.Inspection;
using Smc.Actors.LinkGroups;
using Smc.Actors.Settings;
using Smc.Peer.Handshakes;
using Smc.Peer.Hostile;
using Smc.Transport;
using Smc.Transport.Interop.Linux;
using Smc.Transport.Memory;
using Smc.Transport.Paths.Smcd;
using Smc.Transport.Paths.Smcd.Rendezvous;
using Smc.Transport.Wire;
using Smc.Transport.Wire.Rendezvous;
using static Smc.Actors.Protocol.LinkGroupProtocol;
using static Smc.Actors.Protocol.MutationProtocol;

namespace Actors.Tests.LinkGroups;

/// <summary>What comes for a group behind the message that ends it. Groups are played by probes.</summary>
public sealed class LinkGroupsActorSpec : TestKit, IStreamReceiver
{
    private const ulong Nonce = 1;

    private readonly string _folder = Path.Combine(Directory.CreateTempSubdirectory("smc-actors-tests-").FullName, "rendezvous");
    private readonly SmcSettings _settings = SmcSettings.From("smc { }");
    private readonly PeerSession _session = new();
    private readonly ScriptedServer _observer;
    private readonly HostRendezvous _rendezvous;
    private readonly LoopbackDevice _device;
    private readonly IActorRef _groups;
    private TestProbe _group = null!;
    private uint _id;
    private volatile bool _fails;

    public LinkGroupsActorSpec()
    {
        _device = new LoopbackDevice(_settings);
        _observer = new ScriptedServer(_folder);
        _rendezvous = HostRendezvous.TryStart(_folder, SmcGid.NewRandom(), _observer, ownThread: true, out _)!;
        _device.Start(_rendezvous);
        LinkGroupFactory factory = (_, _, id, memory, offer) =>
        {
            if (_fails) throw new InjectedCrashException("cannot be made");
            memory.Release();
            offer?.Dispose();
            TestProbe group = CreateTestProbe();
            TestActor.Tell((id, group));
            return group.Ref;
        };
        _groups = Sys.ActorOf(Props.Create<LinkGroupsActor>(_settings, _device, new GroupRefusals(), factory));
        Begin();
    }

    public static TheoryData<string> Ends => ["SessionLost", "GroupDeleted", "GroupFailed", "GroupIdle"];

    [Theory]
    [MemberData(nameof(Ends))]
    public void A_connection_that_comes_behind_the_end_of_its_group_is_reset(string end)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        var nowhere = new IPEndPoint(IPAddress.Loopback, 0);
        TellEnd(end);
        _groups.Tell(new Establish(_session, _id, Nonce, 0, 0, _rendezvous.Watch(socket), nowhere, nowhere, this));
        ExpectMsg(SocketError.ConnectionReset);
        Assert.True(socket.SafeHandle.IsClosed);
    }

    [Theory]
    [MemberData(nameof(Ends))]
    public void A_handshake_that_comes_behind_the_end_of_its_group_is_answered(string end)
    {
        TellEnd(end);
        _groups.Tell(new PrepareClient(_session, _id, Nonce, 0, 0));
        ExpectMsg<Unavailable>(answer => answer.Reason == (end == "GroupFailed" ? SmcReason.InternalError : SmcReason.SyncError));
    }

    [Fact]
    public void A_handshake_of_the_server_that_comes_behind_the_end_of_a_group_begins_another()
    {
        uint first = _id;
        TellEnd("GroupDeleted");
        Begin();
        Assert.NotEqual(first, _id);
    }

    [Fact]
    public void A_control_socket_has_so_many_groups_and_another_its_own()
    {
        const int All = 128;
        for (int groups = 1; groups < All; groups++)
        {
            Fill();
            Begin();
        }

        Fill();
        _groups.Tell(new PrepareServer(_session, Nonce));
        ExpectMsg<Unavailable>(answer => answer.Reason == SmcReason.LimitReached);
        _groups.Tell(new PrepareServer(new PeerSession(), Nonce));
        ExpectMsg<(uint, TestProbe)>();

        TellEnd("GroupDeleted");
        Begin();
    }

    [Fact]
    public void A_drained_group_gets_no_more_handshakes_and_the_next_one_begins_another()
    {
        uint drained = _id;
        _groups.Tell(new DrainLinkGroup(drained));
        Assert.Equal(DrainOutcome.Done(drained, connections: 1, isLimitReached: false), ExpectMsg<Outcome>());
        _group.ExpectMsg<Drain>();
        Begin();
        Assert.NotEqual(drained, _id);
    }

    [Fact]
    public void A_group_that_is_not_there_cannot_be_drained()
    {
        _groups.Tell(new DrainLinkGroup(0xabc));
        ExpectMsg<Outcome>(outcome => outcome is { IsDone: false, Sentence: "There is no link group 00000abc; smc linkgroups lists them." });
    }

    /// <summary>The reactor tells of the loss behind the offer, and the session knows of it before.</summary>
    [Fact]
    public async Task An_offer_that_comes_over_a_control_socket_which_is_lost_breaks_no_rule()
    {
        PeerSession session = _rendezvous.TryOpenSession(Assert.Single(_rendezvous.Find(_observer.EndPoint)))!;
        session.Close();
        await Eventually.TrueAsync(() => session.IsLost, "the control socket to hang up");
        Assert.Equal(MemoryError.None, LinkGroupMemory.TryCreate(_settings.Wait, _device.Wake, null, out LinkGroupMemory? memory, out FileDescriptor? descriptor));
        var offer = new OfferSlab(0x100, 0, SlabKind.ControlRegion, 0, (ushort)LinkGroupMemory.MaxConnections, (ulong)LinkGroupMemory.ControlBytes);
        _groups.Tell(new SlabOffered(session, offer, descriptor));
        _groups.Tell(new PrepareClient(session, offer.Group, Nonce, 0, 0));
        ExpectMsg<Unavailable>(answer => answer.Reason == SmcReason.ControlSocketLost);
        Assert.True(descriptor!.IsClosed);
        Assert.Empty(_device.Rules.Report());
        memory!.Release();
    }

    [Fact]
    public async Task A_control_region_that_its_server_has_given_back_by_the_time_it_is_opened_breaks_no_rule()
    {
        PeerSession session = _rendezvous.TryOpenSession(Assert.Single(_rendezvous.Find(_observer.EndPoint)))!;
        Assert.Equal(MemoryError.None, LinkGroupMemory.TryCreate(_settings.Wait, _device.Wake, null, out LinkGroupMemory? memory, out FileDescriptor? descriptor));
        using var kept = new KeptMemory(descriptor!);
        memory!.Release();
        await Eventually.EqualAsync(0ul, () => kept.Blocks, "blocks of the control region");
        var offer = new OfferSlab(0x100, 0, SlabKind.ControlRegion, 0, (ushort)LinkGroupMemory.MaxConnections, (ulong)LinkGroupMemory.ControlBytes);
        _groups.Tell(new SlabOffered(session, offer, descriptor));
        _groups.Tell(new PrepareClient(session, offer.Group, Nonce, 0, 0));
        ExpectMsg<Unavailable>(answer => answer.Reason == SmcReason.SyncError);
        Assert.True(descriptor!.IsClosed);
        Assert.Empty(_device.Rules.Report());
    }

    [Fact]
    public void A_slab_behind_a_group_that_has_failed_here_breaks_no_rule_whatever_another_peer_has_had_refused()
    {
        const uint Failed = 0x100;
        PeerSession session = _rendezvous.TryOpenSession(Assert.Single(_rendezvous.Find(_observer.EndPoint)))!;
        var other = new PeerSession();
        TestProbe failed = CreateTestProbe();
        _groups.Tell(new GroupFailed(session, Failed), failed);
        for (uint group = 0; group <= GroupRefusals.MostOfSession; group++) _groups.Tell(new GroupFailed(other, group << 8), failed);
        FileDescriptor offered = OfferSlab(session, Failed);
        _groups.Tell(new PrepareClient(session, Failed, Nonce, 0, 0));
        ExpectMsg<Unavailable>(answer => answer.Reason == SmcReason.InternalError);
        Assert.True(offered.IsClosed);
        Assert.Empty(_device.Rules.Report());
    }

    [Fact]
    public void A_slab_that_comes_between_a_crash_and_the_end_of_its_group_breaks_no_rule()
    {
        _fails = true;
        _groups.Tell(new Occupancy(_session, _id, Ended: 0, TakesMore: false));
        _groups.Tell(new PrepareServer(_session, Nonce));   // takes another group, which cannot be made
        ExpectMsg<Unavailable>();
        FileDescriptor offered = OfferSlab(_session, _id);
        _groups.Tell(new PrepareClient(_session, _id, Nonce, 0, 0));
        ExpectMsg<Unavailable>(answer => answer.Reason == SmcReason.InternalError);
        Assert.True(offered.IsClosed);
        Assert.Empty(_device.Rules.Report());
    }

    [Theory]
    [InlineData("GroupDeleted")]
    [InlineData("GroupIdle")]
    [InlineData("GroupFailed")]
    public void A_slab_that_comes_for_a_group_which_has_ended_at_its_server_breaks_no_rule_and_too_many_do(string end)
    {
        uint ended = _id;
        TellEnd(end);
        for (int i = 0; i < GroupRefusals.MostSlabs; i++) OfferSlab(_session, ended);
        FileDescriptor last = OfferSlab(_session, ended + 0x100);   // it has never been
        Settle();
        Assert.True(last.IsClosed);
        ViolationReport broken = Assert.Single(_device.Rules.Report());
        Assert.Equal(("WrongOffer", 1L), (broken.Rule, broken.Times.Count));

        OfferSlab(_session, ended);
        Settle();
        Assert.Contains(_device.Rules.Report(), one => (one.Layer, one.Rule, one.Times.Count) == ("control", "TooManySlabs", 1L));
    }

    void IStreamReceiver.Deliver(SmcStream stream) => stream.Dispose();

    void IStreamReceiver.Fail(SocketError reason) => TestActor.Tell(reason);

    protected override void AfterAll()
    {
        base.AfterAll();
        _device.Dispose();
        _observer.Dispose();
        Directory.Delete(Path.GetDirectoryName(_folder)!, recursive: true);
    }

    private void Begin()
    {
        _groups.Tell(new PrepareServer(_session, Nonce));
        (_id, _group) = ExpectMsg<(uint, TestProbe)>();
        _groups.Tell(GroupBegun.Instance, _group.Ref);
        _group.ExpectMsg<PrepareServer>();
    }

    private FileDescriptor OfferSlab(PeerSession session, uint group)
    {
        SizeClass size = SizeClass.ForSmcd(SizeClass.SmallestBytes);
        MemoryError error = SharedRegion.TryCreate("test", size.Bytes, prefault: false, null, out SharedRegion? region, out FileDescriptor? descriptor);
        Assert.Equal(MemoryError.None, error);
        region!.Dispose();
        _groups.Tell(new SlabOffered(session, new OfferSlab(group, 1, SlabKind.Dmb, size.Code, 1, (ulong)size.Bytes), descriptor));
        return descriptor!;
    }

    /// <summary>What was told before has been handled.</summary>
    private void Settle()
    {
        _groups.Tell(new DrainLinkGroup(0xabc));
        ExpectMsg<Outcome>();
    }

    private void Fill() => _groups.Tell(new Occupancy(_session, _id, Ended: 0, TakesMore: false));

    /// <summary>The group has got its last message, and is still there.</summary>
    private void TellEnd(string end)
    {
        _groups.Tell(new Occupancy(_session, _id, Ended: 1, TakesMore: true));
        _groups.Tell(end switch
        {
            "SessionLost" => (object)new SessionLost(_session),
            "GroupDeleted" => new GroupDeleted(_session, _id, SmcReason.None),
            "GroupFailed" => new GroupFailed(_session, _id),
            _ => new GroupIdle(_session, _id),
        }, _group.Ref);
        object last = _group.ReceiveOne(RemainingOrDefault);
        Assert.True(last is SessionLost or GroupDeleted or EndGroup, $"{last}");
    }
}
