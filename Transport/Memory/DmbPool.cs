using System.Diagnostics.CodeAnalysis;

namespace Smc.Transport.Memory;

/// <summary>
/// The DMBs of one link group that are this process's: lock-free lists of idle ones for each size class. Taking and giving back are for any
/// thread, and cost the same whatever the number in use; so is trimming, which holds one DMB at a time. Slabs are added and retired by one thread at a time.
/// </summary>
public sealed class DmbPool
{
    /// <summary>DMBs of one class at most: four times what a full link group uses; beyond it are only those of slabs that the peer has refused.</summary>
    public const int MaxOfClass = 1024;

    private readonly DmbClass?[] _classes = new DmbClass?[SizeClass.LargestSmcdCode + 1];
    private readonly Func<int, IDescriptorList> _newList;
    private uint _round;

    /// <summary>A pool without slabs.</summary>
    public DmbPool()
        : this(static capacity => new FreeList(capacity))
    {
    }

    /// <summary>A pool without slabs, whose idle DMBs are kept otherwise.</summary>
    /// <param name="newList">Makes a list of a class, for so many, none of them idle yet.</param>
    public DmbPool(Func<int, IDescriptorList> newList) => _newList = newList;

    /// <summary>What there is and was of each class, the smallest first; not of one instant.</summary>
    public IReadOnlyList<DmbClassStatistics> Statistics => [.. _classes.OfType<DmbClass>().Select(one => one.Statistics)];

    /// <summary>Whether a DMB of this size is idle. What is idle may be gone when it is wanted.</summary>
    public bool HasIdle(SizeClass size) => Volatile.Read(ref _classes[size.Code]) is { HasIdle: true };

    /// <summary>Whether a class has room for another slab.</summary>
    public bool HasRoom(SizeClass size) => _classes[size.Code] is not { } ofClass || ofClass.HasRoom;

    /// <summary>Takes an idle DMB of this size, all zero.</summary>
    /// <returns>False where none is idle.</returns>
    public bool TryTake(SizeClass size, [NotNullWhen(true)] out Dmb? dmb)
    {
        // SYNC class: its lists are whole; pairs with the store in DmbPool.TryAdd.
        if (Volatile.Read(ref _classes[size.Code]) is { } ofClass) return ofClass.TryTake(Volatile.Read(ref _round), out dmb);
        dmb = null;
        return false;
    }

    /// <summary>Takes a DMB back that neither end touches any more, and zeroes what was written, unless nobody will get it any more.</summary>
    /// <param name="dmb">As it was taken; not given back since.</param>
    /// <param name="touchedBytes">Of the data area; the CDC area is zeroed in any case.</param>
    /// <param name="usedBytes">Those of them that a connection is known to have used: <see cref="DmbClassStatistics.LargestUse"/> is of these.</param>
    /// <exception cref="InvalidOperationException">Nobody has it: it has been given back already.</exception>
    public void Return(Dmb dmb, uint touchedBytes, uint usedBytes)
    {
        dmb.ComeBack();
        _classes[dmb.Slab.SizeClass.Code]!.Return(Volatile.Read(ref _round), dmb, touchedBytes, usedBytes);
    }

    /// <summary>Adds the DMBs of a new slab.</summary>
    /// <returns>False where the class would have more than <see cref="MaxOfClass"/>.</returns>
    public bool TryAdd(DmbSlab slab)
    {
        ref DmbClass? ofClass = ref _classes[slab.SizeClass.Code];
        DmbClass there = ofClass ?? new DmbClass(slab.SizeClass, _newList);
        if (!there.TryAdd(slab)) return false;
        Volatile.Write(ref ofClass, there);   // SYNC class: after its lists; pairs with the reads in DmbPool.TryTake and DmbPool.Trim
        return true;
    }

    /// <summary>The peer did not map a slab: nothing of it is handed out any more.</summary>
    public void Retire(uint slab)
    {
        foreach (DmbClass ofClass in _classes.OfType<DmbClass>()) ofClass.Retire(slab);
    }

    /// <summary>The group ends: nothing is handed out any more, and what comes back is left as it is.</summary>
    public void RetireAll()
    {
        foreach (DmbClass ofClass in _classes.OfType<DmbClass>()) ofClass.RetireAll();
    }

    /// <summary>Begins a round of trimming: what has been idle through the whole round before it is due. One thread at a time. What a round leaves
    /// untrimmed is due again with what comes back in the next.</summary>
    public void BeginTrim() => Volatile.Write(ref _round, _round + 1);

    /// <summary>Gives the pages of DMBs that are due back to the system, those of prefaulted slabs excepted. Takers are not held up: what is left is theirs,
    /// and what is trimmed too, when nothing else is idle.</summary>
    /// <param name="most">DMBs at once.</param>
    /// <returns>How many were due; <paramref name="most"/> where there may be more.</returns>
    public int Trim(int most)
    {
        uint round = Volatile.Read(ref _round);
        int looked = 0;

        // SYNC class: its lists are whole; pairs with the store in DmbPool.TryAdd.
        for (int code = 0; code < _classes.Length; code++) looked += Volatile.Read(ref _classes[code])?.Trim(round, most - looked) ?? 0;
        return looked;
    }
}
