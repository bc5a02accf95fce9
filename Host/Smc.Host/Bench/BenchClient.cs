using System.Diagnostics;
using Smc.Host.Carriers;
using Smc.Host.CommandLine;

namespace Smc.Host.Bench;

/// <summary>The measuring side of one configuration: prepared once, then run as often as it is asked.</summary>
internal abstract class BenchClient(PeerConfiguration configuration, Carrier carrier) : IAsyncDisposable
{
    private static readonly TimeSpan LongestWarmUp = TimeSpan.FromSeconds(0.5);

    private Connection? _connection;

    protected PeerConfiguration Configuration => configuration;

    protected Stream Stream => _connection!.Stream;

    /// <summary>The last bytes of a run do not wait for a delayed acknowledgement: that would measure a timer of 40 ms.</summary>
    protected void Push() => _connection!.Push();

    public static BenchClient Create(PeerConfiguration configuration, Carrier carrier) => configuration.Workload switch
    {
        "one-way" => new OneWayClient(configuration, carrier),
        "ping-pong" => new PingPongClient(configuration, carrier),
        "connect" => new ConnectClient(configuration, carrier),
        BenchCell.Besieged => new BesiegedClient(configuration, carrier),
        "one-way" + BenchCell.Watched => new WatchedClient(configuration, carrier, new OneWayClient(configuration, carrier)),
        "ping-pong" + BenchCell.Watched => new WatchedClient(configuration, carrier, new PingPongClient(configuration, carrier)),
        "idle" => new IdleClient(configuration, carrier),
        _ => throw CommandFailure.Usage($"there is no workload '{configuration.Workload}'."),
    };

    /// <summary>Connects, checks that the bytes arrive as they were sent, and finds how much one run should do.</summary>
    public virtual async Task PrepareAsync(CancellationToken ct) => _connection = await ConnectAsync(ct);

    public abstract Task<RunResult> RunAsync(CancellationToken ct);

    public virtual async ValueTask DisposeAsync()
    {
        if (_connection is not null) await _connection.DisposeAsync();
    }

    /// <exception cref="CommandFailure">An SMC connection fell back: its figures would be those of TCP.</exception>
    protected async ValueTask<Connection> ConnectAsync(CancellationToken ct)
    {
        Connection connection = await carrier.ConnectAsync(configuration.At, ct);
        if (connection.Fallback is not { } reason) return connection;
        await connection.DisposeAsync();
        throw CommandFailure.Failed($"the connection fell back to TCP ({reason})");
    }

    /// <param name="all">Memory and descriptors too.</param>
    /// <param name="ct">Ends the wait.</param>
    protected async Task<ProcessUsage> ServerUsageAsync(bool all, CancellationToken ct)
    {
        byte[] question = new Round(RoundKind.Usage, all ? 1 : 0, 0).ToBytes();
        var reply = new byte[ProcessUsage.Length];
        if (configuration.IsSync)
        {
            Stream.Write(question);
            Stream.ReadExactly(reply);
        }
        else
        {
            await Stream.WriteAsync(question, ct);
            await Stream.ReadExactlyAsync(reply, ct);
        }
        return ProcessUsage.Parse(reply);
    }

    /// <summary>The number of operations that take about as long as a run should; trying them warms up code and caches.</summary>
    protected async Task<long> CalibrateAsync(Func<long, Task<TimeSpan>> work)
    {
        if (configuration.FixedCount > 0) return configuration.FixedCount;
        var aim = TimeSpan.FromMilliseconds(configuration.RunMilliseconds);
        var clock = Stopwatch.StartNew();
        for (long count = 16; ; count *= 2)
        {
            TimeSpan took = await work(count);
            if (took * 4 < aim || (took < aim && clock.Elapsed < LongestWarmUp)) continue;
            return Math.Max(1, (long)(count * (aim / took)));
        }
    }

    /// <summary>Runs <paramref name="work"/> and says what each process spent on it.</summary>
    protected async Task<Measured> MeasureAsync(Func<Task<TimeSpan>> work, CancellationToken ct)
    {
        ProcessUsage server = await ServerUsageAsync(false, ct);
        long allocated = GC.GetTotalAllocatedBytes(precise: true);
        TimeSpan cpu = Environment.CpuUsage.TotalTime;
        TimeSpan elapsed = await work();
        cpu = Environment.CpuUsage.TotalTime - cpu;
        allocated = GC.GetTotalAllocatedBytes(precise: true) - allocated;
        return new Measured(elapsed.TotalSeconds, cpu.TotalSeconds, ((await ServerUsageAsync(false, ct)).Cpu - server.Cpu).TotalSeconds, allocated);
    }

    /// <summary>Blocking work gets a thread of its own, asynchronous work starts on the thread pool: as each would in a program.</summary>
    protected Task<TimeSpan> StartAsync(Func<TimeSpan> blocking, Func<Task<TimeSpan>> asynchronous) => configuration.IsSync
        ? Task.Factory.StartNew(blocking, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)
        : Task.Run(asynchronous);
}

/// <summary>Seconds, CPU seconds of both processes, and managed bytes of the client.</summary>
internal readonly record struct Measured(double Seconds, double CpuClient, double CpuServer, long Allocated)
{
    /// <param name="value">The row's value.</param>
    /// <param name="operations">How often the operation was done.</param>
    /// <param name="messages">In how many messages, or bytes, the CPU seconds are shared.</param>
    /// <param name="share">A million messages, or a GB.</param>
    public RunResult ToResult(double value, long operations, double messages, double share) =>
        new(value, null, CpuClient / messages * share, CpuServer / messages * share, (double)Allocated / operations);
}
