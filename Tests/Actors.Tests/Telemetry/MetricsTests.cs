using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Sockets;
using Actors.Tests.Harness;
using Smc.Actors;
using Smc.Actors.Connections;
using Smc.Actors.Devices;
using Smc.Actors.LinkGroups;
using Smc.Actors.Protocol;
using Smc.Actors.Settings;
using Smc.Actors.Telemetry;
using Smc.Peer.Handshakes;
using Smc.Transport;
using Xunit.Abstractions;
using static Smc.Actors.Protocol.RuntimeEvents;

namespace Actors.Tests.Telemetry;

/// <summary>The meter Smc.Actors, read back through OpenTelemetry.</summary>
[Collection(Alone.Name)]
public sealed class MetricsTests(ITestOutputHelper output) : RendezvousTest
{
    private const int Dmb = 64 * 1024;
    private const int LengthOffset = 5;
    private const int Workers = 4;
    private const int ConnectionsOfWorker = 25;
    private const int Bytes = 3_000;

    [Fact]
    public async Task Every_instrument_appears_with_its_name_its_unit_and_its_tags_for_each_runtime_apart()
    {
        using var collected = new Collected();
        Pair pair = await StartPairAsync("smc.buffers.max-dmbs = 2");
        await using Ends open = await pair.ConnectAsync();
        Ends aborted = await pair.ConnectAsync();
        Ends fallen = await pair.ConnectAsync();
        Assert.Equal((SmcMode.SmcD, SmcMode.SmcD, SmcMode.Tcp), (open.Client.Mode, aborted.Client.Mode, fallen.Client.Mode));
        int seed = Seed.Take(output);
        foreach (Ends ends in new[] { open, aborted, fallen }) await Exchange.BothWaysAsync(ends, 1_000, seed);
        await fallen.DisposeAsync();
        aborted.Client.Abort();
        Assert.Equal(SocketError.ConnectionReset, (await Exchange.ReadToBreakAsync(aborted.Server)).Error);
        await aborted.Server.DisposeAsync();
        await pair.DmbsAsync(1);
        await SendMalformedProposalAsync(pair);
        await Assert.ThrowsAsync<SocketException>(() => pair.Client.ConnectAsync(FreePort()).AsTask().Guard());

        Assert.Equal(
            [
                "smc.buffer.full LongSum {event} [network.io.direction=transmit smc.side=remote]",
                $"smc.buffer.limit LongSumNonMonotonic By [smc.buffer.kind=dmb] {2 * Dmb}",
                $"smc.buffer.usage LongSumNonMonotonic By [smc.buffer.kind=dmb] {Dmb}",
                "smc.connection.duration Histogram s [error.type=connection_reset smc.mode=smcd] 1",
                "smc.connection.duration Histogram s [smc.mode=tcp] 1",
                "smc.connections.active LongSumNonMonotonic {connection} [smc.mode=smcd smc.role=client] 0",
                "smc.connections.active LongSumNonMonotonic {connection} [smc.mode=smcd smc.role=server] 1",
                "smc.connections.active LongSumNonMonotonic {connection} [smc.mode=tcp smc.role=client] 0",
                "smc.connections.active LongSumNonMonotonic {connection} [smc.mode=tcp smc.role=server] 0",
                "smc.doorbells LongSum {doorbell} [smc.doorbell.result=missed]",
                "smc.doorbells LongSum {doorbell} [smc.doorbell.result=sent]",
                "smc.fallbacks LongSum {connection} [smc.fallback.reason=MaxDmb smc.role=server] 1",
                "smc.handshake.duration Histogram s [smc.fallback.reason=MaxDmb smc.mode=tcp smc.outcome=fallback] 1",
                "smc.handshake.duration Histogram s [smc.mode=smcd smc.outcome=smc] 2",
                "smc.handshake.duration Histogram s [smc.outcome=failed] 1",
                "smc.io LongSum By [network.io.direction=receive smc.mode=smcd] 2000",
                "smc.io LongSum By [network.io.direction=receive smc.mode=tcp] 1000",
                "smc.io LongSum By [network.io.direction=transmit smc.mode=smcd] 2000",
                "smc.io LongSum By [network.io.direction=transmit smc.mode=tcp] 1000",
                "smc.link_groups.active LongSumNonMonotonic {link_group} [smc.link_group.state=active smc.link_group.type=smcd] 1",
                "smc.link_groups.active LongSumNonMonotonic {link_group} [smc.link_group.state=closed smc.link_group.type=smcd] 0",
                "smc.link_groups.active LongSumNonMonotonic {link_group} [smc.link_group.state=draining smc.link_group.type=smcd] 0",
                "smc.link_groups.active LongSumNonMonotonic {link_group} [smc.link_group.state=ending smc.link_group.type=smcd] 0",
                "smc.link_groups.active LongSumNonMonotonic {link_group} [smc.link_group.state=failed smc.link_group.type=smcd] 0",
                "smc.peer.violations LongSum {violation} [smc.violation=clc] 1",
                "smc.spin.losses LongSum {spin} []",
                "smc.spin.wins LongSum {spin} []",
            ],
            Lines(collected.Points(pair.Server.TelemetryName)));
        Assert.Equal(
            [
                "smc.connection.duration Histogram s [error.type=aborted_by_app smc.mode=smcd] 1",
                "smc.connection.duration Histogram s [smc.mode=tcp] 1",
                "smc.connections.active LongSumNonMonotonic {connection} [smc.mode=smcd smc.role=client] 1",
                "smc.connections.active LongSumNonMonotonic {connection} [smc.mode=smcd smc.role=server] 0",
                "smc.connections.active LongSumNonMonotonic {connection} [smc.mode=tcp smc.role=client] 0",
                "smc.connections.active LongSumNonMonotonic {connection} [smc.mode=tcp smc.role=server] 0",
                "smc.fallbacks LongSum {connection} [smc.fallback.reason=PeerDeclined smc.role=client] 1",
                "smc.handshake.duration Histogram s [smc.fallback.reason=PeerDeclined smc.mode=tcp smc.outcome=fallback] 1",
                "smc.handshake.duration Histogram s [smc.mode=smcd smc.outcome=smc] 2",
                "smc.handshake.duration Histogram s [smc.outcome=failed] 1",
            ],
            Lines(collected.Points(pair.Client.TelemetryName)).Where(line => line.StartsWith("smc.conn", StringComparison.Ordinal)
                || line.StartsWith("smc.fall", StringComparison.Ordinal) || line.StartsWith("smc.hand", StringComparison.Ordinal)));
    }

