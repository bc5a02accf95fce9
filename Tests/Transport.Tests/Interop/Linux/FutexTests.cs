using System.Diagnostics;
using System.Runtime.CompilerServices;
using Smc.Transport.Interop.Linux;

namespace Smc.Transport.Tests.Interop.Linux;

public sealed unsafe class FutexTests
{
    private readonly int[] _memory = GC.AllocateArray<int>(64, pinned: true);
    private readonly int* _first;
    private readonly int* _second;

    public FutexTests()
    {
        _first = (int*)Unsafe.AsPointer(ref _memory[0]);
        _second = (int*)Unsafe.AsPointer(ref _memory[32]);
    }

    [Fact]
    public void A_word_that_has_changed_is_not_slept_on() => Assert.Equal(FutexResult.Retry, Futex.Wait(_first, expected: 1, timeoutMilliseconds: -1));

    [Fact]
    public void A_wait_ends_with_its_time_out()
    {
        long start = Stopwatch.GetTimestamp();
        Assert.Equal(FutexResult.TimedOut, Futex.Wait(_first, expected: 0, timeoutMilliseconds: 20));
        Assert.True(Stopwatch.GetElapsedTime(start) >= TimeSpan.FromMilliseconds(19));
        Assert.Equal(FutexResult.TimedOut, Futex.Wait(_first, expected: 0, timeoutMilliseconds: 0));
    }

    [Fact]
    public void A_thread_wakes_another() => PingPong(word => Futex.Wait(word, 0, -1));

    [Fact]
    public void A_thread_that_waits_for_several_words_is_woken_by_any()
    {
        Assert.True(Futex.SupportsWaitAny);
        PingPong(word =>
        {
            Span<Futex.WaitEntry> words = [new Futex.WaitEntry(word == _first ? _second : _first, _memory[word == _first ? 32 : 0]), new Futex.WaitEntry(word, 0)];
            Futex.WaitAny(words, -1, out int woken);
            Assert.InRange(woken, -1, words.Length - 1);
        });
    }

    [Fact]
    public void Waiting_for_several_words_ends_at_once_where_one_differs_and_otherwise_with_the_time_out()
    {
        Span<Futex.WaitEntry> same = [new Futex.WaitEntry(_first, 0), new Futex.WaitEntry(_second, 0)];
        Span<Futex.WaitEntry> other = [new Futex.WaitEntry(_first, 0), new Futex.WaitEntry(_second, 1)];
        Assert.Equal(FutexResult.TimedOut, Futex.WaitAny(same, 10, out int woken));
        Assert.Equal(-1, woken);
        Assert.Equal(FutexResult.Retry, Futex.WaitAny(other, -1, out woken));
        Assert.Equal(-1, woken);
    }

    private delegate void Sleep(int* word);

    private void PingPong(Sleep sleep)
    {
        const int Rounds = 2000;
        HangGuard.AtOnce(() => Side(_first, _second, begins: true), () => Side(_second, _first, begins: false));

        void Side(int* own, int* other, bool begins)
        {
            for (int i = 0; i < Rounds; i++)
            {
                if (!begins || i > 0)
                {
                    while (Volatile.Read(ref *own) == 0) sleep(own);
                    Volatile.Write(ref *own, 0);
                }

                Volatile.Write(ref *other, 1);
                Futex.WakeAll(other);
            }
        }
    }
}
