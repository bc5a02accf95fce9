using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using Smc.Actors.Inspection;
using Smc.Actors.Protocol;
using Smc.Actors.Telemetry;
using Smc.Transport;
using Smc.Transport.Paths.Smcd;
using Smc.Transport.Rings;
using Smc.Transport.Wire;
using static Smc.Actors.Protocol.RuntimeEvents;

namespace Smc.Actors.Connections;

/// <summary>The open connections of a runtime, the counts of its fallbacks and of the rules that peers broke: entered once when a connection begins, left once when it ends,
/// read by whoever asks. No reader disturbs a connection.</summary>
public sealed class ConnectionTable
{
    /// <summary>Pairs of host and rule that are remembered; beyond it a breach is counted and not warned about.</summary>
    internal const int MostNews = 1024;

    /// <summary>The modes of this version.</summary>
    private static readonly SmcMode[] Modes = [SmcMode.Tcp, SmcMode.SmcD];

    private readonly ConcurrentDictionary<long, Entry> _entries = new();
    private readonly ConcurrentDictionary<SmcReason, long> _fallbacks = new();
    private readonly ConcurrentDictionary<RingViolation, long> _violations = new();
    private readonly ConcurrentDictionary<WireError, long> _breaches = new();
    private readonly ConcurrentDictionary<(IPAddress Host, WireError Rule), bool> _news = new();
    private readonly ConcurrentDictionary<RingViolation, bool> _localNews = new();
    private readonly Lock _closing = new();
    private readonly Dictionary<SmcMode, SmcStatistics> _closed = Modes.ToDictionary(mode => mode, _ => default(SmcStatistics));   // a rate begins at zero
    private int _newsCount;
    private long _last;

    /// <summary>A table of no runtime.</summary>
    public ConnectionTable()
        : this(new EventPublisher())
    {
    }

    /// <param name="events">Hears what is entered and left.</param>
    internal ConnectionTable(EventPublisher events) => Events = events;

    /// <summary>Fallbacks so far, by reason.</summary>
    public IReadOnlyDictionary<SmcReason, long> Fallbacks => _fallbacks;

    /// <summary>Connections aborted so far because their peer broke a rule of the ring, by rule.</summary>
    public IReadOnlyDictionary<RingViolation, long> Violations => _violations;

    /// <summary>Handshakes aborted so far because their peer broke a rule of CLC, by rule.</summary>
    public IReadOnlyDictionary<WireError, long> Breaches => _breaches;

    /// <summary>Where the events of the runtime go.</summary>
    internal EventPublisher Events { get; }

    /// <summary>Names the next connection.</summary>
    internal long NextId() => Interlocked.Increment(ref _last);

    /// <summary>Enters a connection on shared memory.</summary>
    internal void Add(long id, SmcStream stream, SmcdPath path, uint linkGroup, ConnectionRole role) =>
        Add(id, new Entry(stream, path, linkGroup, Stopwatch.GetTimestamp(), HandshakeDecision.Complete(role)));

    /// <summary>Enters a connection that fell back.</summary>
    internal void AddFallback(long id, SmcStream stream, HandshakeDecision decision)
    {
        _fallbacks.AddOrUpdate(decision.Reason, 1, static (_, count) => count + 1);
        Add(id, new Entry(stream, null, 0, Stopwatch.GetTimestamp(), decision));
    }

    /// <summary>A Proposal came too late: the fallback is counted under another reason than it was entered with.</summary>
    internal void OnLateProposal(long id)
    {
        if (!_entries.TryGetValue(id, out Entry? entry)) return;
        var right = new HandshakeDecision(ConnectionRole.Server, HandshakeStep.FirstBytes, ConnectionRole.Server, SmcReason.SniffTimeout);
        _fallbacks.AddOrUpdate(entry.Decision.Reason, 0, static (_, count) => count - 1);
        _fallbacks.AddOrUpdate(right.Reason, 1, static (_, count) => count + 1);
        _entries.TryUpdate(id, entry with { Decision = right }, entry);   // unless it has been closed meanwhile
        Events.Publish(new LateProposal(NameOf(id), entry.Stream.LocalEndPoint, entry.Stream.RemoteEndPoint, right));
    }