    [Fact]
    public void Every_end_of_a_connection_and_every_broken_rule_has_its_tag()
    {
        const string Name = "of no runtime";
        using var collected = new Collected();
        using var device = new LoopbackDevice(SmcSettings.From(SmcSettings.Parse("smc { }")));
        using var metrics = new RuntimeMetrics(Name, new ConnectionTable(), new LinkGroupTable(new EventPublisher()), device, meters: null);
        foreach (ConnectionEnd end in Enum.GetValues<ConnectionEnd>())
            metrics.On(new ConnectionClosed("c1", SmcMode.SmcD, Loopback, Loopback, ConnectionRole.Client, end, TimeSpan.FromSeconds(1), 0, 0));
        foreach (RuleLayer layer in Enum.GetValues<RuleLayer>()) metrics.On(new RuleBroken(layer, "a rule", "somebody"));
        Assert.Equal(
            [
                "smc.connection.duration [error.type=aborted_by_app smc.mode=smcd]",
                "smc.connection.duration [error.type=aborted_by_operator smc.mode=smcd]",
                "smc.connection.duration [error.type=connection_reset smc.mode=smcd]",
                "smc.connection.duration [error.type=peer_lost smc.mode=smcd]",
                "smc.connection.duration [error.type=peer_violation smc.mode=smcd]",
                "smc.connection.duration [error.type=runtime_ended smc.mode=smcd]",
                "smc.connection.duration [smc.mode=smcd]",
                "smc.peer.violations [smc.violation=clc]",
                "smc.peer.violations [smc.violation=control]",
                "smc.peer.violations [smc.violation=credentials]",
                "smc.peer.violations [smc.violation=cursor]",
                "smc.peer.violations [smc.violation=memory]",
                "smc.peer.violations [smc.violation=token]",
            ],
            collected.Points(Name).Where(point => point.Name is "smc.connection.duration" or "smc.peer.violations")
                .Select(point => $"{point.Name} [{point.Tags}]").Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Counts_of_connections_that_have_closed_stay_and_no_sum_ever_goes_back()
    {
        const int Dmbs = 4;
        Pair pair = await StartPairAsync($"smc.buffers.max-dmbs = {Dmbs}");
        using var done = new CancellationTokenSource();
        Task<long> watching = Task.Run(() => WatchBytes(pair, done.Token));
        await Parallel.ForAsync(0, Workers, (_, _) => OpenAndCloseAsync(pair));
        await pair.DmbsAsync(0);
        var holding = new List<Ends>();
        for (int i = 0; i < Dmbs; i++) holding.Add(await pair.ConnectAsync());
        await Parallel.ForAsync(0, Workers, (_, _) => OpenAndCloseAsync(pair));   // no DMB is left: TCP
        await done.CancelAsync();
        Assert.InRange(await watching.Guard(), 1, long.MaxValue);
        foreach (Ends ends in holding) await ends.DisposeAsync();
        foreach (SmcRuntime runtime in new[] { pair.Client, pair.Server })
        {
            await Eventually.TrueAsync(() => runtime.Connections.CountOpen().Values.Sum() == 0, "all connections to be closed");
            IReadOnlyDictionary<SmcMode, SmcStatistics> totals = runtime.Connections.Sum();
            Assert.Equal(2 * Workers * ConnectionsOfWorker * (long)Bytes, totals.Values.Sum(total => total.BytesRead));
            Assert.Equal(2 * Workers * ConnectionsOfWorker * (long)Bytes, totals.Values.Sum(total => total.BytesWritten));
            Assert.InRange(totals[SmcMode.SmcD].BytesRead, Bytes, long.MaxValue);
            Assert.InRange(totals[SmcMode.Tcp].BytesRead, Workers * ConnectionsOfWorker * Bytes, long.MaxValue);
        }
    }

    [Fact]
    public async Task A_meter_that_somebody_else_makes_is_used_and_left_to_its_owner()
    {
        using var owner = new Meters();
        string hocon = $"smc.rendezvous.folder = \"{Folder}\"";
        await using (SmcRuntime runtime = await SmcRuntime.StartAsync(SmcSettings.Parse(hocon), owner))
            Assert.Equal($"Smc.Actors smc.runtime={runtime.TelemetryName}", owner.Made);
        Assert.False(owner.IsEnded);
    }

    [Fact]
    public async Task While_metrics_are_collected_and_handshakes_traced_reads_and_writes_allocate_nothing()
    {
        using var collected = new Collected();
        Pair pair = await StartPairAsync();
        await using Ends ends = await pair.ConnectAsync();
        byte[] buffer = new byte[100];
        for (int i = 0; i < 1_000; i++) ThereAndBack(ends, buffer);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 10_000; i++) ThereAndBack(ends, buffer);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Contains(collected.Points(pair.Client.TelemetryName), point => point is { Name: "smc.io", Value: 1_100_000 });
    }

    /// <summary>Several do so at once: an end need not meet its own other end.</summary>
    private static async ValueTask OpenAndCloseAsync(Pair pair)
    {
        for (int i = 0; i < ConnectionsOfWorker; i++)
        {
            await using SmcStream client = await pair.Client.ConnectAsync(pair.Listener.LocalEndPoint).Guard();
            await using SmcStream server = await pair.Listener.AcceptAsync().Guard();
            await client.WriteAsync(new byte[Bytes]);
            await server.WriteAsync(new byte[Bytes]);
            await server.ReadExactlyAsync(new byte[Bytes]).Guard();
            await client.ReadExactlyAsync(new byte[Bytes]).Guard();
        }
    }

    private static void ThereAndBack(Ends ends, byte[] buffer)
    {
        ends.Client.Write(buffer);
        ends.Server.ReadExactly(buffer);
        ends.Server.Write(buffer);
        ends.Client.ReadExactly(buffer);
    }

    /// <returns>How often it has looked.</returns>
    private static long WatchBytes(Pair pair, CancellationToken done)
    {
        var last = new Dictionary<(string, SmcMode), long>();
        long looks = 0;
        for (; !done.IsCancellationRequested; looks++)
        {
            foreach ((string side, SmcRuntime runtime) in new[] { ("server", pair.Server), ("client", pair.Client) })
            {
                foreach ((SmcMode mode, SmcStatistics total) in runtime.Connections.Sum())
                {
                    long bytes = total.BytesRead + total.BytesWritten;
                    Assert.InRange(bytes, last.GetValueOrDefault((side, mode)), long.MaxValue);
                    last[(side, mode)] = bytes;
                }
            }
        }

        return looks;
    }

    private async Task SendMalformedProposalAsync(Pair pair)
    {
        using var client = new ScriptedClient(Folder, pair.Listener.LocalEndPoint);
        await client.BeginAsync().Guard();
        byte[] proposal = ScriptedClient.ProposalOf(client.Rendezvous.Gid);
        proposal[LengthOffset + 1]--;
        await client.Socket.SendAsync(proposal);
        await Eventually.TrueAsync(() => pair.Server.Connections.Breaches.Count > 0, "the breach to be counted");
    }

    private static IPEndPoint FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(Loopback);
        return (IPEndPoint)socket.LocalEndPoint!;
    }

