using System.Diagnostics;
using System.Diagnostics.Metrics;
using Smc.Actors.Connections;
using Smc.Actors.Devices;
using Smc.Actors.LinkGroups;
using Smc.Actors.Protocol;
using Smc.Transport;
using static Smc.Actors.Protocol.RuntimeEvents;
using static Smc.Actors.Telemetry.TelemetryNames;

namespace Smc.Actors.Telemetry;

/// <summary>
/// The meter of one runtime. What has a beginning or an end is counted when it is told; what happens once a read or write is read, when somebody
/// collects, from the counters that every connection keeps anyway. Each runtime of a process has a meter of its own, told apart by the tag smc.runtime.
/// Links and completion queues have no instruments here: SMC-D has neither.
/// </summary>
internal sealed class RuntimeMetrics : IDisposable
{
    private static readonly double[] ConnectionSeconds = [0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 300, 1_800, 7_200];
    private static readonly double[] HandshakeSeconds = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

    private readonly Meter _meter;
    private readonly bool _ownsMeter;
    private readonly Histogram<double> _connectionDuration;
    private readonly Histogram<double> _handshakeDuration;
    private readonly Counter<long> _fallbacks;
    private readonly Counter<long> _violations;

    /// <param name="runtime">Names the runtime within the process.</param>
    /// <param name="connections">Whose counters are read.</param>
    /// <param name="groups">The link groups.</param>
    /// <param name="device">The DMBs.</param>
    /// <param name="meters">Makes the meter, and owns it; null makes one that ends with this.</param>
    public RuntimeMetrics(string runtime, ConnectionTable connections, LinkGroupTable groups, LoopbackDevice device, IMeterFactory? meters)
    {
        var options = new MeterOptions(Source) { Version = ProductVersion.Text, Tags = [new(Runtime, runtime)] };
        _ownsMeter = meters is null;
        _meter = meters?.Create(options) ?? new Meter(options);
        try
        {
            _connectionDuration = Durations("smc.connection.duration", "How long connections were open.", ConnectionSeconds);
            _handshakeDuration = Durations("smc.handshake.duration", "How long handshakes took, however they ended.", HandshakeSeconds);
            _fallbacks = _meter.CreateCounter<long>(
                "smc.fallbacks", "{connection}", "Connections that fell back to TCP. One whose Proposal came too late counts once more, as SniffTimeout.");
            _violations = _meter.CreateCounter<long>("smc.peer.violations", "{violation}", "Rules that peers broke.");
            _meter.CreateObservableUpDownCounter("smc.connections.active", () => Active(connections), "{connection}", "Open connections.");
            _meter.CreateObservableUpDownCounter("smc.link_groups.active", () => Active(groups), "{link_group}", "Link groups.");
            _meter.CreateObservableUpDownCounter("smc.buffer.usage", () => Dmbs(device.Dmbs.BytesInUse), "By", "Receive buffers that are handed out.");
            _meter.CreateObservableUpDownCounter("smc.buffer.limit", () => Dmbs(device.Dmbs.MostBytes), "By", "Receive buffers that may be handed out.");
            Observe("smc.io", "By", "Bytes that applications wrote and read.", connections, Io);
            Observe("smc.buffer.full", "{event}", "Writers that found the peer's buffer full.", connections, Full);
            Observe("smc.doorbells", "{doorbell}", "Wake-ups of a peer by a system call, and those that a peer left out.", connections, Doorbells);
            Observe("smc.spin.wins", "{spin}", "Waits that spinning ended.", connections, static (mode, totals) => Spins(mode, totals.SpinWins));
            Observe("smc.spin.losses", "{spin}", "Spins that ended in sleep.", connections, static (mode, totals) => Spins(mode, totals.SpinLosses));
        }
        catch
        {
            Dispose();   // whoever listens to meters may throw
            throw;
        }
    }

