using Smc.Actors.LinkGroups;
using Smc.Transport.Paths.Smcd.Rendezvous;

namespace Actors.Tests.LinkGroups;

public sealed class AbandonedAttemptsTests
{
    private const ulong Most = AbandonedAttempts.MostOfSession;

    private readonly AbandonedAttempts _abandoned = new();
    private readonly PeerSession _one = new();
    private readonly PeerSession _other = new();

    [Fact]
    public void The_oldest_of_a_control_socket_go_and_no_other_ones()
    {
        _abandoned.Add(_other, 1);
        for (ulong nonce = 1; nonce <= 10 * Most; nonce++) _abandoned.Add(_one, nonce);
        Assert.True(_abandoned.TryRemove(_other, 1));
        Assert.False(_abandoned.TryRemove(_one, 9 * Most));
        Assert.True(_abandoned.TryRemove(_one, (9 * Most) + 1));
        Assert.True(_abandoned.TryRemove(_one, 10 * Most));
    }

    [Fact]
    public void One_that_has_been_taken_out_displaces_no_other()
    {
        _abandoned.Add(_one, 1);
        for (ulong nonce = 2; nonce <= 2 * Most; nonce++)
        {
            _abandoned.Add(_one, nonce);
            Assert.True(_abandoned.TryRemove(_one, nonce));
        }

        Assert.True(_abandoned.TryRemove(_one, 1));
    }

    [Fact]
    public void Each_counts_once_and_on_its_own_control_socket()
    {
        _abandoned.Add(_one, 1);
        _abandoned.Add(_one, 1);
        Assert.False(_abandoned.TryRemove(_other, 1));
        Assert.True(_abandoned.TryRemove(_one, 1));
        Assert.False(_abandoned.TryRemove(_one, 1));
    }

    [Fact]
    public void Those_of_a_control_socket_that_is_lost_are_forgotten()
    {
        _abandoned.Add(_one, 1);
        _abandoned.Add(_other, 1);
        _abandoned.Forget(_one);
        Assert.False(_abandoned.TryRemove(_one, 1));
        Assert.True(_abandoned.TryRemove(_other, 1));
    }
}
