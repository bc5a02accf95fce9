using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using Smc.Actors.Inspection;
using Smc.Transport;
using Smc.Transport.Paths.Smcd;
using Smc.Transport.Rings;
using Smc.Transport.Wire;

namespace Smc.Actors.Connections;

/// <summary>The open connections of a runtime, the counts of its fallbacks and of the rules that peers broke: entered once when a connection begins, left once when it ends,
/// read by whoever asks. No reader disturbs a connection.</summary>
public sealed class ConnectionTable
{
    /// <summary>Pairs of host and rule that are remembered; beyond it a breach is counted and not warned about.</summary>
    internal const int MostNews = 1024;

    private readonly ConcurrentDictionary<long, Entry> _entries = new();
    private readonly ConcurrentDictionary<SmcReason, long> _fallbacks = new();
    private readonly ConcurrentDictionary<RingViolation, long> _violations = new();
    private readonly ConcurrentDictionary<WireError, long> _breaches = new();
    private readonly ConcurrentDictionary<(IPAddress Host, WireError Rule), bool> _news = new();
    private readonly ConcurrentDictionary<RingViolation, bool> _localNews = new();
    private int _newsCount;
    private long _last;

    /// <summary>Fallbacks so far, by reason.</summary>
    public IReadOnlyDictionary<SmcReason, long> Fallbacks => _fallbacks;

    /// <summary>Connections aborted so far because their peer broke a rule of the ring, by rule.</summary>
    public IReadOnlyDictionary<RingViolation, long> Violations => _violations;

    /// <summary>Handshakes aborted so far because their peer broke a rule of CLC, by rule.</summary>
    public IReadOnlyDictionary<WireError, long> Breaches => _breaches;

    /// <summary>Names the next connection.</summary>
    internal long NextId() => Interlocked.Increment(ref _last);

    /// <summary>Enters a connection on shared memory.</summary>
    internal void Add(long id, SmcStream stream, SmcdPath path, uint linkGroup) =>
        _entries[id] = new Entry(stream, path, linkGroup, DateTime.UtcNow);

    /// <summary>Enters a connection that fell back.</summary>
    internal void AddFallback(long id, SmcStream stream)
    {
        _entries[id] = new Entry(stream, null, 0, DateTime.UtcNow);
        _fallbacks.AddOrUpdate(stream.FallbackReason, 1, static (_, count) => count + 1);
    }

    /// <summary>Counts a fallback under another reason than it was entered with.</summary>
    internal void Recount(SmcReason from, SmcReason to)
    {
        _fallbacks.AddOrUpdate(from, 0, static (_, count) => count - 1);
        _fallbacks.AddOrUpdate(to, 1, static (_, count) => count + 1);
    }

    /// <summary>Counts a connection that its peer's breach of a rule ends.</summary>
    /// <returns>True where it is the first of its kind, and worth a warning: a hostile peer must not fill the log.</returns>
    internal bool Count(RingViolation violation)
    {
        _violations.AddOrUpdate(violation, 1, static (_, count) => count + 1);
        return _localNews.TryAdd(violation, true);
    }

    /// <summary>The same for a handshake, host by host.</summary>
    internal bool Count(WireError breach, IPAddress host)
    {
        _breaches.AddOrUpdate(breach, 1, static (_, count) => count + 1);
        return Volatile.Read(ref _newsCount) < MostNews && _news.TryAdd((host, breach), true) && Interlocked.Increment(ref _newsCount) <= MostNews;
    }

    /// <summary>The connection is closed here.</summary>
    internal void Remove(long id) => _entries.TryRemove(id, out _);

    /// <summary>All open connections.</summary>
    internal IReadOnlyList<ConnectionReport> Report()
    {
        var reports = new List<ConnectionReport>();
        foreach ((long id, Entry entry) in _entries)
        {
            SmcStatistics counters = entry.Stream.Statistics;
            reports.Add(new ConnectionReport(
                $"c{id.ToString(CultureInfo.InvariantCulture)}",
                StateNames.Of(entry.Path?.State ?? SmcConnectionState.Active),
                entry.Stream.LocalEndPoint.ToString(),
                entry.Stream.RemoteEndPoint.ToString(),
                entry.Stream.Mode,
                entry.Stream.FallbackReason,
                DateTime.UtcNow - entry.Since,
                counters.BytesWritten,
                counters.BytesRead,
                entry.Path is null ? string.Empty : entry.LinkGroup.ToString("x8", CultureInfo.InvariantCulture))
            {
                Counters = counters,
                Path = entry.Path?.Snapshot,
            });
        }

        reports.Sort(static (a, b) => b.Age.CompareTo(a.Age));
        return reports;
    }

    private sealed record Entry(SmcStream Stream, SmcdPath? Path, uint LinkGroup, DateTime Since);
}