    /// <summary>A line a series; those whose value depends on the machine without it.</summary>
    private static IEnumerable<string> Lines(IReadOnlyList<Point> points) => points
        .Select(point => $"{point.Name} {point.Kind} {point.Unit} [{point.Tags}]{(IsOfTheMachine(point.Name) ? string.Empty : $" {point.Value}")}")
        .Order(StringComparer.Ordinal);

    private static bool IsOfTheMachine(string name) => name is "smc.doorbells" or "smc.buffer.full" || name.StartsWith("smc.spin", StringComparison.Ordinal);

    private sealed class Meters : IMeterFactory
    {
        private readonly List<Meter> _meters = [];

        public string Made => string.Join(", ", _meters.Select(meter => $"{meter.Name} {string.Join(" ", meter.Tags!.Select(tag => $"{tag.Key}={tag.Value}"))}"));

        public bool IsEnded { get; private set; }

        public Meter Create(MeterOptions options)
        {
            options.Scope = this;
            var meter = new OwnedMeter(options, () => IsEnded = true);
            _meters.Add(meter);
            return meter;
        }

        public void Dispose() => _meters.ForEach(meter => meter.Dispose());
    }

    private sealed class OwnedMeter(MeterOptions options, Action ended) : Meter(options)
    {
        protected override void Dispose(bool disposing)
        {
            ended();
            base.Dispose(disposing);
        }
    }
}
