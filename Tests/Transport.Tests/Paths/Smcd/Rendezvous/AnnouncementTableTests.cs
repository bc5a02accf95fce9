using System.Net;
using Smc.Transport.Paths.Smcd.Rendezvous;
using Smc.Transport.Wire.Rendezvous;

namespace Smc.Transport.Tests.Paths.Smcd.Rendezvous;

public sealed class AnnouncementTableTests
{
    private static readonly RendezvousEndPoint Listener = RendezvousEndPoint.From(IPEndPoint.Parse("127.0.0.1:7000"));

    private readonly SteppedTime _time = new();
    private readonly AnnouncementTable _table;
    private readonly PeerSession _session = new();
    private readonly PeerSession _other = new();

    public AnnouncementTableTests() => _table = new AnnouncementTable(_time);

    [Fact]
    public void An_announcement_is_taken_once()
    {
        Assert.True(Add(_session, 7));
        Assert.True(Take(7, out PeerSession? session, out ulong nonce));
        Assert.Equal((_session, 7UL), (session, nonce));
        Assert.False(Take(7, out session, out _));
        Assert.Null(session);
        Assert.False(_table.TryCancel(_session, 7));
    }

    [Fact]
    public void Only_the_session_that_announced_may_cancel()
    {
        Add(_session, 7);
        Assert.False(_table.TryCancel(_other, 7));
        Assert.True(_table.TryCancel(_session, 7));
        Assert.False(Take(7, out _, out _));
    }

    [Fact]
    public void A_route_that_is_announced_again_belongs_to_the_later_one()
    {
        Add(_session, 7);
        Assert.True(_table.TryAdd(_other, new Announce(9, Client(7), Listener)));
        Assert.True(Take(7, out PeerSession? session, out ulong nonce));
        Assert.Equal((_other, 9UL), (session, nonce));
        Assert.Equal(0, _table.Count);
    }

    [Fact]
    public void A_process_has_its_share_whichever_of_its_sockets_it_announces_on_and_leaves_room_for_others()
    {
        PeerSession[] sockets = [.. Enumerable.Range(0, 5).Select(_ => PeerSockets.Of(process: 7))];
        int added = 0;
        for (int i = 0; i < sockets.Length * AnnouncementTable.ShareOfPeer; i++) added += Add(sockets[i % sockets.Length], i) ? 1 : 0;
        Assert.Equal(AnnouncementTable.ShareOfPeer, added);
        Assert.True(Add(PeerSockets.Of(process: 8), 60_000));
        Assert.True(Take(0, out _, out _));
        Assert.True(Add(sockets[4], 60_001));
    }

    [Fact]
    public void A_socket_that_hangs_up_gives_back_of_its_processs_share_what_it_had_and_no_more()
    {
        PeerSession one = PeerSockets.Of(process: 7), other = PeerSockets.Of(process: 7);
        for (int i = 0; i < AnnouncementTable.ShareOfPeer; i++) Assert.True(Add(i < 10 ? one : other, i));
        Assert.False(Add(other, 60_000));
        _table.Forget(one);
        for (int i = 0; i < 10; i++) Assert.True(Add(other, 60_000 + i));
        Assert.False(Add(other, 60_010));
    }

    [Fact]
    public void Those_whose_process_cannot_be_seen_have_a_share_a_socket()
    {
        for (int i = 0; i < AnnouncementTable.ShareOfPeer; i++) Add(_session, i);
        Assert.False(Add(_session, 60_000));
        Assert.True(Add(_other, 60_000));
    }

    [Fact]
    public void All_processes_together_have_the_table_and_no_more()
    {
        for (int i = 0; i < AnnouncementTable.Capacity; i++) Assert.True(Add(i % 4 == 0 ? _session : PeerSockets.Of(process: 1 + (i % 4)), i));
        Assert.False(Add(PeerSockets.Of(process: 9), 60_000));
        _table.Forget(_session);
        Assert.Equal(AnnouncementTable.Capacity * 3 / 4, _table.Count);
        Assert.True(Add(PeerSockets.Of(process: 9), 60_000));
    }

    [Fact]
    public void What_is_taken_back_or_announced_anew_leaves_nothing_behind_one_that_stands()
    {
        Assert.True(Add(_other, 1));
        for (int i = 0; i < 100_000; i++)
        {
            Assert.True(Add(_session, 2));
            Assert.True(_table.TryAdd(_other, new Announce((ulong)(3 + i), Client(2), Listener)));   // the same route anew
            Assert.True(_table.TryCancel(_other, (ulong)(3 + i)));
            Assert.InRange(_table.Kept, 0, 2);
        }

        Assert.Equal(1, _table.Count);
        _time.Step(AnnouncementTable.Lifetime);
        Assert.True(Add(_session, 2));
        Assert.False(Take(1, out _, out _));   // it is gone for what came
        Assert.Equal((1, 1), (_table.Count, _table.Kept));
    }

    [Fact]
    public void What_has_waited_longer_than_any_client_does_gives_way()
    {
        for (int i = 0; i < AnnouncementTable.ShareOfPeer; i++) Add(_session, i);
        _time.Step(AnnouncementTable.Lifetime - TimeSpan.FromTicks(1));
        Assert.False(Add(_session, 60_000));
        _time.Step(TimeSpan.FromTicks(1));
        Assert.True(Add(_session, 60_000));
        Assert.Equal(1, _table.Count);
    }

    [Fact]
    public void A_nonce_that_is_announced_twice_counts_once()
    {
        Assert.True(_table.TryAdd(_session, new Announce(1, Client(1), Listener)));
        Assert.False(_table.TryAdd(_session, new Announce(1, Client(2), Listener)));
        Assert.True(_table.TryCancel(_session, 1));
        Assert.Equal(0, _table.Count);
    }

    private static RendezvousEndPoint Client(int port) => RendezvousEndPoint.From(new IPEndPoint(IPAddress.Loopback, 1 + port));

    private bool Add(PeerSession session, int number) => _table.TryAdd(session, new Announce((ulong)number, Client(number), Listener));

    private bool Take(int number, out PeerSession? session, out ulong nonce) => _table.TryTake(Client(number), Listener, out session, out nonce);

    private sealed class SteppedTime : TimeProvider
    {
        private long _now;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _now;

        public void Step(TimeSpan by) => _now += by.Ticks;
    }
}
