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

/// <summary>The connections of a runtime, the counts of its fallbacks and of the rules that peers broke: entered once when a connection begins, left once when it ends,
/// read by whoever asks. No reader disturbs a connection.</summary>
public sealed class ConnectionTable
{
    /// <summary>Pairs of host and rule that are remembered; beyond it a breach is counted and not warned about.</summary>
    internal const int MostNews = 1024;

    /// <summary>How old the sum may be that a collection of metrics gets.</summary>
    internal static readonly TimeSpan SumLife = TimeSpan.FromMilliseconds(100);

    /// <summary>The modes of this version: told of also where no connection has them.</summary>
    private static readonly SmcMode[] Modes = [SmcMode.Tcp, SmcMode.SmcD];

    private readonly ConcurrentDictionary<long, Entry> _entries = new();
    private readonly Dictionary<SmcMode, ModeTotals> _ended = [];
    private readonly Lock _ending = new();
    private readonly Lock _summing = new();
    private readonly TimeProvider _time;
    private readonly FallbackTable _fallbacks = new(TimeProvider.System);
    private readonly Tally<RingViolation> _violations = new(TimeProvider.System);
    private readonly Tally<WireError> _breaches = new(TimeProvider.System);
    private readonly News<(IPAddress Host, WireError Rule)> _breachNews = new(MostNews);
    private readonly News<RingViolation> _violationNews = new(MostNews);
    private readonly News<IPEndPoint> _blockingNews = new(MostNews);
    private IReadOnlyDictionary<SmcMode, SmcStatistics>? _sum;
    private long _summed;
    private long _last;

    /// <summary>A table of no runtime.</summary>
    public ConnectionTable()
        : this(new EventPublisher())
    {
    }

    /// <param name="events">Hears what is entered and left.</param>
    /// <param name="time">Whose timestamps tell how old a sum is; null for the system's.</param>
    internal ConnectionTable(EventPublisher events, TimeProvider? time = null)
    {
        Events = events;
        _time = time ?? TimeProvider.System;
    }

    /// <summary>Fallbacks so far, by reason.</summary>
    public IReadOnlyDictionary<SmcReason, long> Fallbacks => _fallbacks.Reasons();

    /// <summary>Connections aborted so far because their peer broke a rule of the ring, by rule.</summary>
    public IReadOnlyDictionary<RingViolation, long> Violations => _violations.Counts();

    /// <summary>Handshakes that came to nothing so far because their peer broke a rule of CLC, by rule.</summary>
    public IReadOnlyDictionary<WireError, long> Breaches => _breaches.Counts();

    /// <summary>Where the events of the runtime go.</summary>
    internal EventPublisher Events { get; }

    /// <summary>Names the next connection.</summary>
    internal long NextId() => Interlocked.Increment(ref _last);

    /// <summary>Enters a connection on shared memory.</summary>
    internal void Add(long id, SmcStream stream, SmcdPath path, uint linkGroup, ulong token, ConnectionRole role) =>
        Add(id, new Entry(stream, path, linkGroup, token, Stopwatch.GetTimestamp(), HandshakeDecision.Complete(role)));

    /// <summary>Enters a connection that fell back.</summary>
    internal void AddFallback(long id, SmcStream stream, HandshakeDecision decision)
    {
        _fallbacks.Add(decision.PeerOf(stream.RemoteEndPoint), decision);
        Add(id, new Entry(stream, null, 0, 0, Stopwatch.GetTimestamp(), decision));
    }

    /// <summary>A Proposal came too late: the fallback is counted under another reason than it was entered with.</summary>
    internal void OnLateProposal(long id)
    {
        if (!_entries.TryGetValue(id, out Entry? entry)) return;
        var right = new HandshakeDecision(ConnectionRole.Server, HandshakeStep.FirstBytes, ConnectionRole.Server, SmcReason.SniffTimeout);
        _fallbacks.Recount(right.PeerOf(entry.Stream.RemoteEndPoint), entry.Decision, right);
        _entries.TryUpdate(id, entry with { Decision = right }, entry);   // unless it has been closed meanwhile
        Events.Publish(new LateProposal(NameOf(id), entry.Stream.LocalEndPoint, entry.Stream.RemoteEndPoint, right));
    }

