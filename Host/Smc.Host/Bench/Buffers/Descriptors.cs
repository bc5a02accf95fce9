using Smc.Transport.Interop.Linux;
using Smc.Transport.Memory;

namespace Smc.Host.Bench.Buffers;

/// <summary>Buffers: take an idle one and give it back, beside others that stay in use.</summary>
/// <typeparam name="TBuffer">What one goes by.</typeparam>
internal interface IDescriptors<TBuffer> : IDisposable
{
    TBuffer Take();

    void Return(TBuffer buffer);
}

/// <summary>Idle buffers in a lock-free list.</summary>
internal readonly struct ListedDescriptors : IDescriptors<int>
{
    private readonly FreeList _idle;

    public ListedDescriptors(int inUse, int threads)
    {
        _idle = new FreeList(inUse + threads);
        for (int index = 0; index < threads; index++) _idle.Push(inUse + index);
    }

    public int Take() => _idle.TryPop(out int index) ? index : throw new InvalidOperationException("no buffer is idle");

    public void Return(int index) => _idle.Push(index);

    public void Dispose()
    {
    }
}

/// <summary>Idle buffers in a walked list.</summary>
internal readonly struct WalkedDescriptors : IDescriptors<int>
{
    private readonly WalkedList _all;

    public WalkedDescriptors(int inUse, int threads)
    {
        _all = new WalkedList(inUse + threads);
        for (int index = 0; index < threads; index++) _all.Push(inUse + index);
    }

    public int Take() => _all.TryPop(out int index) ? index : throw new InvalidOperationException("no buffer is idle");

    public void Return(int index) => _all.Push(index);

    public void Dispose()
    {
    }
}

/// <summary>DMBs as a link group has them: counted, zeroed, and idle in the lists of a pool.</summary>
internal readonly struct PooledDmbs : IDescriptors<Dmb>
{
    private readonly DmbPool _pool;
    private readonly List<DmbSlab> _slabs = [];
    private readonly SizeClass _size = SizeClass.ForSmcd(SizeClass.SmallestBytes);

    /// <param name="pool">Without slabs.</param>
    /// <param name="inUse">DMBs that stay out, at most <see cref="DmbPool.MaxOfClass"/> with those of the threads.</param>
    /// <param name="threads">That take one each.</param>
    public PooledDmbs(DmbPool pool, int inUse, int threads)
    {
        _pool = pool;
        while (_slabs.Sum(slab => slab.Count) < inUse + threads)
        {
            uint id = (uint)_slabs.Count + 1;
            MemoryError error = DmbSlab.TryCreate(id, _size, prefault: false, mappings: null, out DmbSlab? slab, out FileDescriptor? descriptor);
            if (error != MemoryError.None) throw new InvalidOperationException($"there is no memory for DMBs: {error}");
            descriptor!.Dispose();
            _slabs.Add(slab!);
            if (!pool.TryAdd(slab!)) throw new InvalidOperationException("the pool has no room");
        }

        for (int i = _slabs.Sum(slab => slab.Count) - threads; i > 0; i--) Take();   // also those that fill the last slab
    }

    public Dmb Take() => _pool.TryTake(_size, out Dmb? dmb) ? dmb : throw new InvalidOperationException("no DMB is idle");

    public void Return(Dmb dmb) => _pool.Return(dmb, 0, 0);

    public void Dispose()
    {
        foreach (DmbSlab slab in _slabs) slab.Dispose();
    }
}

/// <summary>Takes and returns.</summary>
/// <param name="name">Of the row.</param>
/// <param name="descriptors">The contender; a struct, so that the loop is compiled for it.</param>
/// <param name="rounds">Of one call of <see cref="Work"/>.</param>
internal sealed class DescriptorWork<T, TBuffer>(string name, T descriptors, int rounds) : IBufferWork
    where T : struct, IDescriptors<TBuffer>
{
    public string Name => name;

    public void Validate()
    {
        TBuffer buffer = descriptors.Take();
        descriptors.Return(buffer);
        TBuffer again = descriptors.Take();
        if (!Equals(buffer, again)) throw new InvalidOperationException("the buffer that was given back is not idle");
        descriptors.Return(again);
    }

    public long Work(int thread)
    {
        for (int round = 0; round < rounds; round++) descriptors.Return(descriptors.Take());
        return rounds;
    }

    public void Dispose() => descriptors.Dispose();
}
