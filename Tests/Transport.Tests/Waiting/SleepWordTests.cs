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
