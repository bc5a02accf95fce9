using System.Diagnostics;
using Smc.Host.CommandLine;

namespace Smc.Host.Bench.Messages;

/// <summary>The group <c>actors</c>: messages a second between the actors of this build and between tasks over channels, in one process.</summary>
internal sealed class MessageBench(BenchPace pace)
{
    public const string Group = "actors";

    private const int Senders = 4;
    private const int RoundMessages = 100_000;
    private const int SmokeMessages = 2_000;

    private static readonly Workload[] Workloads =
    [
        new("ping-pong", 1, (carrier, count, ct) => carrier.PingPongAsync(count, ct)),
        new("fan-in", Senders, (carrier, count, ct) => carrier.FanInAsync(Senders, count, ct)),
    ];

    private int Runs => pace switch { BenchPace.Full => 5, BenchPace.Quick => 3, _ => 1 };

    private TimeSpan RunTime => TimeSpan.FromMilliseconds(pace switch { BenchPace.Full => 500, BenchPace.Quick => 250, _ => 0 });

    /// <returns>A row for each workload and carrier, ours before its rival.</returns>
    /// <exception cref="CommandFailure">A message was lost or came out of turn.</exception>
    public async Task<IReadOnlyList<BenchRow>> RunAsync(CancellationToken ct)
    {
        await using var actors = new ActorCarrier();
        await using var channels = new ChannelCarrier();
        IMessageCarrier[] carriers = [actors, channels];
        var rows = new List<BenchRow>();
        foreach (Workload workload in Workloads)
        {
            var results = carriers.ToDictionary(carrier => carrier, _ => new List<RunResult>());
            foreach (IMessageCarrier carrier in carriers) await RunAsync(workload, carrier, ct); // warms up, and must arrive in order
            for (int run = 0; run < Runs; run++)
                foreach (IMessageCarrier carrier in carriers) results[carrier].Add(await RunAsync(workload, carrier, ct));
            rows.AddRange(results.Select(r => ToRow(workload, r.Key, r.Value)));
        }
        return rows;
    }

    /// <summary>Rounds until the time is up; what waits in a mailbox is never more than a round.</summary>
    private async Task<RunResult> RunAsync(Workload workload, IMessageCarrier carrier, CancellationToken ct)
    {
        int round = pace == BenchPace.Smoke ? SmokeMessages : RoundMessages;
        long messages = 0;
        long allocated = GC.GetTotalAllocatedBytes(precise: true);
        TimeSpan cpu = Environment.CpuUsage.TotalTime;
        long start = Stopwatch.GetTimestamp();
        do
        {
            try
            {
                await workload.Run(carrier, round, ct);
            }
            catch (InvalidOperationException e)
            {
                throw CommandFailure.Failed($"{Group}/{workload.Name} over {carrier.Name}: {e.Message}", e);
            }
            messages += round;
        }
        while (Stopwatch.GetElapsedTime(start) < RunTime);
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        cpu = Environment.CpuUsage.TotalTime - cpu;
        allocated = GC.GetTotalAllocatedBytes(precise: true) - allocated;
        return new RunResult(messages / seconds, null, cpu.TotalSeconds / messages * 1e6, null, (double)allocated / messages);
    }

    private static BenchRow ToRow(Workload workload, IMessageCarrier carrier, List<RunResult> runs) => new()
    {
        Group = Group,
        Workload = workload.Name,
        Over = carrier.Name,
        Api = PeerConfiguration.Async,
        Connections = workload.Senders,
        Unit = "msg/s",
        Median = Statistics.Median(runs.Select(r => r.Value)),
        Min = runs.Min(r => r.Value),
        Max = runs.Max(r => r.Value),
        Runs = runs.Count,
        CpuClientS = Statistics.Median(runs.Select(r => r.CpuClientS)),
        Allocated = Statistics.Median(runs.Select(r => r.Allocated)),
    };

    private sealed record Workload(string Name, int Senders, Func<IMessageCarrier, long, CancellationToken, Task> Run);
}
