using System.Net;
using Smc.Actors.Listeners;
using Smc.Transport.Paths.Smcd.Rendezvous;

namespace Actors.Tests.Listeners;

public sealed class HandshakeSharesTests
{
    private readonly HandshakeShares<PeerIdentity> _shares = new(share: 2, all: 12);
    private readonly HandshakeShares<IPAddress> _sniffed = new(share: 2, all: 6);
    private readonly PeerSession _greedy = new();
    private readonly PeerSession _other = new();

    [Fact]
    public void What_a_process_begins_beyond_its_share_waits_for_its_own_and_for_nobody_elses()
    {
        AcceptedConnection third = Announced(_greedy, 3);
        Assert.True(Begins(Announced(_greedy, 1)));
        Assert.True(Begins(Announced(_greedy, 2)));
        Assert.False(Begins(third));
        Assert.True(Begins(Announced(_other, 1)));
        Assert.Null(_shares.End(_other.Identity));
        Assert.Same(third, _shares.End(_greedy.Identity));
        Assert.Null(_shares.End(_greedy.Identity));
        Assert.Null(_shares.End(_greedy.Identity));
        Assert.Equal(0, _shares.Count);
    }

    [Fact]
    public void One_process_has_half_of_what_all_have_and_past_the_limit_of_all_nobody_is_taken_in_until_one_has_ended()
    {
        var third = new PeerSession();
        for (int i = 0; i < 6; i++) Begins(Announced(_greedy, i));
        Assert.False(_shares.TryAdd(_greedy.Identity, Announced(_greedy, 7), out _));
        for (int i = 0; i < 6; i++) Begins(Announced(_other, i));
        Assert.False(_shares.TryAdd(third.Identity, Announced(third, 1), out _));
        _shares.End(_greedy.Identity);
        Assert.True(Begins(Announced(third, 1)));
    }

    [Fact]
    public void Those_who_wait_are_handed_out_in_the_end()
    {
        for (int i = 0; i < 5; i++) Begins(Announced(_greedy, i));
        Assert.Equal([2UL, 3UL, 4UL], _shares.TakeWaiting().Select(left => left.Announcement!.Nonce));
        Assert.Empty(_shares.TakeWaiting());
    }

    [Fact]
    public void A_host_whose_connections_are_sniffed_has_a_share_and_none_of_them_waits()
    {
        Assert.True(Sniffs(IPAddress.Loopback));
        Assert.True(Sniffs(IPAddress.Loopback));
        Assert.False(Sniffs(IPAddress.Loopback));
        Assert.True(Sniffs(IPAddress.IPv6Loopback));
        Assert.Equal(3, _sniffed.Count);
        Assert.Null(_sniffed.End(IPAddress.Loopback));
        Assert.True(Sniffs(IPAddress.Loopback));
    }

    private static AcceptedConnection Announced(PeerSession session, int nonce) => new(null!, null!, null!, null!, new Announcement(session, (ulong)nonce, null!));

    private bool Sniffs(IPAddress address) => _sniffed.TryAdd(address, new AcceptedConnection(null!, null!, null!, null!, null), out bool begins) && begins;

    private bool Begins(AcceptedConnection connection)
    {
        Assert.True(_shares.TryAdd(connection.Announcement!.Session.Identity, connection, out bool begins));
        return begins;
    }
}