    /// <summary>Counts a connection that its peer's breach of a rule ends.</summary>
    /// <returns>True where it is the first of its kind, and worth a warning: a hostile peer must not fill the log.</returns>
    internal bool Count(RingViolation violation, IPEndPoint peer)
    {
        _violations.Add(violation);
        Events.Publish(new RuleBroken(RuleLayer.Ring, violation.ToString(), peer.ToString()));
        return _violationNews.IsFirst(violation);
    }

    /// <summary>The same for a handshake, host by host.</summary>
    internal bool Count(WireError breach, IPAddress host)
    {
        _breaches.Add(breach);
        Events.Publish(new RuleBroken(RuleLayer.Clc, breach.ToString(), host.ToString()));
        return _breachNews.IsFirst((host, breach));
    }

    /// <summary>True for the first connection of an endpoint whose continuation blocks its wake thread. When it does is in its peer's hand.</summary>
    /// <param name="endPoint">The end that this process has chosen: where it listens, or where it has connected to.</param>
    internal bool IsFirstBlocking(IPEndPoint endPoint) => _blockingNews.IsFirst(endPoint);

    /// <summary>The connection is closed here. What its peer still holds is shown until <see cref="Remove"/>.</summary>
    internal void Close(long id)
    {
        if (!_entries.TryGetValue(id, out Entry? entry) || !entry.TryClose()) return;
        SmcStream stream = entry.Stream;
        SmcStatistics counters = stream.Statistics;
        Events.Publish(new ConnectionClosed(
            NameOf(id), stream.Mode, stream.LocalEndPoint, stream.RemoteEndPoint, entry.Decision.Role, stream.Ending, Stopwatch.GetElapsedTime(entry.Since),
            counters.BytesWritten, counters.BytesRead));
    }

    /// <summary>The connection is over. What it has counted stays in the sum.</summary>
    internal void Remove(long id)
    {
        Close(id);
        lock (_ending)
        {
            if (_entries.TryRemove(id, out Entry? entry))
                _ended[entry.Stream.Mode] = _ended.GetValueOrDefault(entry.Stream.Mode).Plus(entry.Stream.Statistics, open: 0);
        }
    }

    /// <summary>Breaks a connection off over its user's head.</summary>
    /// <param name="name">As it is shown.</param>
    /// <param name="reason">A sentence that its user gets.</param>
    /// <returns>False where it is not open.</returns>
    internal bool TryAbort(string name, string reason)
    {
        Entry? entry = _entries.FirstOrDefault(entry => NameOf(entry.Key) == name).Value;
        return entry is not null && entry.Stream.Abort(reason);   // from any thread, as its user would: its actor hears of it as of any end
    }

    /// <summary>As <see cref="Sum"/>, at most <see cref="SumLife"/> ago: the instruments of one collection share one way through the table.</summary>
    internal IReadOnlyDictionary<SmcMode, SmcStatistics> Totals()
    {
        lock (_summing)
        {
            if (_sum is { } recent && _time.GetElapsedTime(_summed) < SumLife) return recent;
            _summed = _time.GetTimestamp();
            return _sum = Sum();
        }
    }

    /// <summary>The counters of all connections so far, open and closed, by mode, none too: a rate begins at zero. None ever goes back.</summary>
    internal IReadOnlyDictionary<SmcMode, SmcStatistics> Sum()
    {
        Dictionary<SmcMode, SmcStatistics> sum = Modes.ToDictionary(mode => mode, _ => default(SmcStatistics));
        ICollection<Entry> entries;
        lock (_ending)
        {
            entries = _entries.Values;   // as they are now
            foreach ((SmcMode mode, ModeTotals ended) in _ended) sum[mode] = ended.Counters;
        }

        foreach (SmcStream stream in entries.Select(entry => entry.Stream)) sum[stream.Mode] = sum.GetValueOrDefault(stream.Mode).Plus(stream.Statistics);
        return sum;
    }

    /// <summary>How many are open of each mode and role, none too: what is not said any more would look as it was last.</summary>
    internal IReadOnlyDictionary<(SmcMode Mode, ConnectionRole Role), int> CountOpen()
    {
        var counts = new Dictionary<(SmcMode Mode, ConnectionRole Role), int>();
        foreach (SmcMode mode in Modes)
        {
            foreach (ConnectionRole role in Enum.GetValues<ConnectionRole>()) counts.Add((mode, role), 0);
        }

        foreach (Entry entry in _entries.Values.Where(entry => !entry.IsClosing))
        {
            (SmcMode, ConnectionRole) kind = (entry.Stream.Mode, entry.Decision.Role);
            counts[kind] = counts.GetValueOrDefault(kind) + 1;
        }

        return counts;
    }

