using System.Collections.Concurrent;
using Smc.Actors.Inspection;

namespace Smc.Actors.Connections;

/// <summary>How often each of a few kinds of things has happened. Counted and read by any thread.</summary>
/// <typeparam name="T">The kinds; there are few, and none of them is a peer's to invent.</typeparam>
internal sealed class Tally<T>(TimeProvider time)
    where T : notnull
{
    private readonly ConcurrentDictionary<T, Counted> _kinds = new();

    /// <summary>Once more.</summary>
    public void Add(T kind)
    {
        DateTime now = time.GetUtcNow().UtcDateTime;
        _kinds.AddOrUpdate(kind, static (_, at) => new Counted(1, at, at), static (_, so, at) => so with { Count = so.Count + 1, Last = at }, now);
    }

    /// <summary>What there is now, with its times.</summary>
    public IReadOnlyDictionary<T, Counted> Report() => new Dictionary<T, Counted>(_kinds);

    /// <summary>What there is now.</summary>
    public IReadOnlyDictionary<T, long> Counts() => _kinds.ToDictionary(kind => kind.Key, kind => kind.Value.Count);
}
