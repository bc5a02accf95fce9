using System.Globalization;
using System.Net;
using Akka.Event;
using Smc.Actors.Inspection.Reports;
using Smc.Actors.Protocol;
using Smc.Transport;
using static Smc.Actors.Protocol.RuntimeEvents;

namespace Smc.Actors.Telemetry;

/// <summary>
/// Says in the log why connections are TCP: once a peer and reason, and again after an interval, with how many were like it meanwhile. A server is a
/// peer by address and port, a client by address. The table of peers is bounded: past it a fallback is counted, and told of by the next warning.
/// </summary>
/// <param name="log">Where the warnings go.</param>
/// <param name="interval">Between two warnings of one peer and reason.</param>
/// <param name="time">Whose timestamps tell it.</param>
internal sealed class FallbackWarnings(ILoggingAdapter log, TimeSpan interval, TimeProvider time)
{
    /// <summary>Pairs of peer and reason that are remembered.</summary>
    public const int MostPairs = 1024;

    private readonly Lock _gate = new();
    private readonly Dictionary<(string Peer, SmcReason Reason), Told> _told = [];
    private readonly Queue<(string Peer, SmcReason Reason)> _oldestFirst = [];
    private long _others;

    /// <summary>Warns of a fallback, where it is news. One that the settings ask for is none.</summary>
    public void On(RuntimeEvent happened)
    {
        switch (happened)
        {
            case ConnectionOpened { Mode: SmcMode.Tcp, Decision.Reason: not SmcReason.SmcDisabled } opened: Note(opened.Remote, opened.Decision); break;
            case LateProposal late: Note(late.Remote, late.Decision); break;
        }
    }

    private void Note(IPEndPoint remote, HandshakeDecision decision)
    {
        string peer = decision.PeerOf(remote);
        if (TryTake((peer, decision.Reason), out long suppressed, out long others))
            log.Log(LogLevel.WarningLevel, null, new FallbackMessage(peer, decision, suppressed, others));
    }

    private bool TryTake((string Peer, SmcReason Reason) pair, out long suppressed, out long others)
    {
        (suppressed, others) = (0, 0);
        lock (_gate)
        {
            long now = time.GetTimestamp();
            if (_told.TryGetValue(pair, out Told told) && !IsOver(told, now))
            {
                _told[pair] = told with { Suppressed = told.Suppressed + 1 };
                return false;
            }

            if (!_told.ContainsKey(pair) && !HasRoom(now))
            {
                _others++;
                return false;
            }

            if (_told.TryAdd(pair, default)) _oldestFirst.Enqueue(pair);
            _told[pair] = new Told(now, 0);
            suppressed = told.Suppressed;
            (others, _others) = (_others, 0);
            return true;
        }
    }

    private bool IsOver(Told told, long now) => time.GetElapsedTime(told.At, now) >= interval;

    /// <summary>Forgets the pair that has been here the longest, if its interval is over: what was like it meanwhile is told with the others.</summary>
    private bool HasRoom(long now)
    {
        if (_told.Count < MostPairs) return true;
        (string Peer, SmcReason Reason) oldest = _oldestFirst.Dequeue();
        Told told = _told[oldest];
        if (!IsOver(told, now))
        {
            _oldestFirst.Enqueue(oldest);   // the next look is at another
            return false;
        }

        _told.Remove(oldest);
        _others += told.Suppressed;
        return true;
    }

    private readonly record struct Told(long At, long Suppressed);
}

/// <summary>The warning: a template with names, for logs that keep properties, and its text, for those that do not.</summary>
internal sealed class FallbackMessage(string peer, HandshakeDecision decision, long suppressed, long others) : LogMessage(DefaultLogMessageFormatter.Instance, Template)
{
    private const string Template =
        "Connections with {Peer} use TCP: {Reason} ({Code}; the peer's own {PeerCode}), decided by the {DecidedBy} at {Step}. {Sentence} {Remedy} " +
        "Not told since the last warning: {Suppressed} like it, {Others} of peers that the table has no room for.";

    /// <inheritdoc />
    public override IEnumerable<object> Parameters()
    {
        SmcReason reason = decision.Reason;
        return
        [
            peer,
            TelemetryNames.Of(reason),
            ReportText.Code(reason),
            ReportText.Code(decision.PeerReason),
            TelemetryNames.Of(decision.DecidedBy),
            decision.Step.ToString(),
            SmcReasons.Sentence(reason),
            SmcReasons.Remedy(reason == SmcReason.PeerDeclined && decision.PeerReason != SmcReason.None ? decision.PeerReason : reason),
            suppressed,
            others,
        ];
    }

    /// <inheritdoc />
    public override string Unformatted() => ToString();

    /// <summary>The template with its values in their places.</summary>
    public override string ToString()
    {
        var text = new System.Text.StringBuilder(Template.Length * 2);
        IEnumerator<object> values = Parameters().GetEnumerator();
        int at = 0;
        for (int open; (open = Template.IndexOf('{', at)) >= 0 && values.MoveNext(); at = Template.IndexOf('}', open) + 1)
            text.Append(Template, at, open - at).Append(CultureInfo.InvariantCulture, $"{values.Current}");
        return text.Append(Template, at, Template.Length - at).ToString();
    }
}
