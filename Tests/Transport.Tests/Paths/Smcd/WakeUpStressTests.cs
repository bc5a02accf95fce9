using System.Diagnostics;
using Smc.Transport.Paths.Smcd;
using Smc.Transport.Waiting;

namespace Smc.Transport.Tests.Paths.Smcd;

/// <summary>Tiny messages without spinning, so that nearly every one meets a sleeper: none may be slept over.</summary>
[Collection(Alone.Name)]
public sealed class WakeUpStressTests : IDisposable
{
    private const byte LastOfBurst = 255;
    private const int BurstMessage = 8;

    private static readonly TimeSpan Length = TimeSpan.FromSeconds(1.5);

    private readonly SmcdGroup _group = new(new WaitSettings(LongestSpinMicroseconds: 0, InlineCompletions: false));
    private readonly SmcdGroup _inlineGroup = new(new WaitSettings(LongestSpinMicroseconds: 0, InlineCompletions: true));

    public enum Way
    {
        Sync,
        Async,
        Mixed,
    }

    [Theory]
    [InlineData(Way.Sync, Way.Sync, false)]
    [InlineData(Way.Async, Way.Async, false)]
    [InlineData(Way.Async, Way.Async, true)]
    [InlineData(Way.Sync, Way.Async, false)]
    [InlineData(Way.Mixed, Way.Mixed, false)]
    public async Task Ping_pong_never_stops(Way client, Way server, bool inline) => await Seeds.RunAsync(async seed =>
    {
        SmcdLink link = (inline ? _inlineGroup : _group).Connect();
        long end = Stopwatch.GetTimestamp() + (long)(Length.TotalSeconds * Stopwatch.Frequency);
        Task<long> pinging = Task.Run(() => PingAsync(link.Client.Stream, client, seed, end));
        Task<long> ponging = Task.Run(() => PongAsync(link.Server.Stream, server, ~seed));
        Assert.Equal(await pinging.Guarded(), await ponging.Guarded());
        Assert.InRange(await pinging, 100, long.MaxValue);
        AssertNothingMissed(link);
    });

    [Theory]
    [InlineData(Way.Sync, Way.Sync)]
    [InlineData(Way.Async, Way.Async)]
    [InlineData(Way.Mixed, Way.Mixed)]
    public async Task A_stream_of_tiny_messages_both_ways_never_stops(Way writer, Way reader) => await Seeds.RunAsync(async seed =>
    {
        SmcdLink link = _group.Connect();
        long end = Stopwatch.GetTimestamp() + (long)(Length.TotalSeconds * Stopwatch.Frequency);
        Task<long>[] writing = [Task.Run(() => FloodAsync(link.Client.Stream, writer, seed, end)), Task.Run(() => FloodAsync(link.Server.Stream, writer, seed + 1, end))];
        Task<long>[] reading = [Task.Run(() => DrainAsync(link.Server.Stream, reader, seed + 2)), Task.Run(() => DrainAsync(link.Client.Stream, reader, seed + 3))];
        Assert.Equal(await Task.WhenAll(writing).Guarded(), await Task.WhenAll(reading).Guarded());
        AssertNothingMissed(link);
    });

    [Theory]
    [InlineData(Way.Sync, Way.Sync, false)]
    [InlineData(Way.Async, Way.Async, false)]
    [InlineData(Way.Async, Way.Async, true)]
    [InlineData(Way.Sync, Way.Async, true)]
    [InlineData(Way.Mixed, Way.Mixed, false)]
    public async Task A_reader_that_pledges_in_every_burst_and_sleeps_after_it_never_stops(Way client, Way server, bool inline) => await Seeds.RunAsync(async seed =>
    {
        SmcdLink link = (inline ? _inlineGroup : _group).Connect();
        long end = Stopwatch.GetTimestamp() + (long)(Length.TotalSeconds * Stopwatch.Frequency);
        Task<long> bursting = Task.Run(() => BurstAsync(link.Client.Stream, client, seed, IsEnough));
        Task<long> swallowing = Task.Run(() => SwallowAsync(link.Server.Stream, server, ~seed));
        Assert.Equal(await bursting.Guarded(), await swallowing.Guarded());
        AssertNothingMissed(link);

        // The server rings once a burst to answer, and for the rest because it asks the courier.
        bool IsEnough(long bursts) => Stopwatch.GetTimestamp() >= end && link.Server.Path.Statistics.Bells > bursts + 20;
    });

    [Fact]
    public async Task Many_connections_of_one_group_never_stop() => await Seeds.RunAsync(async seed =>
    {
        SmcdLink[] links = [.. Enumerable.Range(0, 40).Select(_ => _group.Connect())];
        long end = Stopwatch.GetTimestamp() + (long)(Length.TotalSeconds * Stopwatch.Frequency);
        Task<long>[] pinging = [.. links.Select((link, i) => Task.Run(() => PingAsync(link.Client.Stream, Way.Async, seed + i, end)))];
        Task<long>[] ponging = [.. links.Select((link, i) => Task.Run(() => PongAsync(link.Server.Stream, Way.Async, seed - i)))];
        Assert.Equal(await Task.WhenAll(pinging).Guarded(), await Task.WhenAll(ponging).Guarded());
        Assert.All(links, AssertNothingMissed);
    });

