using System.Runtime.CompilerServices;
using Smc.Transport.Interop.Linux;
using Smc.Transport.Waiting;

namespace Smc.Transport.Tests.Waiting;

public sealed unsafe class SleepWordTests
{
    private readonly int[] _memory = GC.AllocateArray<int>(64, pinned: true);
    private readonly int* _word;

    public SleepWordTests() => _word = (int*)Unsafe.AsPointer(ref _memory[0]);

    [Theory]
    [InlineData(SleepWord.Thread)]
    [InlineData(SleepWord.Callback)]
    public void A_waker_takes_an_announcement_once(int kind)
    {
        Assert.Equal(SleepWord.Awake, SleepWord.TakeSleeper(_word));
        SleepWord.Announce(_word, kind);
        Assert.Equal(kind, SleepWord.TakeSleeper(_word));
        Assert.Equal(SleepWord.Awake, SleepWord.TakeSleeper(_word));
    }

    [Fact]
    public void Who_withdraws_learns_whether_a_waker_was_faster()
    {
        SleepWord.Announce(_word, SleepWord.Thread);
        Assert.True(SleepWord.Withdraw(_word));
        SleepWord.Announce(_word, SleepWord.Thread);
        SleepWord.TakeSleeper(_word);
        Assert.False(SleepWord.Withdraw(_word));
    }

    [Fact]
    public void A_sleeper_whose_announcement_was_taken_before_it_slept_does_not_sleep()
    {
        SleepWord.Announce(_word, SleepWord.Thread);
        SleepWord.TakeSleeper(_word);
        Assert.Equal(FutexResult.Retry, SleepWord.Sleep(_word, timeoutMilliseconds: -1));
    }

    [Fact]
    public void One_who_has_pledged_is_awake_and_stays_pledged_whoever_looks()
    {
        SleepWord.Pledge(_word);
        Assert.True(SleepWord.IsPledged(_word));
        Assert.False(SleepWord.IsAnnounced(_word) || SleepWord.IsAsking(_word) || SleepWord.TakeDebt(_word));
        Assert.Equal(SleepWord.Awake, SleepWord.TakeSleeper(_word));
        Assert.Equal(SleepWord.Awake, SleepWord.TakeSleeperAlone(_word));
        Assert.True(SleepWord.IsPledged(_word));
    }

    [Theory]
    [InlineData(SleepWord.Thread)]
    [InlineData(SleepWord.Callback)]
    public void The_writer_takes_the_debt_with_the_sleeper_and_nobody_else_does(int kind)
    {
        SleepWord.Announce(_word, kind | SleepWord.Owed);
        Assert.True(SleepWord.IsAsking(_word));
        Assert.False(SleepWord.IsPledged(_word));
        Assert.Equal(kind, SleepWord.TakeSleeperAlone(_word));
        Assert.Equal(SleepWord.Owed, SleepWord.Debt(_word));
        SleepWord.Announce(_word, kind | SleepWord.Debt(_word));
        Assert.True(SleepWord.Withdraw(_word));
        Assert.Equal(SleepWord.Owed, SleepWord.Debt(_word));
        SleepWord.Announce(_word, kind | SleepWord.Debt(_word));
        Assert.Equal(kind, SleepWord.TakeSleeper(_word));
        Assert.Equal(0, *_word);
    }

    [Theory]
    [InlineData(SleepWord.Thread)]
    [InlineData(SleepWord.Callback)]
    public void The_courier_takes_the_debt_once_and_leaves_the_sleeper(int kind)
    {
        SleepWord.Announce(_word, kind | SleepWord.Owed);
        Assert.True(SleepWord.TakeDebt(_word));
        Assert.False(SleepWord.TakeDebt(_word) || SleepWord.IsAsking(_word));
        Assert.Equal(kind, SleepWord.TakeSleeper(_word));
    }

    [Fact]
    public void A_thread_sleeps_on_an_announcement_with_a_debt_and_without()
    {
        foreach (int debt in new[] { SleepWord.Owed, 0 })
        {
            SleepWord.Announce(_word, SleepWord.Thread | debt);
            Assert.Equal(FutexResult.TimedOut, SleepWord.Sleep(_word, timeoutMilliseconds: 1));
            SleepWord.TakeSleeperAlone(_word);
            Assert.Equal(FutexResult.Retry, SleepWord.Sleep(_word, timeoutMilliseconds: -1));
        }
    }

    [Fact]
    public void Announcing_publishing_and_taking_never_loses_a_wake_up() => Seeds.Run(seed =>
    {
        const int Rounds = 30_000;
        int published = 0;
        HangGuard.AtOnce(
            () =>
            {
                for (int next = 1; next <= Rounds; next++)
                {
                    if (Volatile.Read(ref published) >= next) continue;
                    SleepWord.Announce(_word, SleepWord.Thread);
                    while (Volatile.Read(ref published) < next)
                    {
                        SleepWord.Sleep(_word, -1);
                        if (Volatile.Read(ref *_word) == SleepWord.Awake) SleepWord.Announce(_word, SleepWord.Thread);
                    }

                    SleepWord.Withdraw(_word);
                }
            },
            () =>
            {
                var random = new Random(seed);
                for (int i = 1; i <= Rounds; i++)
                {
                    Volatile.Write(ref published, i);
                    Interlocked.MemoryBarrier();
                    if (SleepWord.TakeSleeper(_word) == SleepWord.Thread) SleepWord.Wake(_word);
                    if (random.Next(4) == 0) Thread.SpinWait(random.Next(300));
                }
            });
    });
}
