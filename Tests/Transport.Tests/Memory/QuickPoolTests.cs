using System.Diagnostics.CodeAnalysis;
using Smc.Transport.Memory;

namespace Smc.Transport.Tests.Memory;

public sealed class QuickPoolTests
{
    private static readonly QuickPoolSettings Small = new(Stash: 8, Queue: 16, Limit: 64);

    private readonly Source _source = new();

    [Theory]
    [InlineData(0, 16, 64)]
    [InlineData(7, 16, 64)]
    [InlineData(4098, 8192, 64)]
    [InlineData(8, 4, 64)]
    [InlineData(8, 12, 64)]
    [InlineData(8, 16, 0)]
    public void Bounds_out_of_range_are_refused(int stash, int queue, int limit) =>
        Assert.ThrowsAny<ArgumentOutOfRangeException>(() => new QuickPool<Item>(_source, new QuickPoolSettings(stash, queue, limit)));

    [Fact]
    public void What_was_given_back_last_is_taken_first_and_is_a_hit()
    {
        using var pool = new QuickPool<Item>(_source, Small);
        Item first = Take(pool), second = Take(pool);
        pool.Return(first);
        pool.Return(second);
        Assert.Same(second, Take(pool));
        Assert.Same(first, Take(pool));
        Assert.Equal(new QuickPoolStatistics(Hits: 2, 0, 0, Allocations: 2, 0, 0, 0, 0), pool.Statistics);
        Assert.Equal((2, 2), (pool.Statistics.Items, pool.Statistics.InUse));
    }

    [Fact]
    public void A_full_stash_spills_half_of_itself_and_an_empty_one_refills_as_much()
    {
        using var pool = new QuickPool<Item>(_source, Small);
        Item[] items = TakeAll(pool, 12);
        foreach (Item item in items) pool.Return(item);   // the ninth spills 4 of 8
        Assert.Equal((1, 4, 8), (pool.Statistics.Spills, pool.Statistics.Queued, pool.Statistics.Stashed));
        Item[] again = TakeAll(pool, 12);
        Assert.Equal((1, 0, 0), (pool.Statistics.Refills, pool.Statistics.Queued, pool.Statistics.Stashed));
        Assert.Equal(items.OrderBy(i => i.Number), again.OrderBy(i => i.Number));
        Assert.Equal(12, pool.Statistics.Allocations);
        Assert.Same(items[11], again[0]);
    }

    [Fact]
    public void What_neither_stash_nor_queue_has_room_for_goes_back_to_the_source()
    {
        using var pool = new QuickPool<Item>(_source, Small);
        foreach (Item item in TakeAll(pool, 40)) pool.Return(item);
        QuickPoolStatistics all = pool.Statistics;
        Assert.Equal((16, 40), (all.Queued, all.Allocations));
        Assert.Equal(40 - all.Queued - all.Stashed, all.Frees);
        Assert.Equal(all.Frees, _source.Freed);
        Assert.Equal(0, all.InUse);
    }

    [Fact]
    public void At_the_limit_a_take_is_refused_and_counted()
    {
        using var pool = new QuickPool<Item>(_source, Small with { Limit = 3 });
        Item[] items = TakeAll(pool, 3);
        Assert.False(pool.TryTake(out Item? none));
        Assert.Null(none);
        Assert.Equal((1, 3), (pool.Statistics.Refusals, _source.Allocated));
        pool.Return(items[0]);
        Assert.Same(items[0], Take(pool));
    }

    [Fact]
    public void A_source_that_has_none_refuses_and_is_asked_again()
    {
        using var pool = new QuickPool<Item>(_source, Small);
        _source.IsEmpty = true;
        Assert.False(pool.TryTake(out _));
        _source.IsEmpty = false;
        Assert.NotNull(Take(pool));
        Assert.Equal((1, 1), (pool.Statistics.Refusals, pool.Statistics.Items));
    }

    [Fact]
    public async Task What_a_thread_that_has_ended_kept_is_taken_before_the_source_is_asked()
    {
        using var pool = new QuickPool<Item>(_source, Small);
        Item[] left = [];
        var thread = new Thread(() =>
        {
            left = TakeAll(pool, 3);
            foreach (Item item in left) pool.Return(item);
        });
        thread.Start();
        await HangGuard.OnThread(thread.Join);
        Assert.Equal(3, pool.Statistics.Stashed);
        Assert.Equal(left.OrderBy(i => i.Number), TakeAll(pool, 3).OrderBy(i => i.Number));
        Assert.Equal((3, 2), (pool.Statistics.Allocations, pool.Statistics.Hits));   // all three refilled at once
    }

    [Fact]
    public void One_thread_takes_and_another_gives_back_without_end()
    {
        const int Items = 100_000;
        using var pool = new QuickPool<Item>(_source, Small);
        var passed = new AlfQueue<Item>(16, QueueSide.Single, QueueSide.Single);
        HangGuard.AtOnce(
            () => Repeat(() => pool.TryTake(out Item? item) && Put(item)),
            () => Repeat(() => Get() is { } item && Give(item)));
        Assert.InRange(pool.Statistics.Items, 1, Small.Limit);
        Assert.Equal(0, pool.Statistics.InUse);

        void Repeat(Func<bool> step)
        {
            var spinner = default(SpinWait);
            for (int done = 0; done < Items;)
                if (step()) done++;
                else spinner.SpinOnce(sleep1Threshold: -1);
        }

        bool Put(Item item)
        {
            var spinner = default(SpinWait);
            while (!passed.TryEnqueue([item])) spinner.SpinOnce(sleep1Threshold: -1);
            return true;
        }

        Item? Get()
        {
            Item[] one = new Item[1];
            return passed.TryDequeue(one) ? one[0] : null;
        }

        bool Give(Item item)
        {
            pool.Return(item);
            return true;
        }
    }

