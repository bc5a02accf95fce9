using Smc.Actors.Dispatch;

namespace Actors.Tests.Dispatch;

public sealed class DoorbellTests
{
    private readonly Doorbell _bell;
    private int _begun;

    public DoorbellTests()
    {
        _bell = new Doorbell(() => _begun++);
        _bell.Ring();
    }

    [Fact]
    public void The_first_ring_begins_the_thread_and_those_that_follow_do_not()
    {
        _bell.Ring();
        _bell.Ring();
        Assert.Equal((1, 1L), (_begun, _bell.WakeUps));
    }

    [Fact]
    public void Ringing_wakes_nobody_while_the_thread_is_awake()
    {
        long before = _bell.WakeUps;
        for (int i = 0; i < 1_000; i++) _bell.Ring();
        _bell.Announce();
        _bell.Withdraw();
        for (int i = 0; i < 1_000; i++) _bell.Ring();
        Assert.Equal(before, _bell.WakeUps);
    }

    [Fact]
    public void One_of_several_rings_wakes_the_sleeper()
    {
        long before = _bell.WakeUps;
        _bell.Announce();
        for (int i = 0; i < 10; i++) _bell.Ring();
        Assert.Equal(before + 1, _bell.WakeUps);
        _bell.Wait();   // returns at once
    }

    [Fact]
    public void After_the_thread_has_left_a_ring_begins_another()
    {
        _bell.Announce();
        Assert.True(_bell.TryLeave());
        _bell.WakeSleeper();
        Assert.Equal(1, _begun);
        _bell.Ring();
        _bell.Ring();
        Assert.Equal(2, _begun);
    }

    [Fact]
    public void A_thread_that_has_been_rung_for_does_not_leave()
    {
        _bell.Announce();
        _bell.Ring();
        Assert.False(_bell.TryLeave());
        _bell.Announce();
        _bell.WakeSleeper();
        Assert.False(_bell.TryLeave());
        Assert.Equal(1, _begun);
    }

    [Fact]
    public void Where_no_thread_can_be_begun_whoever_rings_hears_of_it_and_the_next_ring_tries_again()
    {
        int tries = 0;
        var bell = new Doorbell(() =>
        {
            if (++tries == 1) throw new ThreadStateException("no thread");
        });
        Assert.Throws<ThreadStateException>(bell.Ring);
        bell.Ring();
        bell.Ring();
        Assert.Equal(2, tries);
    }
}