    /// <summary>Counts an event.</summary>
    public void On(RuntimeEvent happened)
    {
        switch (happened)
        {
            case HandshakeEnded handshake: OnHandshake(handshake); break;
            case ConnectionOpened { Mode: SmcMode.Tcp } opened: CountFallback(opened.Decision); break;
            case LateProposal late: CountFallback(late.Decision); break;
            case ConnectionClosed closed: OnClosed(closed); break;
            case RuleBroken broken: _violations.Add(1, new KeyValuePair<string, object?>(Violation, Of(broken.Layer))); break;
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        if (_ownsMeter) _meter.Dispose();
    }

    private void OnHandshake(HandshakeEnded handshake)
    {
        if (!_handshakeDuration.Enabled) return;
        TagList tags = [new(Outcome, Of(handshake.Outcome))];
        if (handshake.Mode is { } mode) tags.Add(Mode, Of(mode));
        if (handshake.Decision.Reason != SmcReason.None) tags.Add(FallbackReason, Of(handshake.Decision.Reason));
        _handshakeDuration.Record(handshake.Duration.TotalSeconds, tags);
    }

    private void OnClosed(ConnectionClosed closed)
    {
        if (!_connectionDuration.Enabled) return;
        TagList tags = [new(Mode, Of(closed.Mode))];
        if (Of(closed.End) is { } error) tags.Add(ErrorType, error);
        _connectionDuration.Record(closed.Duration.TotalSeconds, tags);
    }

    private void CountFallback(HandshakeDecision decision) =>
        _fallbacks.Add(1, new KeyValuePair<string, object?>(FallbackReason, Of(decision.Reason)), new KeyValuePair<string, object?>(Role, Of(decision.Role)));

    private Histogram<double> Durations(string name, string description, double[] bounds) =>
        _meter.CreateHistogram(name, "s", description, advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = bounds });

    private void Observe(
        string name, string unit, string description, ConnectionTable connections, Func<SmcMode, SmcStatistics, IEnumerable<Measurement<long>>> measure) =>
        _meter.CreateObservableCounter(name, () => connections.Totals().SelectMany(total => measure(total.Key, total.Value)), unit, description);

    private static IEnumerable<Measurement<long>> Active(ConnectionTable connections) =>
        connections.CountOpen().Select(open => new Measurement<long>(open.Value, new(Mode, Of(open.Key.Mode)), new(Role, Of(open.Key.Role))));

    private static IEnumerable<Measurement<long>> Active(LinkGroupTable groups) =>
        groups.CountByState().Select(count => new Measurement<long>(count.Value, new(GroupType, Of(SmcMode.SmcD)), new(GroupState, Of(count.Key))));

    private static Measurement<long> Dmbs(long bytes) => new(bytes, new KeyValuePair<string, object?>(BufferKind, "dmb"));

    private static IEnumerable<Measurement<long>> Io(SmcMode mode, SmcStatistics totals) =>
    [
        new(totals.BytesWritten, new(Mode, Of(mode)), new(Direction, Transmit)),
        new(totals.BytesRead, new(Mode, Of(mode)), new(Direction, Receive)),
    ];

    /// <summary>Bytes are written straight into the peer's buffer: there is no other that could be full.</summary>
    private static IEnumerable<Measurement<long>> Full(SmcMode mode, SmcStatistics totals) =>
        mode == SmcMode.Tcp ? [] : [new(totals.PeerBufferFull, new(Direction, Transmit), new(Side, "remote"))];

    private static IEnumerable<Measurement<long>> Doorbells(SmcMode mode, SmcStatistics totals) => mode == SmcMode.Tcp
        ? []
        :
        [
            new(totals.Bells, new KeyValuePair<string, object?>(DoorbellResult, "sent")),
            new(totals.MissedBells, new KeyValuePair<string, object?>(DoorbellResult, "missed")),
        ];

    private static IEnumerable<Measurement<long>> Spins(SmcMode mode, long count) => mode == SmcMode.Tcp ? [] : [new(count)];
}