    [Fact]
    public void Threads_never_hold_one_item_at_once()
    {
        using var pool = new QuickPool<Item>(_source, Small);
        HangGuard.AtOnce([.. Enumerable.Range(1, 4).Select(self => (Action)(() =>
        {
            var held = new Queue<Item>();
            for (int i = 0; i < 50_000; i++)
            {
                if (pool.TryTake(out Item? item))
                {
                    Assert.Equal(0, Interlocked.Exchange(ref item.Holder, self));
                    held.Enqueue(item);
                }

                if (held.Count < 1 + (i % 14)) continue;
                Item given = held.Dequeue();
                Assert.Equal(self, Interlocked.Exchange(ref given.Holder, 0));
                pool.Return(given);
            }

            foreach (Item item in held)
            {
                Interlocked.Exchange(ref item.Holder, 0);
                pool.Return(item);
            }
        }))]);
        QuickPoolStatistics all = pool.Statistics;
        Assert.Equal(0, all.InUse);
        Assert.InRange(all.Items, 1, Small.Limit);
        Assert.Equal(all.Items, _source.Allocated - _source.Freed);
    }

    [Fact]
    public void Nobody_ever_sees_more_items_than_the_limit_however_many_are_refused_at_once()
    {
        const int Asked = 200_000;
        using var pool = new QuickPool<Item>(_source, Small with { Limit = 1 });
        Take(pool);
        int asking = 3;
        HangGuard.AtOnce([Look, Ask, Ask, Ask]);
        Assert.Equal((1, 1L), (_source.Allocated, pool.Statistics.Allocations));

        void Look()
        {
            long most = 0;
            while (Volatile.Read(ref asking) > 0) most = Math.Max(most, pool.Statistics.Items);
            Assert.Equal(1, most);
        }

        void Ask()
        {
            bool isRefused = true;
            for (int i = 0; i < Asked; i++) isRefused &= !pool.TryTake(out _);
            Interlocked.Decrement(ref asking);
            Assert.True(isRefused);
        }
    }

    [Fact]
    public void What_a_pool_has_done_is_known_when_it_has_ended()
    {
        var pool = new QuickPool<Item>(_source, Small);
        for (int i = 0; i < 3; i++) pool.Return(Take(pool));
        pool.Dispose();
        Assert.Equal((2, 1, 1, 0), (pool.Statistics.Hits, pool.Statistics.Allocations, pool.Statistics.Frees, pool.Statistics.Stashed));
    }

    [Fact]
    public void Trimming_ends_what_the_queue_keeps_beyond_a_number()
    {
        using var pool = new QuickPool<Item>(_source, Small);
        foreach (Item item in TakeAll(pool, 20)) pool.Return(item);
        int queued = pool.Statistics.Queued;
        pool.Trim(keep: 3);
        Assert.Equal((3, queued - 3), (pool.Statistics.Queued, _source.Freed));
        pool.Trim(keep: 0);
        Assert.Equal(0, pool.Statistics.Queued);
    }

    [Fact]
    public void Every_idle_item_goes_back_to_the_source_with_its_pool()
    {
        var pool = new QuickPool<Item>(_source, Small);
        Item[] items = TakeAll(pool, 20);
        foreach (Item item in items.AsSpan(1)) pool.Return(item);
        pool.Dispose();
        Assert.Equal(19, _source.Freed);
        Assert.Throws<ObjectDisposedException>(() => pool.Return(items[0]));
        Assert.Throws<ObjectDisposedException>(() => pool.TryTake(out _));
    }

    [Fact]
    public void Pools_on_one_thread_keep_their_items_apart()
    {
        using var even = new QuickPool<Item>(_source, Small);
        var ended = new QuickPool<Item>(_source, Small);
        ended.Return(Take(ended));
        using var odd = new QuickPool<Item>(_source, Small);
        Item ofEven = Take(even), ofOdd = Take(odd);
        ended.Dispose();
        even.Return(ofEven);
        odd.Return(ofOdd);
        for (int i = 0; i < 3; i++)
        {
            Assert.Same(ofEven, Take(even));
            Assert.Same(ofOdd, Take(odd));
            odd.Return(ofOdd);
            even.Return(ofEven);
        }
    }

    [Fact]
    public void A_hit_allocates_nothing()
    {
        using var pool = new QuickPool<Item>(_source, Small);
        pool.Return(Take(pool));
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100_000; i++)
        {
            pool.TryTake(out Item? item);
            pool.Return(item!);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static Item Take(QuickPool<Item> pool)
    {
        Assert.True(pool.TryTake(out Item? item));
        return item;
    }

    private static Item[] TakeAll(QuickPool<Item> pool, int count) => [.. Enumerable.Range(0, count).Select(_ => Take(pool))];

    private sealed class Item(int number)
    {
        public int Holder;

        public int Number => number;
    }

    private sealed class Source : IPoolSource<Item>
    {
        private int _allocated;
        private int _freed;

        public bool IsEmpty { get; set; }

        public int Allocated => Volatile.Read(ref _allocated);

        public int Freed => Volatile.Read(ref _freed);

        public bool TryAllocate([NotNullWhen(true)] out Item? item)
        {
            item = IsEmpty ? null : new Item(Interlocked.Increment(ref _allocated));
            return item is not null;
        }

        public void Free(Item item) => Interlocked.Increment(ref _freed);
    }
}
