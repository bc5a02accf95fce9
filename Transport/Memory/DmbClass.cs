using System.Diagnostics.CodeAnalysis;

namespace Smc.Transport.Memory;

/// <summary>The DMBs of one size class in a <see cref="DmbPool"/>.</summary>
/// <param name="sizeClass">The class.</param>
/// <param name="idle">The list, with room for <see cref="DmbPool.MaxOfClass"/>, empty.</param>
internal sealed class DmbClass(SizeClass sizeClass, IDescriptorList idle)
{
    /// <summary>Rounds of trimming that begin while a DMB has been idle for one whole round.</summary>
    private const int RoundsToTrim = 2;

    private readonly Dmb[] _dmbs = new Dmb[DmbPool.MaxOfClass];
    private DmbSlab[] _slabs = [];
    private int _count;
    private int _inUse;
    private int _committed;
    private long _rents;
    private long _reuses;
    private long _trims;
    private int _largestUse;

    /// <summary>What there is and was, not of one instant.</summary>
    public DmbClassStatistics Statistics
    {
        get
        {
            DmbSlab[] slabs = Volatile.Read(ref _slabs);
            return new DmbClassStatistics(sizeClass)
            {
                Slabs = slabs.Length,
                Dmbs = slabs.Sum(slab => slab.Count),
                InUse = Volatile.Read(ref _inUse),
                Retired = slabs.Where(slab => slab.IsRetired).Sum(slab => slab.Count - slab.InUse),
                Committed = Volatile.Read(ref _committed),
                Rents = Volatile.Read(ref _rents),
                Reuses = Volatile.Read(ref _reuses),
                Trims = Volatile.Read(ref _trims),
                LargestUse = Volatile.Read(ref _largestUse),
            };
        }
    }

    /// <summary>As <see cref="DmbPool.HasIdle"/>.</summary>
    public bool HasIdle => idle.Count > 0;

    /// <summary>As <see cref="DmbPool.HasRoom"/>.</summary>
    public bool HasRoom => _count + DmbSlab.CountOf(sizeClass) <= _dmbs.Length;

    /// <summary>As <see cref="DmbPool.TryTake"/>, of this class alone.</summary>
    public bool TryTake([NotNullWhen(true)] out Dmb? dmb)
    {
        while (idle.TryPop(out int place))
        {
            dmb = _dmbs[place];   // written before the place was first pushed
            if (dmb.Slab.IsRetired) continue;   // and so it leaves the list
            dmb.GoOut();
            if (!dmb.IsCommitted) Interlocked.Increment(ref _committed);
            dmb.IsCommitted = true;
            if (dmb.WasOut) Interlocked.Increment(ref _reuses);
            dmb.WasOut = true;
            Interlocked.Increment(ref _rents);
            dmb.Slab.CountInUse(1);
            Interlocked.Increment(ref _inUse);
            return true;
        }

        dmb = null;
        return false;
    }

    /// <summary>As <see cref="DmbPool.Return"/>.</summary>
    public void Return(Dmb dmb, uint touchedBytes, uint usedBytes)
    {
        dmb.Range.Clear(touchedBytes);
        Record((int)Math.Min(usedBytes, (uint)sizeClass.Bytes));
        dmb.Slab.CountInUse(-1);
        Interlocked.Decrement(ref _inUse);
        if (!dmb.Slab.IsRetired) idle.Push(dmb.Place);
    }

    /// <summary>As <see cref="DmbPool.TryAdd"/>.</summary>
    public bool TryAdd(DmbSlab slab)
    {
        if (_count + slab.Count > _dmbs.Length) return false;
        if (slab.IsPrefaulted) Interlocked.Add(ref _committed, slab.Count);
        Volatile.Write(ref _slabs, [.. _slabs, slab]);
        for (int index = slab.Count - 1; index >= 0; index--)
        {
            int place = _count + index;
            _dmbs[place] = new Dmb(slab, (ushort)index, place);
            idle.Push(place);   // the lowest last: those that have never been out lie below the others
        }

        _count += slab.Count;
        return true;
    }

    /// <summary>As <see cref="DmbPool.Retire"/>.</summary>
    public void Retire(uint id)
    {
        if (Array.Find(_slabs, slab => slab.Id == id) is { } slab) slab.IsRetired = true;
    }

    /// <summary>As <see cref="DmbPool.Trim"/>. Who takes meanwhile finds fewer, or none, and asks for growth.</summary>
    public int Trim(int round, int most)
    {
        var taken = new List<Dmb>();
        while (idle.TryPop(out int place)) taken.Add(_dmbs[place]);
        int trimmed = 0;
        for (int i = taken.Count - 1; i >= 0; i--)
        {
            Dmb dmb = taken[i];
            if (trimmed < most && IsDue(dmb, round) && dmb.Slab.TryDecommit(dmb.Index))
            {
                dmb.IsCommitted = false;
                trimmed++;
            }

            idle.Push(dmb.Place);   // in their old order
        }

        Interlocked.Add(ref _committed, -trimmed);
        Interlocked.Add(ref _trims, trimmed);
        return trimmed;
    }

    /// <summary>Keeps the largest use. An exchange fails only where another has grown it meanwhile.</summary>
    private void Record(int use)
    {
        int seen = Volatile.Read(ref _largestUse);
        while (use > seen)
        {
            int now = Interlocked.CompareExchange(ref _largestUse, use, seen);
            if (now == seen) return;
            seen = now;
        }
    }

    private static bool IsDue(Dmb dmb, int round) => dmb is { IsCommitted: true, Slab.IsPrefaulted: false } && round - dmb.IdleSince >= RoundsToTrim;
}

/// <summary>DMBs of one size class of a <see cref="DmbPool"/>. The numbers are not of one instant.</summary>
/// <param name="SizeClass">The class.</param>
public sealed record DmbClassStatistics(SizeClass SizeClass)
{
    /// <summary>Slabs that they lie in.</summary>
    public int Slabs { get; init; }

    /// <summary>DMBs of those slabs, in use or not.</summary>
    public int Dmbs { get; init; }

    /// <summary>DMBs that are handed out.</summary>
    public int InUse { get; init; }

    /// <summary>DMBs that nobody will get any more, because the peer refused their slab.</summary>
    public int Retired { get; init; }

    /// <summary>DMBs that may have pages: out now, or since their pages were last given back; where slabs are prefaulted, all.</summary>
    public int Committed { get; init; }

    /// <summary>How often one was handed out.</summary>
    public long Rents { get; init; }

    /// <summary>How often one that had been out before.</summary>
    public long Reuses { get; init; }

    /// <summary>How often the pages of one were given back to the system.</summary>
    public long Trims { get; init; }

    /// <summary>The most that one connection has written to its DMB before it came round, in bytes of the data area.</summary>
    public int LargestUse { get; init; }
}
