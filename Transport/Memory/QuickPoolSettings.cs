namespace Smc.Transport.Memory;

/// <summary>The bounds of a <see cref="QuickPool{T}"/>.</summary>
/// <param name="Stash">What a thread keeps at most; an even number from 2 to 4,096. Half of it moves at once.</param>
/// <param name="Queue">What all threads together keep beyond that; a power of two from 2, at least <paramref name="Stash"/>.</param>
/// <param name="Limit">All there may be, in use or idle; at least 1. Idle ones in the stashes of other threads count: a limit below threads times
/// <paramref name="Stash"/> may refuse one thread what another keeps.</param>
public sealed record QuickPoolSettings(int Stash, int Queue, int Limit)
{
    private const int LargestStash = 4096;

    /// <exception cref="ArgumentOutOfRangeException">A bound is out of its range.</exception>
    internal void Check()
    {
        if (Stash is < 2 or > LargestStash || Stash % 2 != 0)
            throw new ArgumentOutOfRangeException(nameof(Stash), Stash, $"A stash is an even number from 2 to {LargestStash}.");
        ArgumentOutOfRangeException.ThrowIfLessThan(Queue, Stash);
        ArgumentOutOfRangeException.ThrowIfLessThan(Limit, 1);
    }
}

/// <summary>What a pool has done so far, and what it has. Exact while nobody uses it.</summary>
/// <param name="Hits">Takes that the thread's own stash met.</param>
/// <param name="Refills">Batches that went from the queue to a stash.</param>
/// <param name="Spills">Batches that went from a stash to the queue.</param>
/// <param name="Allocations">Items that the source made.</param>
/// <param name="Frees">Items that went back to the source.</param>
/// <param name="Refusals">Takes that were refused: at the limit, or by the source.</param>
/// <param name="Queued">Idle items in the queue.</param>
/// <param name="Stashed">Idle items in stashes.</param>
public readonly record struct QuickPoolStatistics(
    long Hits, long Refills, long Spills, long Allocations, long Frees, long Refusals, int Queued, int Stashed)
{
    /// <summary>Items there are, idle or in use.</summary>
    public long Items => Allocations - Frees;

    /// <summary>Items in use.</summary>
    public long InUse => Items - Queued - Stashed;
}