    public void Dispose()
    {
        _group.Dispose();
        _inlineGroup.Dispose();
    }

    private static void AssertNothingMissed(SmcdLink link) =>
        Assert.Equal((0L, 0L), (link.Client.Path.Statistics.MissedBells, link.Server.Path.Statistics.MissedBells));

    private static async Task<long> PingAsync(SmcStream stream, Way way, int seed, long end)
    {
        var random = new Random(seed);
        byte[] buffer = new byte[64];
        long messages = 0;
        while (Stopwatch.GetTimestamp() < end)
        {
            int length = random.Next(1, 20);
            buffer.AsSpan(0, length).Fill((byte)messages);
            await WriteAsync(stream, way, random, buffer.AsMemory(0, length));
            for (int got = 0; got < length;)
            {
                int count = await ReadAsync(stream, way, random, buffer.AsMemory(0, length - got));
                if (count == 0) Assert.Fail("The stream ended early.");
                if (buffer.AsSpan(0, count).ContainsAnyExcept((byte)messages)) Assert.Fail($"Wrong bytes in message {messages}.");
                got += count;
            }

            messages += length;
        }

        stream.ShutdownWrite();
        return messages;
    }

    private static async Task<long> PongAsync(SmcStream stream, Way way, int seed)
    {
        var random = new Random(seed);
        byte[] buffer = new byte[64];
        long bytes = 0;
        while (true)
        {
            int count = await ReadAsync(stream, way, random, buffer);
            if (count == 0) return bytes;
            bytes += count;
            await WriteAsync(stream, way, random, buffer.AsMemory(0, count));
        }
    }

    /// <summary>Sends bursts of tiny messages, which the reader takes byte by byte, so that a pledge pays; and waits for an answer to each.</summary>
    private static async Task<long> BurstAsync(SmcStream stream, Way way, int seed, Func<long, bool> isEnough)
    {
        var random = new Random(seed);
        byte[] message = new byte[BurstMessage];
        long bytes = 0;
        for (long bursts = 0; !isEnough(bursts); bursts++)
        {
            int messages = random.Next(1, PledgePolicy.LeastHits + PledgePolicy.Worth);
            for (int i = 0; i < messages; i++) await WriteAsync(stream, way, random, Count(message, ref bytes));
            message.AsSpan().Fill(LastOfBurst);
            await WriteAsync(stream, way, random, message);
            bytes += message.Length;
            if (await ReadAsync(stream, way, random, message) != 1) Assert.Fail("No answer.");
        }

        stream.ShutdownWrite();
        return bytes;

        static Memory<byte> Count(byte[] message, ref long bytes)
        {
            message.AsSpan().Fill((byte)(bytes / message.Length % LastOfBurst));
            bytes += message.Length;
            return message;
        }
    }

    private static async Task<long> SwallowAsync(SmcStream stream, Way way, int seed)
    {
        var random = new Random(seed);
        byte[] buffer = new byte[1];
        for (long bytes = 1; ; bytes++)
        {
            if (await ReadAsync(stream, way, random, buffer) == 0) return bytes - 1;
            if (buffer[0] != LastOfBurst && buffer[0] != (bytes - 1) / BurstMessage % LastOfBurst) Assert.Fail($"Wrong byte at {bytes - 1}.");
            if (buffer[0] == LastOfBurst && bytes % BurstMessage == 0) await WriteAsync(stream, way, random, buffer);
        }
    }

    private static async Task<long> FloodAsync(SmcStream stream, Way way, int seed, long end)
    {
        var random = new Random(seed);
        byte[] buffer = new byte[64];
        long bytes = 0;
        while (Stopwatch.GetTimestamp() < end)
        {
            int length = random.Next(1, buffer.Length);
            for (int i = 0; i < length; i++) buffer[i] = (byte)((bytes + i) % 251);
            await WriteAsync(stream, way, random, buffer.AsMemory(0, length));
            bytes += length;
        }

        stream.ShutdownWrite();
        return bytes;
    }

    private static async Task<long> DrainAsync(SmcStream stream, Way way, int seed)
    {
        var random = new Random(seed);
        byte[] buffer = new byte[3000];
        long bytes = 0;
        while (true)
        {
            int count = await ReadAsync(stream, way, random, buffer.AsMemory(0, random.Next(1, buffer.Length)));
            if (count == 0) return bytes;
            for (int i = 0; i < count; i++)
            {
                if (buffer[i] != (byte)((bytes + i) % 251)) Assert.Fail($"Wrong byte at {bytes + i}.");
            }

            bytes += count;
        }
    }

    private static ValueTask<int> ReadAsync(SmcStream stream, Way way, Random random, Memory<byte> buffer)
    {
        if (random.Next(16) == 0) Thread.Yield();
        return IsAsync(way, random) ? stream.ReadAsync(buffer) : new ValueTask<int>(stream.Read(buffer.Span));
    }

    private static ValueTask WriteAsync(SmcStream stream, Way way, Random random, ReadOnlyMemory<byte> buffer)
    {
        if (random.Next(16) == 0) Thread.Yield();
        if (IsAsync(way, random)) return stream.WriteAsync(buffer);
        stream.Write(buffer.Span);
        return default;
    }

    private static bool IsAsync(Way way, Random random) => way == Way.Async || (way == Way.Mixed && random.Next(2) == 0);
}
