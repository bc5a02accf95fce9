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
    public void Threads_that_rush_in_are_let_in_one_at_a_time()
    {
        const int Turns = 100_000;
        int inside = 0;
        long entered = 0;
        long plain = 0;   // changed inside only: the mark's ordering keeps it exact
        HangGuard.AtOnce(Rush, Rush, Rush);
        Assert.Equal(entered, plain);
        Assert.False(_mark.IsTaken);

        void Rush()
        {
            for (int i = 0; i < Turns; i++)
            {
                if (!_mark.TryEnter()) continue;
                Assert.Equal(1, Interlocked.Increment(ref inside));
                plain++;
                Interlocked.Decrement(ref inside);
                _mark.Leave();
                Interlocked.Increment(ref entered);
            }
        }
    }
}
