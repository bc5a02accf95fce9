namespace Smc.Transport.Memory;

/// <summary>One DMB of this process's, from the birth of its slab on: handed out, or idle in its <see cref="DmbPool"/>. Whoever has it, the pool
/// where it is idle, alone writes its fields.</summary>
public sealed class Dmb
{
    private int _out;   // 1 while it is handed out

    internal Dmb(DmbSlab slab, ushort index, int place)
    {
        Slab = slab;
        Index = index;
        Place = place;
        IsCommitted = slab.IsPrefaulted;
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
    internal bool IsCommitted { get; set; }

    /// <summary>It has been out before.</summary>
    internal bool WasOut { get; set; }

    /// <summary>The pool's round of trimming in which it came back.</summary>
    internal int IdleSince { get; set; }

    /// <summary>It is handed out.</summary>
    internal void GoOut() => Volatile.Write(ref _out, 1);

    /// <summary>It is given back: before anything of it is touched, and by one of those who try.</summary>
    /// <exception cref="InvalidOperationException">It is not out.</exception>
    internal void ComeBack()
    {
        if (Interlocked.Exchange(ref _out, 0) == 0) throw new InvalidOperationException($"DMB {Index} of slab {Slab.Id} has been given back already.");
    }
}
