using Smc.Transport.Rings;

namespace Smc.Transport.Tests.Rings;

public sealed class EntryMarkTests
{
    private EntryMark _mark;

    [Fact]
    public void Only_one_is_inside_and_the_next_may_enter_when_it_has_left()
    {
        Assert.False(_mark.IsTaken);
        Assert.True(_mark.TryEnter());
        Assert.True(_mark.IsTaken);
        Assert.False(_mark.TryEnter());
        _mark.Leave();
        Assert.False(_mark.IsTaken);
        Assert.True(_mark.TryEnter());
    }

    [Fact]
    public void A_thread_that_owns_the_mark_is_as_alone_inside_as_any_other()
    {
        Own(ref _mark);
        Assert.True(_mark.TryEnter());
        Assert.True(_mark.IsTaken);
        Assert.False(_mark.TryEnter());
        HangGuard.AtOnce(() => Assert.False(_mark.TryEnter()));
        _mark.Leave();
        HangGuard.AtOnce(() => Assert.True(_mark.TryEnter()));
        Assert.False(_mark.TryEnter());
        _mark.Leave();
        Assert.False(_mark.IsTaken);
    }

    [Fact]
    public void An_owner_is_refused_while_what_it_began_before_it_owned_the_mark_is_inside()
    {
        for (int i = 0; i < EntryMark.Patience; i++)
        {
            Assert.True(_mark.TryEnter());
            _mark.Leave();
        }

        Assert.True(_mark.TryEnter());   // this visit makes it the owner
        Assert.False(_mark.TryEnter());
        HangGuard.AtOnce(() => _mark.Leave());
        Assert.True(_mark.TryEnter());
        _mark.Leave();
        Assert.False(_mark.IsTaken);
    }

    [Fact]
    public void An_ownership_ends_at_any_moment_without_letting_two_in() => Seeds.Run(seed =>
    {
        for (int round = 0; round < 200; round++)
        {
            var random = new Random(seed + round);
            Rush(turns: 300, owned: true, spins: random.Next(300));
        }
    });

    [Fact]
    public void Threads_that_rush_in_are_let_in_one_at_a_time() => Rush(turns: 100_000, owned: false, spins: 0);

    private static void Own(ref EntryMark mark)
    {
        for (int i = 0; i <= EntryMark.Patience; i++)
        {
            Assert.True(mark.TryEnter());
            mark.Leave();
        }
    }

    private static void Rush(int turns, bool owned, int spins)
    {
        var mark = default(EntryMark);
        int inside = 0;
        long entered = 0;
        long plain = 0;   // changed inside only: the mark's ordering keeps it exact
        bool isOwned = !owned;
        HangGuard.AtOnce(
            () =>
            {
                if (owned) Own(ref mark);
                Volatile.Write(ref isOwned, true);
                Enter();
            },
            Follow,
            Follow);
        Assert.Equal(entered, plain);
        Assert.False(mark.IsTaken);

        void Follow()
        {
            while (!Volatile.Read(ref isOwned)) Thread.Yield();
            Thread.SpinWait(spins);
            Enter();
        }

        void Enter()
        {
            for (int i = 0; i < turns; i++)
            {
                if (!mark.TryEnter()) continue;
                Assert.Equal(1, Interlocked.Increment(ref inside));
                plain++;
                Interlocked.Decrement(ref inside);
                mark.Leave();
                Interlocked.Increment(ref entered);
            }
        }
    }
}
