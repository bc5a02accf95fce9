using System.Diagnostics;
using Smc.Host.Carriers;
using Smc.Host.CommandLine;

namespace Smc.Host.Bench;

/// <summary>One message there and back at a time; half of the round trip is what a row says.</summary>
internal sealed class PingPongClient(PeerConfiguration configuration, Carrier carrier) : BenchClient(configuration, carrier)
{
    private const int CheckedMessages = 50;
    private const int WarmUpShare = 10;
    private const double HalfInMicroseconds = 1.0 / 2000;

    private static readonly double Nanoseconds = 1e9 / Stopwatch.Frequency;

    private readonly LatencyHistogram _times = new();
    private readonly byte[] _message = new byte[configuration.Bytes];
    private readonly byte[] _reply = new byte[configuration.Bytes];
    private long _count;

    public override async Task PrepareAsync(CancellationToken ct)
    {
        await base.PrepareAsync(ct);
        for (int i = 0; i < CheckedMessages; i++)
        {
            Round.Fill(_message, i);
            await ExchangeAsync(1);
            if (!Round.Matches(_reply, i)) throw CommandFailure.Failed("the server returned other bytes than were sent");
        }
        _count = await CalibrateAsync(ExchangeAsync);
    }

    public override async Task<RunResult> RunAsync(CancellationToken ct)
    {
        await ExchangeAsync(Math.Max(1, _count / WarmUpShare));
        Measured m = await MeasureAsync(() => ExchangeAsync(_count), ct);
        RunResult result = m.ToResult(_times.Quantile(0.5) * HalfInMicroseconds, _count, 2.0 * _count, 1e6);
        return result with { P99 = _times.Quantile(0.99) * HalfInMicroseconds };
    }

    private Task<TimeSpan> ExchangeAsync(long count)
    {
        _times.Clear();
        return StartAsync(() => Exchange(count), () => ExchangeOnPoolAsync(count));
    }

    private TimeSpan Exchange(long count)
    {
        Stream stream = Stream;
        stream.Write(new Round(RoundKind.PingPong, _message.Length, count).ToBytes());
        long start = Stopwatch.GetTimestamp(), last = start;
        for (; count > 0; count--)
        {
            stream.Write(_message, 0, _message.Length);
            for (int have = 0; have < _reply.Length;)
            {
                int read = stream.Read(_reply, have, _reply.Length - have);
                if (read == 0) throw new EndOfStreamException();
                have += read;
            }
            last = Record(last);
        }
        return Stopwatch.GetElapsedTime(start, last);
    }

    private async Task<TimeSpan> ExchangeOnPoolAsync(long count)
    {
        Stream stream = Stream;
        await stream.WriteAsync(new Round(RoundKind.PingPong, _message.Length, count).ToBytes());
        long start = Stopwatch.GetTimestamp(), last = start;
        for (; count > 0; count--)
        {
            await stream.WriteAsync(_message);
            for (int have = 0; have < _reply.Length;)
            {
                int read = await stream.ReadAsync(_reply.AsMemory(have));
                if (read == 0) throw new EndOfStreamException();
                have += read;
            }
            last = Record(last);
        }
        return Stopwatch.GetElapsedTime(start, last);
    }

    private long Record(long last)
    {
        long now = Stopwatch.GetTimestamp();
        _times.Record((long)((now - last) * Nanoseconds));
        return now;
    }
}
