using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Smc.Transport.Memory;

/// <summary>How many threads use one side of an <see cref="AlfQueue{T}"/> at once.</summary>
public enum QueueSide : byte
{
    /// <summary>One: no atomic operation.</summary>
    Single,

    /// <summary>Any number: one compare-and-swap reserves a whole batch.</summary>
    Many,
}

/// <summary>
/// A bounded queue on an array that moves elements in batches. Each side has a head, up to which positions are reserved, and a tail, up to
/// which they are done; all four are 32-bit numbers that wrap, and positions are their low bits.
/// <code>
/// consumer tail &lt;= consumer head &lt;= producer tail &lt;= producer head &lt;= consumer tail + capacity
/// |  free       |  being taken      |  to be taken      |  being put        |  free
/// </code>
/// Many producers (consumers) finish in the order in which they reserved: one that stalls between the two delays those behind it, though
/// never an element before it. That is why it is no lock-free queue, and why none lives in memory that is shared with another process.
/// After the array-based lock-free queue that was published for the Linux network stack; the same four pairings and both modes.
/// </summary>
/// <typeparam name="T">Where it holds references, the array forgets them on dequeue.</typeparam>
public sealed class AlfQueue<T>
{
    /// <summary>The largest queue, in elements.</summary>
    public const int MaxCapacity = 1 << 30;

    private readonly T[] _items;
    private readonly uint _mask;
    private readonly bool _manyProducers;
    private readonly bool _manyConsumers;
    private AlfIndices _at;

    /// <param name="capacity">Elements; a power of two, 2 to <see cref="MaxCapacity"/>.</param>
    /// <param name="producers">How many enqueue at once.</param>
    /// <param name="consumers">How many dequeue at once.</param>
    /// <exception cref="ArgumentOutOfRangeException">The capacity is no power of two, or out of its range.</exception>
    public AlfQueue(int capacity, QueueSide producers, QueueSide consumers)
        : this(capacity, producers, consumers, start: 0)
    {
    }

    /// <param name="capacity">As above.</param>
    /// <param name="producers">As above.</param>
    /// <param name="consumers">As above.</param>
    /// <param name="start">Where the indices begin, for tests of their wrap.</param>
    internal AlfQueue(int capacity, QueueSide producers, QueueSide consumers, uint start)
    {
        if (capacity is < 2 or > MaxCapacity || !BitOperations.IsPow2(capacity))
            throw new ArgumentOutOfRangeException(nameof(capacity), capacity, $"The capacity of a queue is a power of two from 2 to {MaxCapacity}.");
        _items = new T[capacity];
        _mask = (uint)capacity - 1;
        _manyProducers = producers == QueueSide.Many;
        _manyConsumers = consumers == QueueSide.Many;
        _at = new AlfIndices(start);
    }

    /// <summary>Elements that it holds at most.</summary>
    public int Capacity => _items.Length;

    /// <summary>Elements that can be taken: exact while nobody puts or takes, and what was true a moment ago otherwise.</summary>
    public int Count
    {
        get
        {
            uint taken = Volatile.Read(ref _at.ConsumerTail);   // first: read last, it could be ahead of the producers as they were
            return (int)Math.Min(Volatile.Read(ref _at.ProducerTail) - taken, (uint)Capacity);
        }
    }

    /// <summary>Puts all of <paramref name="items"/> or none.</summary>
    /// <returns>False where there is no room for all.</returns>
    public bool TryEnqueue(ReadOnlySpan<T> items) => items.Length == 0 || Put(items, atLeast: items.Length) != 0;

    /// <summary>Puts as many of <paramref name="items"/>, the first ones, as there is room for.</summary>
    /// <returns>How many.</returns>
    public int Enqueue(ReadOnlySpan<T> items) => items.Length == 0 ? 0 : Put(items, atLeast: 1);

    /// <summary>Fills all of <paramref name="items"/> or takes none.</summary>
    /// <returns>False where there are not so many.</returns>
    public bool TryDequeue(Span<T> items) => items.Length == 0 || Take(items, atLeast: items.Length) != 0;

    /// <summary>Takes as many as there are and <paramref name="items"/> holds.</summary>
    /// <returns>How many; they are the first ones of <paramref name="items"/>.</returns>
    public int Dequeue(Span<T> items) => items.Length == 0 ? 0 : Take(items, atLeast: 1);

    private int Put(ReadOnlySpan<T> items, int atLeast)
    {
        uint head, count;
        var backoff = default(Backoff);
        while (true)
        {
            head = Volatile.Read(ref _at.ProducerHead);
            count = Math.Min(Free(head, items.Length), (uint)items.Length);
            if (count < (uint)atLeast) return 0;
            if (TryReserve(ref _at.ProducerHead, head, count, _manyProducers)) break;
            backoff.Wait();
        }

        int at = (int)(head & _mask);
        int first = Math.Min((int)count, Capacity - at);
        items[..first].CopyTo(_items.AsSpan(at));
        if (first < (int)count) items[first..(int)count].CopyTo(_items);
        Done(ref _at.ProducerTail, head, count, _manyProducers);   // SYNC alf-put: after the elements; pairs with the read of ProducerTail in AlfQueue.There
        return (int)count;
    }

