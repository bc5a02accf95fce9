using System.Diagnostics;

namespace Smc.Transport.Paths.Smcd;

/// <summary>Those who can be inside a connection.</summary>
[Flags]
internal enum Insiders
{
    None = 0,
    Reader = 1,
    Writer = 2,
    Closer = 4,
    All = Reader | Writer | Closer,
}

/// <summary>
/// Waits, without a thread, until everyone who was inside a connection when a state was set has left it once. Who enters later sees the
/// state. Entering costs no fence and leaving a release store and a load: the process-wide barriers of those who wait and of those whom they
/// wait for make up for it.
/// </summary>
internal struct Quiescence
{
    private int _waiting;

    /// <summary>Begins to wait. The state that turns newcomers away has been set.</summary>
    /// <param name="inside">Says who is inside, after the barrier.</param>
    /// <returns>True where nobody was: the wait is over.</returns>
    public bool Begin(Func<Insiders> inside)
    {
        int before = Interlocked.Or(ref _waiting, (int)Insiders.All);
        Debug.Assert(before == 0);

        // SYNC quiesce: either the leaver's load in HasLeft sees _waiting, or its cleared mark is seen below.
        Interlocked.MemoryBarrierProcessWide();
        Insiders outside = Insiders.All & ~inside();
        return outside != Insiders.None && Clear(outside);
    }

    /// <summary>Called by whoever has left.</summary>
    /// <param name="who">Who it was.</param>
    /// <param name="inside">Says who is inside by now: somebody may have entered after a slow leaver, before the state was set, and leaves later.</param>
    /// <returns>True for the one who was waited for last.</returns>
    public bool HasLeft(Insiders who, Func<Insiders> inside)
    {
        if (Volatile.Read(ref _waiting) == 0) return false;   // SYNC quiesce

        // SYNC quiesce: the mark of one who has entered since, and has not seen the state, may still be on its way.
        Interlocked.MemoryBarrierProcessWide();
        return (inside() & who) == 0 && Clear(who);
    }

    private bool Clear(Insiders who)
    {
        int before = Interlocked.And(ref _waiting, ~(int)who);
        return before != 0 && (before & ~(int)who) == 0;
    }
}
