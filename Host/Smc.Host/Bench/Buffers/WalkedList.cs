using Smc.Transport.Memory;

namespace Smc.Host.Bench.Buffers;

/// <summary>All buffers in one list under a reader-writer lock, the oldest first: who takes walks it to the first that is not in use, and marks that.
/// Where none is idle nobody walks: a pool has several lists, and the published one has one.</summary>
internal sealed class WalkedList : IDescriptorList
{
    private readonly ReaderWriterLockSlim _lock = new();
    private readonly Descriptor[] _all;
    private int _idle;

    /// <param name="capacity">Buffers in all, none of them idle yet.</param>
    public WalkedList(int capacity)
    {
        _all = [.. Enumerable.Range(0, capacity).Select(index => new Descriptor { Index = index, Used = 1 })];
        for (int index = 1; index < _all.Length; index++) _all[index - 1].Next = _all[index];
    }

    public int Count => Volatile.Read(ref _idle);

    public void Push(int index)
    {
        Volatile.Write(ref _all[index].Used, 0);
        Interlocked.Increment(ref _idle);
    }

    public bool TryPop(out int index)
    {
        index = -1;
        if (Count <= 0) return false;
        _lock.EnterReadLock();
        try
        {
            for (Descriptor? at = _all[0]; at is not null; at = at.Next)
            {
                index = at.Index;
                if (Volatile.Read(ref at.Used) != 0 || Interlocked.CompareExchange(ref at.Used, 1, 0) != 0) continue;
                Interlocked.Decrement(ref _idle);
                return true;
            }

            index = -1;
            return false;
        }
        finally
        {
            _lock.ExitReadLock();
        }
    }

    private sealed class Descriptor
    {
        public int Index;
        public int Used;
        public Descriptor? Next;
    }
}
