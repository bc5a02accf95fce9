using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Smc.Transport.Memory;

/// <summary>
/// A bounded pool in three tiers: what a thread takes and gives back comes from and goes to a stash of its own, without an atomic operation;
/// half a stash at a time moves to and from a queue that all threads share; behind that is the source. Whoever takes need not be who gives back.
/// A stash whose thread has ended goes to the others before the source is asked.
/// </summary>
/// <typeparam name="T">What is pooled. The pool does not notice an item that is given back twice.</typeparam>
public sealed class QuickPool<T> : IDisposable
    where T : class
{
    private readonly IPoolSource<T> _source;
    private readonly QuickPoolSettings _settings;
    private readonly AlfQueue<Slot> _queue;
    private readonly Lock _registration = new();
    private readonly List<Stash> _stashes = [];
    private long _hitsOfTheDead;
    private long _refills;
    private long _spills;
    private long _frees;
    private long _refusals;
    private int _items;
    private bool _isDisposed;

    /// <param name="source">Makes and ends items.</param>
    /// <param name="settings">The bounds.</param>
    /// <exception cref="ArgumentOutOfRangeException">A bound is out of its range.</exception>
    public QuickPool(IPoolSource<T> source, QuickPoolSettings settings)
    {
        settings.Check();
        _source = source;
        _settings = settings;
        _queue = new AlfQueue<Slot>(settings.Queue, QueueSide.Many, QueueSide.Many);
    }

    private int Batch => _settings.Stash / 2;

    /// <summary>Takes an item.</summary>
    /// <returns>False at the limit, or where the source has none.</returns>
    /// <exception cref="ObjectDisposedException">The pool has ended.</exception>
    public bool TryTake([NotNullWhen(true)] out T? item)
    {
        Stash stash = OwnStash();
        int count = stash.Count - 1;
        if (count < 0) return TryTakeSlowly(stash, out item);
        ref Slot slot = ref stash.Slots[count];
        item = slot.Item!;
        slot.Item = null;
        stash.Count = count;
        stash.Hits++;
        return true;
    }

    /// <summary>Gives an item back that this pool handed out, to whichever thread.</summary>
    /// <exception cref="ObjectDisposedException">The pool has ended.</exception>
    public void Return(T item)
    {
        Stash stash = OwnStash();
        int count = stash.Count;
        if (count == stash.Slots.Length) count = Spill(stash);
        stash.Slots[count].Item = item;
        stash.Count = count + 1;
    }

    /// <summary>Ends idle items until at most <paramref name="keep"/> are in the queue. A living thread keeps its stash.</summary>
    public void Trim(int keep)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(keep);
        ReclaimStashes();
        Span<Slot> slots = new Slot[Batch];
        while (_queue.Count is var there && there > keep)
        {
            int taken = _queue.Dequeue(slots[..Math.Min(slots.Length, there - keep)]);
            Free(slots[..taken]);
        }
    }

    /// <summary>What the pool has done, and what it has.</summary>
    public QuickPoolStatistics Statistics
    {
        get
        {
            long hits = 0;
            int stashed = 0;
            lock (_registration)
            {
                foreach (Stash stash in _stashes)
                {
                    hits += Volatile.Read(ref stash.Hits);
                    stashed += Volatile.Read(ref stash.Count);
                }

                hits += _hitsOfTheDead;
            }

            long frees = Volatile.Read(ref _frees);
            return new QuickPoolStatistics(
                hits, Volatile.Read(ref _refills), Volatile.Read(ref _spills), Volatile.Read(ref _items) + frees, frees,
                Volatile.Read(ref _refusals), _queue.Count, stashed);
        }
    }

    /// <summary>Ends all idle items. Nobody uses the pool any more; items in use are their holders' to end.</summary>
    public void Dispose()
    {
        lock (_registration)
        {
            _isDisposed = true;
            foreach (Stash stash in _stashes) Empty(stash);
            _stashes.Clear();
        }

        Span<Slot> slots = new Slot[Batch];
        while (_queue.Dequeue(slots) is var taken && taken > 0) Free(slots[..taken]);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool TryTakeSlowly(Stash stash, [NotNullWhen(true)] out T? item)
    {
        int taken = _queue.Dequeue(stash.Slots.AsSpan(0, Batch));
        if (taken == 0 && ReclaimStashes()) taken = _queue.Dequeue(stash.Slots.AsSpan(0, Batch));
        if (taken == 0) return TryAllocate(out item);
        Interlocked.Increment(ref _refills);
        ref Slot last = ref stash.Slots[taken - 1];
        item = last.Item!;
        last.Item = null;
        stash.Count = taken - 1;
        return true;
    }

    private bool TryAllocate([NotNullWhen(true)] out T? item)
    {
        item = null;
        if (TryCount())
        {
            if (_source.TryAllocate(out item)) return true;
            Interlocked.Decrement(ref _items);
        }

        Interlocked.Increment(ref _refusals);
        return false;
    }

    /// <summary>Counts an item that is to be made; at the limit none. An exchange fails only where another has succeeded, or an item has ended.</summary>
    private bool TryCount()
    {
        int seen = Volatile.Read(ref _items);
        while (seen < _settings.Limit)
        {
            int now = Interlocked.CompareExchange(ref _items, seen + 1, seen);
            if (now == seen) return true;
            seen = now;
        }

        return false;
    }

    /// <summary>Makes room in a full stash: the half that has lain longest goes.</summary>
    /// <returns>What is left.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private int Spill(Stash stash)
    {
        Span<Slot> cold = stash.Slots.AsSpan(0, Batch);
        Interlocked.Increment(ref _spills);
        GiveAway(cold);
        stash.Slots.AsSpan(Batch).CopyTo(stash.Slots);
        stash.Slots.AsSpan(stash.Slots.Length - Batch).Clear();
        return stash.Slots.Length - Batch;
    }

    /// <summary>To the queue, and what that has no room for to the source.</summary>
    private void GiveAway(Span<Slot> slots) => Free(slots[_queue.Enqueue(slots)..]);

    private void Free(ReadOnlySpan<Slot> slots)
    {
        foreach (Slot slot in slots) _source.Free(slot.Item!);
        Interlocked.Add(ref _items, -slots.Length);
        Interlocked.Add(ref _frees, slots.Length);
    }

    private Stash OwnStash()
    {
        ThreadStash? first = ThreadStash.First;
        if (first is null || first.Pool != this) first = FindStash();
        return Unsafe.As<Stash>(first);   // a stash of this pool is of this type: no check on the hit path
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private ThreadStash FindStash()
    {
        if (ThreadStash.Find(this) is { } found) return found;
        var created = new Stash(this, _settings.Stash);
        lock (_registration)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            _stashes.Add(created);
        }

        created.Add();
        return created;
    }

    /// <returns>True where a thread had left something.</returns>
    private bool ReclaimStashes()
    {
        bool found = false;
        lock (_registration)
        {
            for (int i = _stashes.Count - 1; i >= 0; i--)
            {
                Stash stash = _stashes[i];

                // SYNC stash: what the thread wrote in QuickPool.TryTake and QuickPool.Return is seen here after Join has found it ended.
                if (stash.Thread.IsAlive || !stash.Thread.Join(0)) continue;
                found |= stash.Count > 0;
                Empty(stash);
                _stashes.RemoveAt(i);
            }
        }

        return found;
    }

    private void Empty(Stash stash)
    {
        _hitsOfTheDead += stash.Hits;
        GiveAway(stash.Slots.AsSpan(0, stash.Count));
        stash.Slots.AsSpan().Clear();
        stash.Count = 0;
        stash.Pool = null;
    }

    /// <summary>An item without the type check of an array store.</summary>
    private struct Slot
    {
        public T? Item;
    }

    private sealed class Stash(QuickPool<T> pool, int capacity) : ThreadStash(pool)
    {
        public readonly Slot[] Slots = new Slot[capacity];
        public int Count;
        public long Hits;
    }
}
