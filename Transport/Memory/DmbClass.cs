using System.Diagnostics.CodeAnalysis;

namespace Smc.Transport.Memory;

/// <summary>
/// The DMBs of one size class in a <see cref="DmbPool"/>. What comes back goes to the list of its round of trimming, of which there are three:
/// this round's, the last one's, and that of those that are due. What is trimmed goes to the cold list, below what has never been out. Whoever
/// takes gets the one that came back last, a cold one where there is no other.
/// </summary>
internal sealed class DmbClass
{
    /// <summary>Rounds of trimming that begin while a DMB has been idle for one whole round; as many lists, and that of the round itself.</summary>
    private const int RoundsToTrim = 2;

    private readonly SizeClass _size;
    private readonly IDescriptorList[] _warm = new IDescriptorList[RoundsToTrim + 1];
    private readonly IDescriptorList _cold;
    private readonly Dmb[] _dmbs = new Dmb[DmbPool.MaxOfClass];
    private DmbSlab[] _slabs = [];
    private int _count;
    private int _idle;
    private int _inUse;
    private int _peak;
    private long _rents;
    private long _trims;
    private int _largestUse;

    /// <param name="size">The class.</param>
    /// <param name="newList">Makes a list for so many, none of them idle yet.</param>
    public DmbClass(SizeClass size, Func<int, IDescriptorList> newList)
    {
        _size = size;
        for (int i = 0; i < _warm.Length; i++) _warm[i] = newList(DmbPool.MaxOfClass);
        _cold = newList(DmbPool.MaxOfClass);
    }

    /// <summary>What there is and was, not of one instant.</summary>
    public DmbClassStatistics Statistics
    {
        get
        {
            long rents = Volatile.Read(ref _rents);
            ReadOnlySpan<Dmb> dmbs = _dmbs.AsSpan(0, Volatile.Read(ref _count));   // SYNC dmbs: all there; pairs with the store in DmbClass.TryAdd
            int committed = 0, used = 0, retired = 0;
            foreach (Dmb dmb in dmbs)
            {
                if (dmb.IsCommitted) committed++;
                if (dmb.WasOut) used++;
                if (dmb.Slab.IsRetired && !dmb.IsOut) retired++;
            }

            return new DmbClassStatistics(_size)
            {
                Slabs = Volatile.Read(ref _slabs).Length,
                Dmbs = dmbs.Length,
                InUse = Volatile.Read(ref _inUse),
                Peak = Volatile.Read(ref _peak),
                Retired = retired,
                Committed = committed,
                Rents = rents,
                Reuses = Math.Max(0, rents - used),
                Trims = Volatile.Read(ref _trims),
                LargestUse = Volatile.Read(ref _largestUse),
            };
        }
    }

    /// <summary>As <see cref="DmbPool.HasIdle"/>.</summary>
    public bool HasIdle => Volatile.Read(ref _idle) > 0;

    /// <summary>As <see cref="DmbPool.HasRoom"/>.</summary>
    public bool HasRoom => Volatile.Read(ref _count) + DmbSlab.CountOf(_size) <= _dmbs.Length;

    /// <summary>As <see cref="DmbPool.TryTake"/>, of this class alone.</summary>
    public bool TryTake(uint round, [NotNullWhen(true)] out Dmb? dmb)
    {
        while (TryReserve())
        {
            dmb = _dmbs[PopReserved(round)];   // written before the place was first pushed
            if (dmb.Slab.IsRetired) continue;   // and so it leaves the list
            dmb.GoOut();
            Interlocked.Increment(ref _rents);
            Raise(ref _peak, Interlocked.Increment(ref _inUse));
            return true;
        }

        dmb = null;
        return false;
    }

    /// <summary>As <see cref="DmbPool.Return"/>.</summary>
    public void Return(uint round, Dmb dmb, uint touchedBytes, uint usedBytes)
    {
        if (!dmb.Slab.IsRetired) dmb.Range.Clear(touchedBytes);   // else nobody gets it, and zeroing would commit what the peer has left untouched
        Raise(ref _largestUse, (int)Math.Min(usedBytes, (uint)_size.Bytes));
        Interlocked.Decrement(ref _inUse);
        if (!dmb.Slab.IsRetired) Push(ListOf(round, age: 0), dmb);
    }

