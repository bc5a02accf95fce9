using Smc.Transport.Memory;

namespace Smc.Transport.Tests.Memory;

public sealed class FreeListTests
{
    private const int Consumers = 4;

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(FreeList.MaxCapacity + 1)]
    public void A_capacity_out_of_range_is_refused(int capacity) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new FreeList(capacity));

    [Fact]
    public void Nothing_is_idle_at_first()
    {
        var list = new FreeList(3);
        Assert.Equal((0, 3), (list.Count, list.Capacity));
        Assert.False(list.TryPop(out int index));
        Assert.Equal(-1, index);
    }

    [Fact]
    public void What_was_given_back_last_comes_first()
    {
        FreeList list = Full(4);
        for (int expected = 3; expected >= 0; expected--)
        {
            Assert.Equal(expected + 1, list.Count);
            Assert.True(list.TryPop(out int index));
            Assert.Equal(expected, index);
        }

        Assert.False(list.TryPop(out _));
    }

    [Fact]
    public void A_buffer_that_is_given_back_twice_is_refused_by_name()
    {
        FreeList list = Full(2);
        Assert.Contains("Buffer 1", Assert.Throws<InvalidOperationException>(() => list.Push(1)).Message, StringComparison.Ordinal);
        Assert.True(list.TryPop(out int index));
        list.Push(index);
        Assert.Throws<InvalidOperationException>(() => list.Push(index));
        Assert.Equal(2, list.Count);
    }

    [Fact]
    public void A_pop_that_was_overtaken_by_the_same_buffer_coming_back_takes_nothing()
    {
        FreeList list = Full(3);
        ulong seen = list.Peek(out int index, out int next);   // stops here, knowing 2 and then 1
        Assert.Equal(2, index);
        Assert.True(list.TryPop(out _));                       // others take 2 and 1 and give 2 back
        Assert.True(list.TryPop(out int held));
        list.Push(2);
        Assert.False(list.TryTake(seen, index, next));         // with the index alone, 1 would be on top again and be handed out twice
        Assert.True(list.TryPop(out int top));
        Assert.Equal((2, 1), (top, held));
        Assert.True(list.TryPop(out int last));
        Assert.Equal(0, last);
    }

    [Fact]
    public void A_naive_list_hands_a_buffer_out_twice_where_a_pop_is_overtaken()
    {
        var list = new NaiveFreeList(3);
        Assert.True(list.TryPop(out int index, overtaken: () =>
        {
            Assert.True(list.TryPop(out int top));
            Assert.True(list.TryPop(out int held));
            Assert.Equal((2, 1), (top, held));
            list.Push(2);
        }));
        Assert.Equal(2, index);
        Assert.True(list.TryPop(out int again));
        Assert.Equal(1, again);   // it is held already
    }

    [Fact]
    public void Threads_that_take_and_return_get_a_buffer_out_of_a_naive_list_twice() =>
        Assert.Contains(Enumerable.Range(0, 10_000), _ => HandsOutTwice(new NaiveFreeList(3), rounds: 5_000));   // one may lose its buffers before it does

    [Fact]
    public void Threads_that_take_and_return_never_get_a_buffer_twice()
    {
        FreeList list = Full(3);
        Assert.False(HandsOutTwice(new Ours(list), rounds: 200_000));
        Assert.Equal(3, list.Count);
    }

    [Fact]
    public void Taking_and_returning_allocate_nothing()
    {
        FreeList list = Full(8);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100_000; i++)
        {
            list.TryPop(out int index);
            list.Push(index);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    /// <summary>Takes two and returns them in turn, on more threads than there are cores; the holder of a buffer is marked at it.</summary>
    private static bool HandsOutTwice(ITaken list, int rounds)
    {
        int[] holders = new int[3];
        int twice = 0;
        HangGuard.AtOnce([.. Enumerable.Range(1, Consumers).Select(self => (Action)(() => TakeAndReturn(self)))]);
        return twice != 0;

        void TakeAndReturn(int self)
        {
            for (int round = 0; Volatile.Read(ref twice) == 0 && round < rounds; round++)
            {
                if (!Take(self, out int first)) continue;
                if (Take(self, out int second)) Return(second);
                Return(first);
            }
        }

        bool Take(int self, out int index)
        {
            if (!list.TryPop(out index)) return false;
            if (Interlocked.Exchange(ref holders[index], self) != 0) Volatile.Write(ref twice, 1);
            return true;
        }

        void Return(int index)
        {
            Volatile.Write(ref holders[index], 0);
            if (Volatile.Read(ref twice) == 0) list.Push(index);
        }
    }

    private static FreeList Full(int capacity)
    {
        var list = new FreeList(capacity);
        for (int index = 0; index < capacity; index++) list.Push(index);
        return list;
    }

    private interface ITaken
    {
        bool TryPop(out int index);

        void Push(int index);
    }

    private sealed class Ours(FreeList list) : ITaken
    {
        public bool TryPop(out int index) => list.TryPop(out index);

        public void Push(int index) => list.Push(index);
    }

    /// <summary>The head is an index and nothing else: right with one consumer only.</summary>
    private sealed class NaiveFreeList : ITaken
    {
        private const int Nothing = -1;

        private readonly int[] _next;
        private int _head = Nothing;

        public NaiveFreeList(int capacity)
        {
            _next = new int[capacity];
            for (int index = 0; index < capacity; index++) Push(index);
        }

        public bool TryPop(out int index) => TryPop(out index, overtaken: null);

        /// <summary>Others are let past where it matters, and not only where the scheduler happens to take the core away.</summary>
        bool ITaken.TryPop(out int index) => TryPop(out index, overtaken: static () => Thread.Yield());

        public bool TryPop(out int index, Action? overtaken)
        {
            while (true)
            {
                index = Volatile.Read(ref _head);
                if (index == Nothing) return false;
                int next = Volatile.Read(ref _next[index]);
                overtaken?.Invoke();
                if (Interlocked.CompareExchange(ref _head, next, index) == index) return true;
            }
        }

        public void Push(int index)
        {
            while (true)
            {
                int top = Volatile.Read(ref _head);
                Volatile.Write(ref _next[index], top);
                if (Interlocked.CompareExchange(ref _head, index, top) == top) return;
            }
        }
    }
}
