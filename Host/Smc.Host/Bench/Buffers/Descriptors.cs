using Smc.Transport.Memory;

namespace Smc.Host.Bench.Buffers;

/// <summary>Buffers by index: take an idle one and give it back, beside others that stay in use.</summary>
internal interface IDescriptors
{
    int Take();

    void Return(int index);
}

/// <summary>Idle buffers in a lock-free list.</summary>
internal readonly struct ListedDescriptors : IDescriptors
{
    private readonly FreeList _idle;

    public ListedDescriptors(int inUse, int threads)
    {
        _idle = new FreeList(inUse + threads);
        for (int index = 0; index < threads; index++) _idle.Push(inUse + index);
    }

    public int Take() => _idle.TryPop(out int index) ? index : throw new InvalidOperationException("no buffer is idle");

    public void Return(int index) => _idle.Push(index);
}

/// <summary>All buffers in one list under a reader-writer lock, the oldest first: who takes walks it to the first that is not in use, and marks that.</summary>
internal readonly struct WalkedDescriptors : IDescriptors
{
    private readonly ReaderWriterLockSlim _lock = new();
    private readonly Descriptor[] _all;

    public WalkedDescriptors(int inUse, int threads)
    {
        _all = [.. Enumerable.Range(0, inUse + threads).Select(index => new Descriptor { Index = index, Used = index < inUse ? 1 : 0 })];
        for (int index = 1; index < _all.Length; index++) _all[index - 1].Next = _all[index];
    }

    public int Take()
    {
        _lock.EnterReadLock();
        try
        {
            for (Descriptor? at = _all[0]; at is not null; at = at.Next)
                if (Volatile.Read(ref at.Used) == 0 && Interlocked.CompareExchange(ref at.Used, 1, 0) == 0) return at.Index;
            throw new InvalidOperationException("no buffer is idle");
        }
        finally
        {
            _lock.ExitReadLock();
        }
    }

    public void Return(int index) => Volatile.Write(ref _all[index].Used, 0);

    private sealed class Descriptor
    {
        public int Index;
        public int Used;
        public Descriptor? Next;
    }
}

/// <summary>Takes and returns.</summary>
/// <param name="name">Of the row.</param>
/// <param name="descriptors">The contender; a struct, so that the loop is compiled for it.</param>
/// <param name="rounds">Of one call of <see cref="Work"/>.</param>
internal sealed class DescriptorWork<T>(string name, T descriptors, int rounds) : IBufferWork
    where T : struct, IDescriptors
{
    public string Name => name;

    public void Validate()
    {
        int index = descriptors.Take();
        descriptors.Return(index);
        if (descriptors.Take() != index) throw new InvalidOperationException("the buffer that was given back is not idle");
        descriptors.Return(index);
    }

    public long Work(int thread)
    {
        for (int round = 0; round < rounds; round++) descriptors.Return(descriptors.Take());
        return rounds;
    }

    public void Dispose()
    {
    }
}
