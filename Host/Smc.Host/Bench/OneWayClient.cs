using System.Diagnostics;
using Smc.Host.Carriers;
using Smc.Host.CommandLine;

namespace Smc.Host.Bench;

/// <summary>Messages one way; the clock stops when the server has confirmed the last byte.</summary>
internal sealed class OneWayClient(PeerConfiguration configuration, Carrier carrier) : BenchClient(configuration, carrier)
{
    private const int CheckedBytes = 1 << 20;
    private const int WarmUpShare = 10;

    private readonly byte[] _message = new byte[configuration.Bytes];
    private long _count;

    /// <summary>From this size on a row says MB/s, and CPU seconds per GB.</summary>
    public const int BulkBytes = 4096;

    public override async Task PrepareAsync(CancellationToken ct)
    {
        await base.PrepareAsync(ct);
        long messages = Math.Max(2, Math.Min(CheckedBytes / Configuration.Bytes, 4096));
        await StartAsync(() => CheckSync(messages), () => CheckAsync(messages));
        _count = await CalibrateAsync(SendAsync);
    }

    public override async Task<RunResult> RunAsync(CancellationToken ct)
    {
        await SendAsync(Math.Max(1, _count / WarmUpShare));
        Measured m = await MeasureAsync(() => SendAsync(_count), ct);
        double bytes = (double)_count * _message.Length;
        return _message.Length < BulkBytes
            ? m.ToResult(_count / m.Seconds, _count, _count, 1e6)
            : m.ToResult(bytes / 1e6 / m.Seconds, _count, bytes, 1e9);
    }

    private Task<TimeSpan> SendAsync(long count) => StartAsync(() => WriteSync(count), () => WriteAsync(count));

    private TimeSpan WriteSync(long count)
    {
        Stream.Write(new Round(RoundKind.OneWay, 0, count * _message.Length).ToBytes());
        Stream stream = Stream;
        byte[] message = _message;
        var clock = Stopwatch.StartNew();
        for (; count > 0; count--) stream.Write(message, 0, message.Length);
        Push();
        Confirm(stream.ReadByte());
        return clock.Elapsed;
    }

    private async Task<TimeSpan> WriteAsync(long count)
    {
        await Stream.WriteAsync(new Round(RoundKind.OneWay, 0, count * _message.Length).ToBytes());
        Stream stream = Stream;
        ReadOnlyMemory<byte> message = _message;
        var clock = Stopwatch.StartNew();
        for (; count > 0; count--) await stream.WriteAsync(message);
        Push();
        await ConfirmAsync();
        return clock.Elapsed;
    }

    private TimeSpan CheckSync(long messages)
    {
        Stream.Write(new Round(RoundKind.OneWayChecked, 0, messages * _message.Length).ToBytes());
        for (long i = 0; i < messages; i++)
        {
            Round.Fill(_message, i * _message.Length);
            Stream.Write(_message);
        }
        Confirm(Stream.ReadByte());
        return TimeSpan.Zero;
    }

    private async Task<TimeSpan> CheckAsync(long messages)
    {
        await Stream.WriteAsync(new Round(RoundKind.OneWayChecked, 0, messages * _message.Length).ToBytes());
        for (long i = 0; i < messages; i++)
        {
            Round.Fill(_message, i * _message.Length);
            await Stream.WriteAsync(_message);
        }
        await ConfirmAsync();
        return TimeSpan.Zero;
    }

    private async ValueTask ConfirmAsync()
    {
        var reply = new byte[1];
        Confirm(await Stream.ReadAsync(reply) == 1 ? reply[0] : -1);
    }

    private static void Confirm(int reply)
    {
        if (reply == Round.WrongData) throw CommandFailure.Failed("the server received other bytes than were sent");
        if (reply != Round.Confirmed) throw CommandFailure.Failed("the server closed before it confirmed");
    }
}
