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

/// <summary>Idle buffers in a walked list.</summary>
internal readonly struct WalkedDescriptors : IDescriptors
{
    private readonly WalkedList _all;

    public WalkedDescriptors(int inUse, int threads)
    {
        _all = new WalkedList(inUse + threads);
        for (int index = 0; index < threads; index++) _all.Push(inUse + index);
    }

    public int Take() => _all.TryPop(out int index) ? index : throw new InvalidOperationException("no buffer is idle");

    public void Return(int index) => _all.Push(index);
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
