using System.Diagnostics;
using Smc.Host.Carriers;
using Smc.Host.CommandLine;

namespace Smc.Host.Bench;

/// <summary>Connect, one byte each way, close, by one or many clients at once.</summary>
internal class ConnectClient(PeerConfiguration configuration, Carrier carrier) : BenchClient(configuration, carrier)
{
    private const int MostErrors = 100;
    private const int WarmUpShare = 10;

    private readonly LatencyHistogram[] _times = [.. Enumerable.Range(0, configuration.Connections).Select(_ => new LatencyHistogram())];
    private long _count;
    private long _left;
    private long _errors;
    private Exception? _firstError;

    public override async Task PrepareAsync(CancellationToken ct)
    {
        await base.PrepareAsync(ct);
        await FindCountAsync(ct);
    }

    public override async Task<RunResult> RunAsync(CancellationToken ct)
    {
        await ConnectAllAsync(Math.Max(Configuration.Connections, _count / WarmUpShare), ct);
        _errors = 0;
        foreach (LatencyHistogram times in _times) times.Clear();
        Measured m = await MeasureAsync(() => ConnectAllAsync(_count, ct), ct);
        if (_errors > 0 && !Configuration.CountErrors)
            throw CommandFailure.Failed($"{_errors} of {_count} connections failed: {FailureText.Describe(_firstError!).Line}");
        return m.ToResult(_count / m.Seconds, _count, _count, 1e6) with { Errors = _errors, ConnectP99 = P99() };
    }

    protected async Task FindCountAsync(CancellationToken ct) => _count = await CalibrateAsync(n => ConnectAllAsync(n, ct));

    private async Task<TimeSpan> ConnectAllAsync(long count, CancellationToken ct)
    {
        _left = count;
        var clock = Stopwatch.StartNew();
        await Task.WhenAll(_times.Select(times => Task.Run(() => ConnectInARowAsync(times, ct), ct)));
        return clock.Elapsed;
    }

    private double P99()
    {
        var all = new LatencyHistogram();
        foreach (LatencyHistogram times in _times) all.Add(times);
        return all.Quantile(0.99) / 1e3;
    }

    private async Task ConnectInARowAsync(LatencyHistogram times, CancellationToken ct)
    {
        var block = new byte[1];
        while (Interlocked.Decrement(ref _left) >= 0 && Volatile.Read(ref _errors) < MostErrors)
        {
            long begin = Stopwatch.GetTimestamp();
            try
            {
                await using (Connection connection = await ConnectAsync(ct)) await TouchAsync(connection.Stream, block, ct);
                times.Record((long)Stopwatch.GetElapsedTime(begin).TotalNanoseconds);
            }
            catch (Exception failure) when (failure is IOException or CommandFailure { Code: not ExitCode.Usage })
            {
                Interlocked.CompareExchange(ref _firstError, failure, null);
                Interlocked.Increment(ref _errors);
            }
        }
    }

    /// <summary>One byte there and back.</summary>
    public static async Task TouchAsync(Stream stream, Memory<byte> block, CancellationToken ct)
    {
        block.Span[0] = (byte)RoundKind.Touch;
        await stream.WriteAsync(block, ct);
        if (await stream.ReadAsync(block, ct) != 1 || block.Span[0] != (byte)RoundKind.Touch) throw new EndOfStreamException("the byte did not come back.");
    }
}