    /// <summary>As <see cref="DmbPool.TryAdd"/>.</summary>
    public bool TryAdd(DmbSlab slab)
    {
        int count = _count;
        if (count + slab.Count > _dmbs.Length) return false;
        for (int index = 0; index < slab.Count; index++) _dmbs[count + index] = new Dmb(slab, (ushort)index, count + index);
        Volatile.Write(ref _slabs, [.. _slabs, slab]);
        Volatile.Write(ref _count, count + slab.Count);   // SYNC dmbs: after the DMBs; pairs with the read in DmbClass.Statistics
        for (int index = slab.Count - 1; index >= 0; index--) Push(_cold, _dmbs[count + index]);   // the lowest last: it goes out first
        return true;
    }

    /// <summary>As <see cref="DmbPool.Retire"/>.</summary>
    public void Retire(uint id)
    {
        if (Array.Find(_slabs, slab => slab.Id == id) is { } slab) slab.IsRetired = true;
    }

    /// <summary>As <see cref="DmbPool.RetireAll"/>.</summary>
    public void RetireAll()
    {
        foreach (DmbSlab slab in _slabs) slab.IsRetired = true;
    }

    /// <summary>
    /// As <see cref="DmbPool.Trim"/>. One DMB at a time is nobody's meanwhile: who finds no other asks for growth, and hears that there is one.
    /// </summary>
    public int Trim(uint round, int most)
    {
        IDescriptorList due = ListOf(round, RoundsToTrim);
        int looked = 0;
        while (looked < most && due.Count > 0 && TryReserve())
        {
            if (!due.TryPop(out int place))
            {
                Interlocked.Increment(ref _idle);   // others have taken the last one that was due
                break;
            }

            Trim(round, _dmbs[place]);
            looked++;
        }

        return looked;
    }

    /// <summary>Trims one that was due. Where the system refuses, it is due again in time.</summary>
    private void Trim(uint round, Dmb dmb)
    {
        bool isTrimmed = !dmb.Slab.IsPrefaulted && dmb.Slab.TryDecommit(dmb.Index);
        if (isTrimmed)
        {
            dmb.IsCommitted = false;
            Interlocked.Increment(ref _trims);
        }

        if (!dmb.Slab.IsRetired) Push(isTrimmed || dmb.Slab.IsPrefaulted ? _cold : ListOf(round, age: 0), dmb);
    }

    /// <summary>To a list, and only then for others to count on.</summary>
    private void Push(IDescriptorList list, Dmb dmb)
    {
        list.Push(dmb.Place);
        Interlocked.Increment(ref _idle);   // SYNC idle: after the list; pairs with the exchange in DmbClass.TryReserve
    }

    /// <summary>Counts on one of those that are in the lists. An exchange fails only where another has succeeded.</summary>
    private bool TryReserve()
    {
        int seen = Volatile.Read(ref _idle);
        while (seen > 0)
        {
            int now = Interlocked.CompareExchange(ref _idle, seen - 1, seen);   // SYNC idle: before the lists; pairs with the increment in DmbClass.Push
            if (now == seen) return true;
            seen = now;
        }

        return false;
    }

    /// <summary>One that is reserved. At no time are fewer in the lists than are reserved: a pass over them finds none only where others have taken and
    /// given back meanwhile.</summary>
    private int PopReserved(uint round)
    {
        while (true)
        {
            for (uint age = 0; age < _warm.Length; age++)
            {
                if (ListOf(round, age).TryPop(out int warm)) return warm;
            }

            if (_cold.TryPop(out int cold)) return cold;
        }
    }

    /// <param name="round">The present one.</param>
    /// <param name="age">Rounds ago.</param>
    private IDescriptorList ListOf(uint round, uint age) => _warm[(round + (uint)_warm.Length - age) % (uint)_warm.Length];

    /// <summary>Keeps the largest. An exchange fails only where another has grown it meanwhile.</summary>
    private static void Raise(ref int largest, int value)
    {
        int seen = Volatile.Read(ref largest);
        while (value > seen)
        {
            int now = Interlocked.CompareExchange(ref largest, value, seen);
            if (now == seen) return;
            seen = now;
        }
    }
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

    /// <summary>The most that have been handed out at once.</summary>
    public int Peak { get; init; }

    /// <summary>DMBs that nobody will get any more, because the peer refused their slab, or because their group ends.</summary>
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
