using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.ObjectPool;
using Smc.Transport.Memory;

namespace Smc.Host.Bench.Buffers;

/// <summary>A pool of buffers of one size.</summary>
internal interface IBytePool : IDisposable
{
    /// <summary>Of a buffer, in bytes.</summary>
    const int Size = 2048;

    byte[] Take();

    void Return(byte[] buffer);
}

internal readonly struct QuickBytes() : IBytePool
{
    private readonly QuickPool<byte[]> _pool = new(new Source(), new QuickPoolSettings(Stash: 128, Queue: 1024, Limit: 4096));

    public byte[] Take() => _pool.TryTake(out byte[]? buffer) ? buffer : throw new InvalidOperationException("the pool is at its limit");

    public void Return(byte[] buffer) => _pool.Return(buffer);

    public void Dispose() => _pool.Dispose();

    private sealed class Source : IPoolSource<byte[]>
    {
        public bool TryAllocate([NotNullWhen(true)] out byte[]? item)
        {
            item = new byte[IBytePool.Size];
            return true;
        }

        public void Free(byte[] item)
        {
        }
    }
}

internal readonly struct SharedArrays : IBytePool
{
    public byte[] Take() => ArrayPool<byte>.Shared.Rent(IBytePool.Size);

    public void Return(byte[] buffer) => ArrayPool<byte>.Shared.Return(buffer);

    public void Dispose()
    {
    }
}

internal readonly struct ObjectBytes() : IBytePool
{
    private readonly DefaultObjectPool<byte[]> _pool = new(new Policy(), maximumRetained: 1024);

    public byte[] Take() => _pool.Get();

    public void Return(byte[] buffer) => _pool.Return(buffer);

    public void Dispose()
    {
    }

    private sealed class Policy : PooledObjectPolicy<byte[]>
    {
        public override byte[] Create() => new byte[IBytePool.Size];

        public override bool Return(byte[] obj) => true;
    }
}

/// <summary>Takes a burst, then gives it back; a burst of one is a hit after a hit.</summary>
internal sealed class BurstWork<T>(string name, T pool, int burst, int rounds) : IBufferWork
    where T : struct, IBytePool
{
    private readonly byte[][] _taken = new byte[burst][];

    public string Name => name;

    public void Validate()
    {
        for (int i = 0; i < burst; i++) _taken[i] = pool.Take();
        bool isWhole = _taken.All(buffer => buffer.Length >= IBytePool.Size) && _taken.Distinct().Count() == burst;
        if (!isWhole) throw new InvalidOperationException("a buffer was handed out twice");
        foreach (byte[] buffer in _taken) pool.Return(buffer);
    }

    public long Work(int thread)
    {
        byte[][] taken = _taken;
        for (int round = 0; round < rounds; round += taken.Length)
        {
            for (int i = 0; i < taken.Length; i++) taken[i] = pool.Take();
            for (int i = 0; i < taken.Length; i++) pool.Return(taken[i]);
        }

        return rounds;
    }

    public void Dispose() => pool.Dispose();
}

/// <summary>One thread takes, another gives back.</summary>
internal sealed class HandoverWork<T>(string name, T pool) : IBufferWork
    where T : struct, IBytePool
{
    private const int Batch = 16;
    private const int Batches = 20;

    private readonly AlfQueue<byte[]> _passed = new(256, QueueSide.Single, QueueSide.Single);
    private readonly byte[][] _taken = new byte[Batch][];
    private readonly byte[][] _given = new byte[Batch][];

    public string Name => name;

    public void Validate()
    {
        Take();
        if (Give() == 0) throw new InvalidOperationException("nothing was passed");
    }

    public long Work(int thread) => thread == 0 ? Take() : Give();

    private int Take()
    {
        for (int i = 0; i < Batches; i++)
        {
            if (_passed.Count > _passed.Capacity - Batch)
            {
                Thread.Yield();
                continue;
            }

            for (int n = 0; n < Batch; n++) _taken[n] = pool.Take();
            _passed.Enqueue(_taken);
        }

        return 0;
    }

    private long Give()
    {
        long given = 0;
        for (int i = 0; i < Batches; i++)
        {
            int count = _passed.Dequeue(_given);
            if (count == 0) Thread.Yield();
            for (int n = 0; n < count; n++) pool.Return(_given[n]);
            given += count;
        }

        return given;
    }

    public void Dispose() => pool.Dispose();
}