    private int Take(Span<T> items, int atLeast)
    {
        uint head, count;
        var backoff = default(Backoff);
        while (true)
        {
            head = Volatile.Read(ref _at.ConsumerHead);
            count = Math.Min(There(head, items.Length), (uint)items.Length);
            if (count < (uint)atLeast) return 0;
            if (TryReserve(ref _at.ConsumerHead, head, count, _manyConsumers)) break;
            backoff.Wait();
        }

        int at = (int)(head & _mask);
        int first = Math.Min((int)count, Capacity - at);
        Move(at, items[..first]);
        if (first < (int)count) Move(0, items[first..(int)count]);
        Done(ref _at.ConsumerTail, head, count, _manyConsumers);   // SYNC alf-taken: after the elements; pairs with the read of ConsumerTail in AlfQueue.Free
        return (int)count;
    }

    /// <summary>Free positions from <paramref name="head"/> on; any number where many producers have left that head behind.</summary>
    private uint Free(uint head, int wanted)
    {
        uint free = (uint)Capacity - (head - _at.TailSeenByProducer);
        if (!_manyProducers && free >= (uint)wanted) return free;
        uint tail = Volatile.Read(ref _at.ConsumerTail);   // SYNC alf-taken: what is put there is written after it was taken; pairs with Done in AlfQueue.Take
        if (!_manyProducers) _at.TailSeenByProducer = tail;
        return (uint)Capacity - (head - tail);
    }

    /// <summary>Elements from <paramref name="head"/> on; any number where many consumers have left that head behind.</summary>
    private uint There(uint head, int wanted)
    {
        uint there = _at.TailSeenByConsumer - head;
        if (!_manyConsumers && there >= (uint)wanted) return there;
        uint tail = Volatile.Read(ref _at.ProducerTail);   // SYNC alf-put: before the elements; pairs with Done in AlfQueue.Put
        if (!_manyConsumers) _at.TailSeenByConsumer = tail;
        return tail - head;
    }

    private void Move(int at, Span<T> items)
    {
        Span<T> from = _items.AsSpan(at, items.Length);
        from.CopyTo(items);
        if (RuntimeHelpers.IsReferenceOrContainsReferences<T>()) from.Clear();
    }

    /// <summary>
    /// Reserves positions. What was reckoned with a head that others have left behind means nothing, and fails here: a thread would have to
    /// stop between the two for a multiple of 2^32 elements to be fooled.
    /// </summary>
    private static bool TryReserve(ref uint word, uint head, uint count, bool many)
    {
        if (many) return Interlocked.CompareExchange(ref word, head + count, head) == head;
        Volatile.Write(ref word, head + count);
        return true;
    }

    /// <summary>Tells the other side, after those who have reserved before.</summary>
    private static void Done(ref uint tail, uint head, uint count, bool many)
    {
        // SYNC alf-turn: what those before have put or taken comes with their store, and goes on with this one; pairs with itself in AlfQueue.Done.
        if (many && Volatile.Read(ref tail) != head) WaitFor(ref tail, head);
        Volatile.Write(ref tail, head + count);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void WaitFor(ref uint tail, uint head)
    {
        var spinner = default(SpinWait);
        while (Volatile.Read(ref tail) != head) spinner.SpinOnce(sleep1Threshold: -1);
    }
}

/// <summary>The indices of an <see cref="AlfQueue{T}"/>: what producers write, and what consumers write, on lines of their own.</summary>
[StructLayout(LayoutKind.Explicit, Size = 3 * CacheLine.Size)]
internal struct AlfIndices
{
    /// <summary>Producers have reserved up to here.</summary>
    [FieldOffset(CacheLine.Size)]
    public uint ProducerHead;

    /// <summary>Producers are done up to here.</summary>
    [FieldOffset(CacheLine.Size + 4)]
    public uint ProducerTail;

    /// <summary>What a single producer has last seen of <see cref="ConsumerTail"/>: while that is room enough, it does not look at the other line.</summary>
    [FieldOffset(CacheLine.Size + 8)]
    public uint TailSeenByProducer;

    /// <summary>Consumers have reserved up to here.</summary>
    [FieldOffset(2 * CacheLine.Size)]
    public uint ConsumerHead;

    /// <summary>Consumers are done up to here.</summary>
    [FieldOffset((2 * CacheLine.Size) + 4)]
    public uint ConsumerTail;

    /// <summary>What a single consumer has last seen of <see cref="ProducerTail"/>.</summary>
    [FieldOffset((2 * CacheLine.Size) + 8)]
    public uint TailSeenByConsumer;

    public AlfIndices(uint start) =>
        ProducerHead = ProducerTail = TailSeenByProducer = ConsumerHead = ConsumerTail = TailSeenByConsumer = start;
}
