using System.Collections.Concurrent;

namespace Smc.Actors.Telemetry;

/// <summary>What has been told once and is not told again: a hostile peer must not fill the log. Any thread.</summary>
/// <param name="most">Kinds that are remembered; beyond them nothing is news.</param>
internal sealed class News<T>(int most)
    where T : notnull
{
    private readonly ConcurrentDictionary<T, bool> _told = new();
    private int _count;

    /// <summary>True for the first of its kind.</summary>
    public bool IsFirst(T kind) => Volatile.Read(ref _count) < most && _told.TryAdd(kind, true) && Interlocked.Increment(ref _count) <= most;
}
