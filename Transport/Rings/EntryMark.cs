namespace Smc.Transport.Rings;

/// <summary>
/// Says that a thread, a sleeper or a pending operation is inside one direction of a connection, and keeps every other out. A thread that
/// keeps coming alone owns the mark, and from then on enters by a plain store and a look at the owner: no fence, so that the stores of one
/// write still travel while the next one begins. Everyone else enters by compare-exchange, and ends the ownership for good.
/// <code>
/// owner      who enters   how
/// Nobody     anyone       compare-exchange of _shared; a thread that does so <see cref="Patience"/> times in a row becomes the owner
/// a thread   that one     store to _owned, then a look at the owner; where that has gone, the store is taken back and _shared tried
/// a thread   another      compare-exchange of _shared; owner := Ended; process-wide barrier; _owned is clear
/// Ended      anyone       compare-exchange of _shared; _owned is clear
/// </code>
/// No second owner: one that was stalled before its store could wake up and take back the mark of its successor. Tests/Models/lifetime.pml.
/// </summary>
internal struct EntryMark
{
    /// <summary>Ending an ownership costs a process-wide barrier, which is about as much as so many fences.</summary>
    public const int Patience = 256;

    private const int Nobody = 0;
    private const int Ended = -1;

    private int _owner;       // a managed thread's id, Nobody or Ended; changed by whoever holds _shared
    private int _owned;       // stored to by the owner alone
    private int _shared;
    private bool _isShared;   // which of the two is the mark of the one who is inside; like the two below it belongs to that one
    private int _lastThread;
    private int _inARow;

    /// <summary>True while someone is inside.</summary>
    public readonly bool IsTaken => (Volatile.Read(in _owned) | Volatile.Read(in _shared)) != 0;

    /// <summary>Enters. A state that the caller reads next may be older than the mark: who sets a state and then asks
    /// <see cref="IsTaken"/> has to put a process-wide barrier between the two.</summary>
    /// <returns>False where someone is inside already. The mark may have been seen taken for a moment even so.</returns>
    public bool TryEnter()
    {
        int self = Environment.CurrentManagedThreadId;
        return Volatile.Read(ref _owner) == self ? TryEnterOwned(self) : TryEnterShared(self);
    }

    /// <summary>Leaves, on whatever thread: everything done inside is visible to whoever sees the mark clear.</summary>
    public void Leave() => Volatile.Write(ref _isShared ? ref _shared : ref _owned, 0);   // SYNC lifetime: pairs with IsTaken after a process-wide barrier

    private bool TryEnterOwned(int self)
    {
        if (IsTaken) return false;   // by an operation that this thread has begun, before it was the owner perhaps
        Volatile.Write(ref _owned, 1);
        if (Volatile.Read(ref _owner) == self)   // SYNC owner: mark, then owner; pairs with EndOwnership (owner, barrier, mark)
        {
            if (_isShared) _isShared = false;
            return true;
        }

        Volatile.Write(ref _owned, 0);
        return TryEnterShared(self);
    }

    private bool TryEnterShared(int self)
    {
        if (Interlocked.CompareExchange(ref _shared, 1, 0) != 0) return false;
        if (_owner > Nobody) EndOwnership();
        if (Volatile.Read(ref _owned) != 0)
        {
            Volatile.Write(ref _shared, 0);
            return false;
        }

        _isShared = true;
        if (_owner == Nobody) Learn(self);
        return true;
    }

    private void EndOwnership()
    {
        Volatile.Write(ref _owner, Ended);
        Interlocked.MemoryBarrierProcessWide();   // SYNC owner: either the owner's look finds it ended, or its mark is seen after this
    }

    private void Learn(int self)
    {
        _inARow = _lastThread == self ? _inARow + 1 : 1;
        _lastThread = self;
        if (_inARow > Patience) Volatile.Write(ref _owner, self);
    }
}