    /// <summary>The open connections, the oldest first.</summary>
    internal IReadOnlyList<ConnectionReport> Report() => [.. ReportAll().Connections.Where(connection => !connection.IsClosing)];

    /// <summary>The connections, in the order in which they began, those too that are closing, and the counters of all that there are and have been.</summary>
    internal (IReadOnlyList<ConnectionReport> Connections, IReadOnlyDictionary<SmcMode, ModeTotals> Totals) ReportAll()
    {
        KeyValuePair<long, Entry>[] entries;
        Dictionary<SmcMode, ModeTotals> totals;
        lock (_ending)
        {
            entries = _entries.ToArray();   // a spread would size its array before the table has stopped moving
            totals = new Dictionary<SmcMode, ModeTotals>(_ended);
        }

        Array.Sort(entries, static (a, b) => a.Key.CompareTo(b.Key));   // and not by age: two may have been opened in the same tick of the clock
        var reports = new List<ConnectionReport>(entries.Length);
        foreach ((long id, Entry entry) in entries)
        {
            ConnectionReport report = ReportOf(id, entry);
            reports.Add(report);
            totals[report.Mode] = totals.GetValueOrDefault(report.Mode).Plus(report.Counters, open: report.IsClosing ? 0 : 1);
        }

        return (reports, totals);
    }

    /// <summary>Fallbacks by peer and reason, the latest first.</summary>
    internal IReadOnlyList<FallbackReport> ReportFallbacks() => _fallbacks.Report();

    /// <summary>What peers broke, with the times.</summary>
    internal IReadOnlyList<ViolationReport> ReportViolations() =>
    [
        .. _violations.Report().Select(v => new ViolationReport("ring", v.Key.ToString(), "the connection was aborted", v.Value)),
        .. _breaches.Report().Select(b => new ViolationReport("CLC", b.Key.ToString(), "the handshake was reset or declined", b.Value)),
    ];

    private static string NameOf(long id) => $"c{id.ToString(CultureInfo.InvariantCulture)}";

    private static ConnectionReport ReportOf(long id, Entry entry)
    {
        SmcStatistics counters = entry.Stream.Statistics;
        Words words = entry.WordsOf(id);
        return new ConnectionReport(
            words.Name,
            StateNames.Of(entry.Path?.State ?? SmcConnectionState.Active),
            words.Local,
            words.Peer,
            entry.Stream.Mode,
            entry.Stream.FallbackReason,
            Stopwatch.GetElapsedTime(entry.Since),
            counters.BytesWritten,
            counters.BytesRead,
            words.Group)
        {
            Decision = entry.Decision,
            IsClosing = entry.IsClosing,
            Token = entry.Token,
            Counters = counters,
            Path = entry.Path?.Snapshot,
        };
    }

    private void Add(long id, Entry entry)
    {
        _entries[id] = entry;
        Events.Publish(new ConnectionOpened(NameOf(id), entry.Stream.Mode, entry.Stream.LocalEndPoint, entry.Stream.RemoteEndPoint, entry.Decision, entry.GroupName));
    }

    /// <summary>What does not change as long as a connection lives, as reports write it.</summary>
    private sealed record Words(string Name, string Local, string Peer, string Group);

    private sealed record Entry(SmcStream Stream, SmcdPath? Path, uint LinkGroup, ulong Token, long Since, HandshakeDecision Decision)
    {
        private int _closed;
        private Words? _words;

        public string GroupName => Path is null ? string.Empty : LinkGroup.ToString("x8", CultureInfo.InvariantCulture);

        public bool IsClosing => Volatile.Read(ref _closed) != 0;

        /// <summary>Made by the first report, and kept: one that is looked at is looked at again.</summary>
        public Words WordsOf(long id)
        {
            if (Volatile.Read(ref _words) is { } known) return known;   // SYNC words: pairs with the write below; the object is immutable
            var made = new Words(NameOf(id), Stream.LocalEndPoint.ToString(), Stream.RemoteEndPoint.ToString(), GroupName);
            Volatile.Write(ref _words, made);   // SYNC words: several may write, each the same
            return made;
        }

        /// <returns>False where it was closed before.</returns>
        public bool TryClose() => Interlocked.Exchange(ref _closed, 1) == 0;
    }
}
