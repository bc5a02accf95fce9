namespace Smc.Transport.Memory;

/// <summary>What one thread keeps of one pool. A thread's stashes are a list, the last used first; not generic, so that finding the first one is
/// a single load from the thread's own memory.</summary>
internal abstract class ThreadStash
{
    /// <summary>Of this thread.</summary>
    [ThreadStatic]
    public static ThreadStash? First;

    private ThreadStash? _next;

    protected ThreadStash(object pool)
    {
        Pool = pool;
        Thread = Thread.CurrentThread;
    }

    /// <summary>Whose it is; null once the pool has ended, or has taken it from a thread that had.</summary>
    public object? Pool { get; set; }

    /// <summary>Who writes to it, until that has ended.</summary>
    public Thread Thread { get; }

    /// <summary>This thread's stash of a pool, which then is its first one; those of pools that have ended are forgotten.</summary>
    /// <returns>Null where there is none.</returns>
    public static ThreadStash? Find(object pool)
    {
        ThreadStash? before = null;
        for (ThreadStash? stash = First; stash is not null; stash = stash._next)
        {
            if (stash.Pool is not null && stash.Pool != pool)
            {
                before = stash;
                continue;
            }

            if (before is null) First = stash._next;
            else before._next = stash._next;
            if (stash.Pool is null) continue;
            stash.Add();
            return stash;
        }

        return null;
    }

    /// <summary>Makes this the first one of this thread.</summary>
    public void Add()
    {
        _next = First;
        First = this;
    }
}
