namespace Smc.Transport.Memory;

/// <summary>One DMB of this process's, from the birth of its slab on: handed out, or idle in its <see cref="DmbPool"/>. Whoever has it, the pool
/// where it is idle, alone writes its fields; whoever counts reads them.</summary>
public sealed class Dmb
{
    private int _out;   // 1 while it is handed out
    private bool _wasOut;
    private bool _isCommitted;

    internal Dmb(DmbSlab slab, ushort index, int place)
    {
        Slab = slab;
        Index = index;
        Place = place;
        _isCommitted = slab.IsPrefaulted;
    }

    /// <summary>What it lies in.</summary>
    public DmbSlab Slab { get; }

    /// <summary>Its number within the slab.</summary>
    public ushort Index { get; }

    /// <summary>Where it lies.</summary>
    public DmbRange Range => Slab.RangeOf(Index);

    /// <summary>Its number in the list of its size class.</summary>
    internal int Place { get; }

    /// <summary>It may have pages: it has been out since its slab was made, or since they were given back.</summary>
    internal bool IsCommitted
    {
        get => Volatile.Read(ref _isCommitted);
        set => Volatile.Write(ref _isCommitted, value);
    }

    /// <summary>It is handed out.</summary>
    internal bool IsOut => Volatile.Read(ref _out) != 0;

    /// <summary>It has been handed out once.</summary>
    internal bool WasOut => Volatile.Read(ref _wasOut);

    /// <summary>It goes out.</summary>
    internal void GoOut()
    {
        Volatile.Write(ref _out, 1);
        Volatile.Write(ref _wasOut, true);
        IsCommitted = true;
    }

    /// <summary>It is given back: before anything of it is touched, and by one of those who try.</summary>
    /// <exception cref="InvalidOperationException">It is not out.</exception>
    internal void ComeBack()
    {
        if (Interlocked.Exchange(ref _out, 0) == 0) throw new InvalidOperationException($"DMB {Index} of slab {Slab.Id} has been given back already.");
    }
}
