using System.Diagnostics;
using Smc.Actors.Inspection;
using Smc.Transport.Memory;
using Smc.Transport.Wire.Clc;

namespace Smc.Actors.Buffers;

/// <summary>
/// The blocks that the CLC messages of handshakes are read into, one for each handshake that has begun to read: a pool of the device's. It has no
/// limit of its own, because handshakes under way have theirs. Any thread; it ends with the runtime.
/// </summary>
internal sealed class ClcBuffers : IDisposable
{
    /// <summary>Bytes of a block: the longest CLC message.</summary>
    public const int BlockBytes = ClcFraming.MaxLength;

    private const int Stash = 16;
    private const int Queue = 256;

    private readonly QuickPool<byte[]> _pool = new(new Source(), new QuickPoolSettings(Stash, Queue, Limit: int.MaxValue));
    private bool _isDisposed;

    /// <summary>Blocks that have been taken so far.</summary>
    public long Takes
    {
        get
        {
            QuickPoolStatistics s = _pool.Statistics;
            return s.Hits + s.Refills + s.Allocations;
        }
    }

    /// <summary>A block; what it holds is of no meaning.</summary>
    /// <exception cref="ObjectDisposedException">The runtime has ended.</exception>
    public byte[] Take() => _pool.TryTake(out byte[]? block) ? block : throw new UnreachableException();

    /// <summary>Gives a block back that nobody reads any more. An actor that stops later than the runtime waits for may still have one.</summary>
    public void Return(byte[] block)
    {
        if (!Volatile.Read(ref _isDisposed)) _pool.Return(block);
    }

    /// <summary>Lets go of all idle blocks but those in the stashes of living threads.</summary>
    public void Trim() => _pool.Trim(keep: 0);

    /// <summary>Lets go of all idle blocks, those in stashes too.</summary>
    public void Dispose()
    {
        Volatile.Write(ref _isDisposed, true);
        _pool.Dispose();
    }

    /// <summary>What there is now, not of one instant.</summary>
    public ClcBufferReport Report()
    {
        QuickPoolStatistics s = _pool.Statistics;
        return new ClcBufferReport(BlockBytes)
        {
            InUse = Math.Max(0, s.InUse),
            Idle = s.Queued + s.Stashed,
            Hits = s.Hits,
            Refills = s.Refills,
            Spills = s.Spills,
            Allocations = s.Allocations,
            Frees = s.Frees,
        };
    }

    private sealed class Source : IPoolSource<byte[]>
    {
        public bool TryAllocate(out byte[] item)
        {
            item = GC.AllocateUninitializedArray<byte>(BlockBytes);
            return true;
        }

        public void Free(byte[] item)
        {
            // The collector's from here on.
        }
    }
}
