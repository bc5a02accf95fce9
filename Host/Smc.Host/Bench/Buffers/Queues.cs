using System.Collections.Concurrent;
using Smc.Transport.Memory;

namespace Smc.Host.Bench.Buffers;

/// <summary>A queue of numbers that moves batches.</summary>
internal interface INumberQueue
{
    /// <returns>How many of them, the first ones.</returns>
    int Put(ReadOnlySpan<int> numbers);

    int Take(Span<int> numbers);
}

internal readonly struct ArrayQueue(QueueSide producers, QueueSide consumers) : INumberQueue
{
    private readonly AlfQueue<int> _queue = new(QueueWork<ArrayQueue>.Most, producers, consumers);

    public int Put(ReadOnlySpan<int> numbers) => _queue.Enqueue(numbers);

    public int Take(Span<int> numbers) => _queue.Dequeue(numbers);
}

/// <summary>One at a time: that queue has no batches. It is not bounded either; its producers stop at the other queue's bound.</summary>
internal readonly struct LinkedQueue() : INumberQueue
{
    private readonly ConcurrentQueue<int> _queue = new();

    public int Put(ReadOnlySpan<int> numbers)
    {
        if (_queue.Count > QueueWork<LinkedQueue>.Most - numbers.Length) return 0;
        foreach (int number in numbers) _queue.Enqueue(number);
        return numbers.Length;
    }

    public int Take(Span<int> numbers)
    {
        int taken = 0;
        while (taken < numbers.Length && _queue.TryDequeue(out numbers[taken])) taken++;
        return taken;
    }
}

/// <summary>The first threads put, as many others take, and count.</summary>
internal sealed class QueueWork<T>(string name, T queue, int producers, int batch) : IBufferWork
    where T : struct, INumberQueue
{
    /// <summary>Elements in the queue at most.</summary>
    public const int Most = 1024;

    private const int Batches = 100;

    public string Name => name;

    public void Validate()
    {
        int[] put = [.. Enumerable.Range(0, batch)], taken = new int[batch];
        bool isWhole = queue.Put(put) == batch && queue.Take(taken) == batch && put.SequenceEqual(taken);
        if (!isWhole) throw new InvalidOperationException("other numbers came out than went in");
    }

    public long Work(int thread) => thread < producers ? Put() : Take();

    private int Put()
    {
        Span<int> numbers = stackalloc int[batch];
        for (int i = 0; i < Batches; i++)
            if (queue.Put(numbers) == 0) Thread.Yield();
        return 0;
    }

    private long Take()
    {
        Span<int> numbers = stackalloc int[batch];
        long taken = 0;
        for (int i = 0; i < Batches; i++)
        {
            int count = queue.Take(numbers);
            taken += count;
            if (count == 0) Thread.Yield();
        }

        return taken;
    }

    public void Dispose()
    {
    }
}