    /// <summary>Counts a connection that its peer's breach of a rule ends.</summary>
    /// <returns>True where it is the first of its kind, and worth a warning: a hostile peer must not fill the log.</returns>
    internal bool Count(RingViolation violation, IPEndPoint peer)
    {
        _violations.AddOrUpdate(violation, 1, static (_, count) => count + 1);
        Events.Publish(new RuleBroken(RuleLayer.Ring, violation.ToString(), peer.ToString()));
        return _localNews.TryAdd(violation, true);
    }

    /// <summary>The same for a handshake, host by host.</summary>
    internal bool Count(WireError breach, IPAddress host)
    {
        _breaches.AddOrUpdate(breach, 1, static (_, count) => count + 1);
        Events.Publish(new RuleBroken(RuleLayer.Clc, breach.ToString(), host.ToString()));
        return Volatile.Read(ref _newsCount) < MostNews && _news.TryAdd((host, breach), true) && Interlocked.Increment(ref _newsCount) <= MostNews;
    }

    /// <summary>The connection is closed here.</summary>
    internal void Remove(long id)
    {
        Entry? entry;
        SmcStatistics counters;
        lock (_closing)
        {
            if (!_entries.TryRemove(id, out entry)) return;
            counters = entry.Stream.Statistics;
            _closed[entry.Stream.Mode] = _closed.GetValueOrDefault(entry.Stream.Mode).Plus(counters);
        }

        SmcStream stream = entry.Stream;
        Events.Publish(new ConnectionClosed(
            NameOf(id), stream.Mode, stream.LocalEndPoint, stream.RemoteEndPoint, entry.Decision.Role, stream.Ending, Stopwatch.GetElapsedTime(entry.Since),
            counters.BytesWritten, counters.BytesRead));
    }

    /// <summary>The counters of all connections so far, open and closed, by mode. None ever goes back.</summary>
    internal IReadOnlyDictionary<SmcMode, SmcStatistics> Totals()
    {
        lock (_closing)
        {
            var totals = new Dictionary<SmcMode, SmcStatistics>(_closed);
            foreach (Entry entry in _entries.Values) totals[entry.Stream.Mode] = totals.GetValueOrDefault(entry.Stream.Mode).Plus(entry.Stream.Statistics);
            return totals;
        }
    }

    /// <summary>How many are open of each mode and role, none too: what is not said any more would look as it was last.</summary>
    internal IReadOnlyDictionary<(SmcMode Mode, ConnectionRole Role), int> CountOpen()
    {
        var counts = new Dictionary<(SmcMode Mode, ConnectionRole Role), int>();
        foreach (SmcMode mode in Modes)
        {
            foreach (ConnectionRole role in Enum.GetValues<ConnectionRole>()) counts.Add((mode, role), 0);
        }

        foreach (Entry entry in _entries.Values) counts[(entry.Stream.Mode, entry.Decision.Role)]++;
        return counts;
    }

    /// <summary>All open connections.</summary>
    internal IReadOnlyList<ConnectionReport> Report()
    {
        var reports = new List<ConnectionReport>();
        foreach ((long id, Entry entry) in _entries)
        {
            SmcStatistics counters = entry.Stream.Statistics;
            reports.Add(new ConnectionReport(
                NameOf(id),
                StateNames.Of(entry.Path?.State ?? SmcConnectionState.Active),
                entry.Stream.LocalEndPoint.ToString(),
                entry.Stream.RemoteEndPoint.ToString(),
                entry.Stream.Mode,
                entry.Stream.FallbackReason,
                Stopwatch.GetElapsedTime(entry.Since),
                counters.BytesWritten,
                counters.BytesRead,
                entry.GroupName)
            {
                Decision = entry.Decision,
                Counters = counters,
                Path = entry.Path?.Snapshot,
            });
        }

        reports.Sort(static (a, b) => b.Age.CompareTo(a.Age));
        return reports;
    }

    private static string NameOf(long id) => $"c{id.ToString(CultureInfo.InvariantCulture)}";

    private void Add(long id, Entry entry)
    {
        _entries[id] = entry;
        Events.Publish(new ConnectionOpened(NameOf(id), entry.Stream.Mode, entry.Stream.LocalEndPoint, entry.Stream.RemoteEndPoint, entry.Decision, entry.GroupName));
    }

    private sealed record Entry(SmcStream Stream, SmcdPath? Path, uint LinkGroup, long Since, HandshakeDecision Decision)
    {
        public string GroupName => Path is null ? string.Empty : LinkGroup.ToString("x8", CultureInfo.InvariantCulture);
    }
}
