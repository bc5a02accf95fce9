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
    public void A_session_has_its_share_and_leaves_room_for_others()
    {
        int added = 0;
        for (int i = 0; i < 2 * AnnouncementTable.ShareOfSession; i++) added += Add(_session, i) ? 1 : 0;
        Assert.Equal(AnnouncementTable.ShareOfSession, added);
        Assert.True(Add(_other, 60_000));
        Assert.True(Take(0, out _, out _));
        Assert.True(Add(_session, 60_001));
    }

    [Fact]
    public void All_sessions_together_have_the_table_and_no_more()
    {
        for (int i = 0; i < AnnouncementTable.Capacity; i++) Assert.True(Add(i % 4 == 0 ? _session : new PeerSession(), i));
        Assert.False(Add(new PeerSession(), 60_000));
        _table.Forget(_session);
        Assert.Equal(AnnouncementTable.Capacity * 3 / 4, _table.Count);
        Assert.True(Add(new PeerSession(), 60_000));
    }

    [Fact]
    public void What_has_waited_longer_than_any_client_does_gives_way()
    {
        for (int i = 0; i < AnnouncementTable.ShareOfSession; i++) Add(_session, i);
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
