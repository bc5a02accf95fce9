using Smc.Actors.Buffers;
using Smc.Actors.Inspection;
using Smc.Actors.Settings;
using Smc.Transport.Interop.Linux;
using Smc.Transport.Memory;
using Smc.Transport.Paths.Smcd.Rendezvous;

namespace Actors.Tests.Buffers;

/// <summary>What is counted against the limits of process, user and peer.</summary>
public sealed class DmbLimitsTests
{
    private const long Start = 12_345;

    private readonly PeerSession _one = new(), _other = new();

    [Fact]
    public void What_one_peer_takes_leaves_the_rest_to_the_others()
    {
        DmbLimits limits = Limits(process: 10, user: 10, peer: 2);
        DmbShare first = limits.ShareOf(_one), second = limits.ShareOf(_one), others = limits.ShareOf(_other);
        Assert.True(first.TryTake() && second.TryTake());
        Assert.False(first.TryTake());   // two link groups of one peer share
        Assert.True(others.TryTake());
        Assert.Equal((3, Refusals(0, 0, 1)), (limits.InUse, Refusals(limits)));
        second.Return(1);
        Assert.True(first.TryTake());
    }

    [Fact]
    public void A_process_has_one_share_however_many_control_sockets_it_opens_and_it_goes_with_its_last_link_group()
    {
        DmbLimits limits = Limits(process: 10, user: 10, peer: 1);
        DmbShare first = ShareOf(limits, 7, Start, _one), second = ShareOf(limits, 7, Start, _other);
        Assert.True(first.TryTake());
        Assert.False(second.TryTake());
        Assert.True(ShareOf(limits, 8, Start, _one).TryTake());
        second.Dispose();
        DmbShare third = ShareOf(limits, 7, Start, _other);
        Assert.False(third.TryTake());   // the first still has what it has
        first.Return(1);
        Assert.True(third.TryTake());
    }

    [Fact]
    public void A_process_that_gets_the_id_of_one_that_has_gone_has_a_share_of_its_own()
    {
        DmbLimits limits = Limits(process: 10, user: 10, peer: 1);
        DmbShare dead = ShareOf(limits, 7, Start, _one), successor = ShareOf(limits, 7, Start + 1, _other);
        Assert.True(dead.TryTake());   // its streams are still open here
        Assert.True(successor.TryTake());
        Assert.False(successor.TryTake());
        Assert.Equal(Refusals(0, 0, 1), Refusals(limits));
    }

    [Fact]
    public void Users_have_shares_of_their_own()
    {
        DmbLimits limits = Limits(process: 10, user: 1, peer: 10);
        DmbShare one = ShareOf(limits, 7, Start, _one);
        DmbShare other = ShareOf(limits, 8, Start, _other, user: 1001);
        Assert.True(one.TryTake() && other.TryTake());
        Assert.False(one.TryTake() || other.TryTake());
    }

    [Fact]
    public void What_the_peers_of_one_user_take_leaves_the_rest_to_other_users()
    {
        DmbLimits limits = Limits(process: 10, user: 2, peer: 2);
        DmbShare one = limits.ShareOf(_one), other = limits.ShareOf(_other);   // as the same user
        Assert.True(one.TryTake() && other.TryTake());
        Assert.False(one.TryTake() || other.TryTake());
        Assert.Equal((2, Refusals(0, 2, 0)), (limits.InUse, Refusals(limits)));
    }

    [Fact]
    public void A_refusal_takes_nothing_from_any_limit()
    {
        DmbLimits limits = Limits(process: 2, user: 2, peer: 1);
        DmbShare one = limits.ShareOf(_one);
        Assert.True(one.TryTake());
        for (int i = 0; i < 10; i++) Assert.False(one.TryTake());
        Assert.Equal(1, limits.InUse);
        Assert.True(limits.ShareOf(_other).TryTake());
        Assert.False(limits.ShareOf(_other).TryTake());
        Assert.Equal(Refusals(1, 0, 10), Refusals(limits));
    }

    [Fact]
    public async Task Nobody_ever_sees_more_than_the_limit_however_many_are_refused_at_once()
    {
        var count = new DmbCount(1);
        Assert.True(count.TryTake());
        using var stop = new CancellationTokenSource();
        Task[] refused = [.. Enumerable.Range(0, 3).Select(_ => Task.Run(() =>
        {
            while (!stop.IsCancellationRequested) Assert.False(count.TryTake());
        }))];
        for (int look = 0; look < 1_000_000; look++) Assert.Equal(1, count.InUse);
        await stop.CancelAsync();
        await Task.WhenAll(refused);
        Assert.Equal((1, 1), (count.InUse, count.Peak));
    }

    [Fact]
    public async Task As_many_as_the_limit_are_never_refused()
    {
        var count = new DmbCount(3);
        await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Run(() =>
        {
            for (int turn = 0; turn < 200_000; turn++)
            {
                Assert.True(count.TryTake());
                count.Return(1);
            }
        })));
        Assert.Equal(0, count.InUse);
        Assert.InRange(count.Peak, 1, 3);
    }

    [Fact]
    public void A_user_and_a_process_are_counted_as_long_as_link_groups_take_for_them()
    {
        DmbLimits limits = Limits(process: 10, user: 1, peer: 10);
        DmbShare first = ShareOf(limits, 7, Start, _one), second = ShareOf(limits, 8, Start, _other);
        Assert.Equal((0, 0), limits.Counted);
        Assert.True(first.TryTake());
        Assert.False(second.TryTake());
        Assert.Equal((1, 2), limits.Counted);
        first.Return(1);
        first.Dispose();
        first.Dispose();   // a group ends once
        Assert.Equal((1, 1), limits.Counted);
        Assert.True(second.TryTake());
        second.Return(1);
        second.Dispose();
        Assert.Equal((0, 0), limits.Counted);
    }

    [Fact]
    public void It_knows_how_many_of_a_size_were_out_at_once_whichever_group_had_them()
    {
        DmbLimits limits = Limits(process: 10, user: 10, peer: 10);
        SizeClass size = SizeClass.ForSmcd(1 << 16);
        DmbShare one = limits.ShareOf(_one), other = limits.ShareOf(_other);
        one.CountOut(size);
        one.CountBack(size, 1);
        one.CountOut(size);
        other.CountOut(size);
        other.CountBack(size, 1);
        BufferReport all = limits.WithPeaks(new BufferReport([new BufferClassReport(size.Bytes) { Peak = 3 }], 0, 0));
        Assert.Equal((2, 1L << 16), (Assert.Single(all.Classes).Peak, limits.BytesInUse));
    }

    private static DmbShare ShareOf(DmbLimits limits, int process, long start, PeerSession session, uint user = 1000) =>
        limits.ShareOf(user, PeerIdentity.Of(new PeerCredentials(process, user, user), start, session));

    private static DmbLimits Limits(int process, int user, int peer) =>
        new(new BufferSettings(SizeClass.ForSmcd(1), Prefault: false, TimeSpan.Zero, process, user, peer));

    private static string Refusals(DmbLimits limits) => string.Join(' ', limits.Report().Select(limit => limit.Refusals));

    private static string Refusals(long process, long user, long peer) => $"{process} {user} {peer}";
}
