using System.Runtime.InteropServices;
using Smc.Transport.Memory;

namespace Smc.Transport.Tests.Memory;

public sealed class AlfQueueTests
{
    private const int Capacity = 8;

    public static TheoryData<QueueSide, QueueSide> Pairings => new()
    {
        { QueueSide.Single, QueueSide.Single },
        { QueueSide.Single, QueueSide.Many },
        { QueueSide.Many, QueueSide.Single },
        { QueueSide.Many, QueueSide.Many },
    };

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(6)]
    [InlineData(-8)]
    public void A_capacity_that_is_no_power_of_two_is_refused(int capacity) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new AlfQueue<int>(capacity, QueueSide.Many, QueueSide.Many));

    [Theory]
    [MemberData(nameof(Pairings))]
    public void All_or_nothing_puts_and_takes_a_whole_batch_or_none(QueueSide producers, QueueSide consumers)
    {
        var queue = new AlfQueue<int>(Capacity, producers, consumers);
        Assert.True(queue.TryEnqueue([1, 2, 3, 4, 5]));
        Assert.False(queue.TryEnqueue([6, 7, 8, 9]));
        Assert.True(queue.TryEnqueue([6, 7, 8]));
        Assert.Equal(Capacity, queue.Count);
        int[] taken = new int[Capacity];
        Assert.True(queue.TryDequeue(taken.AsSpan(0, 6)));
        Assert.False(queue.TryDequeue(taken.AsSpan(0, 3)));
        Assert.True(queue.TryDequeue(taken.AsSpan(6)));
        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8], taken);
        Assert.Equal(0, queue.Count);
    }

    [Theory]
    [MemberData(nameof(Pairings))]
    public void Partly_puts_and_takes_what_fits(QueueSide producers, QueueSide consumers)
    {
        var queue = new AlfQueue<int>(Capacity, producers, consumers);
        Assert.Equal(6, queue.Enqueue([1, 2, 3, 4, 5, 6]));
        Assert.Equal(2, queue.Enqueue([7, 8, 9, 10]));
        Assert.Equal(0, queue.Enqueue([9]));
        int[] taken = new int[16];
        Assert.Equal(Capacity, queue.Dequeue(taken));
        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8], taken[..Capacity]);
        Assert.Equal(0, queue.Dequeue(taken));
    }

    [Theory]
    [MemberData(nameof(Pairings))]
    public void An_empty_batch_is_put_and_taken_by_a_full_and_an_empty_queue(QueueSide producers, QueueSide consumers)
    {
        var queue = new AlfQueue<int>(Capacity, producers, consumers);
        Assert.True(queue.TryDequeue([]));
        Assert.Equal(0, queue.Dequeue([]));
        Assert.True(queue.TryEnqueue(new int[Capacity]));
        Assert.True(queue.TryEnqueue([]));
        Assert.Equal(0, queue.Enqueue([]));
    }

    [Theory]
    [MemberData(nameof(Pairings))]
    public void The_indices_wrap_at_32_bits(QueueSide producers, QueueSide consumers)
    {
        var queue = new AlfQueue<int>(Capacity, producers, consumers, start: uint.MaxValue - 10);
        Span<int> taken = stackalloc int[5];
        for (int i = 0; i < 12; i++)   // past the wrap, at each place of the array
        {
            Assert.True(queue.TryEnqueue([i, i + 1, i + 2, i + 3, i + 4]));
            Assert.Equal(3, queue.Enqueue([-1, -2, -3, -4]));
            Assert.Equal(Capacity, queue.Count);
            Assert.True(queue.TryDequeue(taken));
            Assert.Equal([i, i + 1, i + 2, i + 3, i + 4], taken.ToArray());
            Assert.Equal(3, queue.Dequeue(taken));
            Assert.Equal([-1, -2, -3], taken[..3].ToArray());
            Assert.False(queue.TryDequeue(taken[..1]));
        }
    }

    [Fact]
    public void Random_batches_come_out_as_they_went_in() => Seeds.Run(seed =>
    {
        var random = new Random(seed);
        var model = new Queue<int>();
        var queue = new AlfQueue<int>(Capacity, QueueSide.Many, QueueSide.Many, start: (uint)random.NextInt64(uint.MaxValue));
        for (int step = 0; step < 20_000; step++)
        {
            int[] batch = new int[random.Next(Capacity + 3)];
            if (random.Next(2) == 0)
            {
                for (int i = 0; i < batch.Length; i++) batch[i] = step + i;
                bool isWhole = random.Next(2) == 0;
                int put = isWhole ? (queue.TryEnqueue(batch) ? batch.Length : 0) : queue.Enqueue(batch);
                int room = Capacity - model.Count;
                Assert.Equal(batch.Length <= room ? batch.Length : isWhole ? 0 : room, put);
                foreach (int item in batch.Take(put)) model.Enqueue(item);
            }
            else
            {
                int taken = queue.Dequeue(batch);
                Assert.Equal(Math.Min(batch.Length, model.Count), taken);
                foreach (int item in batch.Take(taken)) Assert.Equal(model.Dequeue(), item);
            }

            Assert.Equal(model.Count, queue.Count);
        }
    });

    [Theory]
    [MemberData(nameof(Pairings))]
    public void Threads_put_and_take_each_element_once_and_each_producers_in_order(QueueSide producers, QueueSide consumers)
    {
        const int Each = 200_000;
        int producing = producers == QueueSide.Many ? 2 : 1, consuming = consumers == QueueSide.Many ? 2 : 1;
        var queue = new AlfQueue<long>(64, producers, consumers, start: uint.MaxValue - Each);
        long[][] taken = new long[consuming][];
        int left = producing * Each;
        HangGuard.AtOnce([
            .. Enumerable.Range(0, producing).Select(self => (Action)(() => Produce(self))),
            .. Enumerable.Range(0, consuming).Select(self => (Action)(() => taken[self] = Consume())),
        ]);
        foreach (long[] one in taken)   // a consumer sees each producer's elements in their order
            for (int producer = 0; producer < producing; producer++) Assert.Equal(Of(one, producer).Order(), Of(one, producer));
        for (int producer = 0; producer < producing; producer++)
            Assert.Equal(Enumerable.Range(0, Each).Select(i => (long)i), taken.SelectMany(one => Of(one, producer)).Order());

        static long[] Of(long[] all, int producer) => [.. all.Where(item => item >> 32 == producer).Select(item => item & uint.MaxValue)];

        void Produce(int self)
        {
            Span<long> batch = stackalloc long[7];
            var spinner = default(SpinWait);
            for (int next = 0; next < Each;)
            {
                int count = Math.Min(batch.Length, Each - next);
                for (int i = 0; i < count; i++) batch[i] = ((long)self << 32) | (uint)(next + i);
                int put = queue.Enqueue(batch[..count]);
                next += put;
                if (put == 0) spinner.SpinOnce(sleep1Threshold: -1);
            }
        }

        long[] Consume()
        {
            var all = new List<long>();
            Span<long> batch = stackalloc long[5];
            var spinner = default(SpinWait);
            while (Volatile.Read(ref left) > 0)
            {
                int count = queue.Dequeue(batch);
                all.AddRange(batch[..count]);
                if (count == 0) spinner.SpinOnce(sleep1Threshold: -1);
                else Interlocked.Add(ref left, -count);
            }

            return [.. all];
        }
    }

    [Fact]
    public void The_array_forgets_what_was_taken()
    {
        var queue = new AlfQueue<object>(Capacity, QueueSide.Single, QueueSide.Single);
        WeakReference taken = PutAndTake(queue);
        GC.Collect();
        Assert.False(taken.IsAlive);

        static WeakReference PutAndTake(AlfQueue<object> queue)
        {
            object item = new();
            Assert.True(queue.TryEnqueue([item]));
            Assert.True(queue.TryDequeue(new object[1]));
            return new WeakReference(item);
        }
    }

    [Fact]
    public void What_producers_write_and_what_consumers_write_lie_on_lines_of_their_own()
    {
        Assert.Equal(3 * CacheLine.Size, Marshal.SizeOf<AlfIndices>());
        Assert.Equal(
            [CacheLine.Size, CacheLine.Size + 4, CacheLine.Size + 8],
            Offsets(nameof(AlfIndices.ProducerHead), nameof(AlfIndices.ProducerTail), nameof(AlfIndices.TailSeenByProducer)));
        Assert.Equal(
            [2 * CacheLine.Size, (2 * CacheLine.Size) + 4, (2 * CacheLine.Size) + 8],
            Offsets(nameof(AlfIndices.ConsumerHead), nameof(AlfIndices.ConsumerTail), nameof(AlfIndices.TailSeenByConsumer)));

        static int[] Offsets(params string[] fields) => [.. fields.Select(field => (int)Marshal.OffsetOf<AlfIndices>(field))];
    }

    [Fact]
    public void Moving_batches_allocates_nothing()
    {
        var queue = new AlfQueue<string>(64, QueueSide.Many, QueueSide.Many);
        string[] batch = [.. Enumerable.Repeat("", 16)];
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100_000; i++)
        {
            queue.TryEnqueue(batch);
            queue.TryDequeue(batch);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
