namespace Smc.Transport.Rings;

/// <summary>
/// Says that a thread, a sleeper or a pending operation is inside one direction of a connection, and keeps every other out. Entered by
/// compare-exchange (a plain mark lets two threads in unnoticed), left by a release store. Tests/Models/lifetime.pml.
/// </summary>
internal struct EntryMark
{
    private int _taken;

    /// <summary>Enters, with a full fence: the state read after it is not older than the mark.</summary>
    /// <returns>False where someone is inside already.</returns>
    public bool TryEnter() =>
        Interlocked.CompareExchange(ref _taken, 1, 0) == 0;   // SYNC lifetime: mark before state; pairs with PathLife.Set (state before mark)

    /// <summary>Leaves: everything done inside is visible to whoever sees the mark clear.</summary>
    public void Leave() => Volatile.Write(ref _taken, 0);   // SYNC lifetime: pairs with IsTaken after a process-wide barrier

    /// <summary>True while someone is inside.</summary>
    public readonly bool IsTaken => Volatile.Read(in _taken) != 0;
}
