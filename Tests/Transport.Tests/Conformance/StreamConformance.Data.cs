using System.Buffers;

namespace Smc.Transport.Tests.Conformance;

public abstract partial class StreamConformance<TFixture>
{
    private const int EchoBytes = 3_000_000;

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task Every_byte_is_echoed_whatever_the_sizes(bool asyncClient, bool asyncServer) => await Seeds.RunAsync(async seed =>
    {
        byte[] sent = RandomBytes(seed, EchoBytes);
        byte[] received = new byte[EchoBytes];
        Task echo = asyncServer ? EchoAsync(Server, seed + 1) : HangGuard.OnThread(() => Echo(Server, seed + 1));
        Task write = asyncClient ? WriteAllAsync(Client, sent, seed + 2) : HangGuard.OnThread(() => WriteAll(Client, sent, seed + 2));
        Task read = asyncClient ? ReadAllAsync(Client, received, seed + 3) : HangGuard.OnThread(() => ReadAll(Client, received, seed + 3));
        await Task.WhenAll(echo, write, read).Guarded();
        Assert.True(sent.AsSpan().SequenceEqual(received), "Wrong bytes came back.");
        Assert.Equal((long)EchoBytes, Client.Statistics.BytesWritten);
        Assert.Equal((long)EchoBytes, Client.Statistics.BytesRead);
        Assert.Equal((long)EchoBytes, Server.Statistics.BytesRead);
    });

    [Fact]
    public async Task A_stream_can_be_read_byte_by_byte()
    {
        byte[] sent = RandomBytes(7, 20_000);
        Task write = HangGuard.OnThread(() => Client.Write(sent));
        byte[] received = new byte[sent.Length];
        await HangGuard.OnThread(() =>
        {
            for (int i = 0; i < received.Length; i++) received[i] = (byte)Server.ReadByte();
        });
        await write;
        Assert.Equal(sent, received);
        Assert.Equal(20_000, Server.Statistics.Reads);
    }

    [Fact]
    public async Task A_stream_can_be_written_byte_by_byte()
    {
        await HangGuard.OnThread(() =>
        {
            for (int i = 0; i < 1000; i++) Client.WriteByte((byte)i);
        });
        byte[] received = new byte[1000];
        await Server.ReadExactlyAsync(received).Guarded();
        Assert.Equal(Enumerable.Range(0, 1000).Select(i => (byte)i), received);
        Assert.Equal(1000, Client.Statistics.Writes);
    }

    [Fact]
    public async Task A_read_of_nothing_waits_for_data_and_takes_none()
    {
        ValueTask<int> waiting = Server.ReadAsync(Memory<byte>.Empty);
        Assert.False(waiting.IsCompleted);
        await Client.WriteAsync("x"u8.ToArray()).Guarded();
        Assert.Equal(0, await waiting.Guarded());
        Assert.Equal('x', await HangGuard.OnThread(Server.ReadByte));
    }

    [Fact]
    public async Task A_synchronous_read_of_nothing_takes_none_of_what_is_there()
    {
        await Client.WriteAsync("x"u8.ToArray()).Guarded();
        await UntilReadable(Server);
        Assert.Equal(0, await HangGuard.OnThread(() => Server.Read([])));
        Assert.Equal('x', await HangGuard.OnThread(Server.ReadByte));
    }

    [Fact]
    public async Task A_write_of_nothing_is_done_at_once()
    {
        Client.Write([]);
        await Client.WriteAsync(ReadOnlyMemory<byte>.Empty).Guarded();
        Client.Flush();
        await Client.FlushAsync().Guarded();
        await Client.WriteAsync(new byte[] { 1 }).Guarded();
        byte[] one = new byte[10];
        Assert.Equal(1, await Server.ReadAsync(one).Guarded());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_write_far_bigger_than_the_buffers_arrives_whole(bool asynchronous)
    {
        byte[] sent = RandomBytes(11, 8 * 1024 * 1024);
        Task write = asynchronous ? Client.WriteAsync(sent).AsTask() : HangGuard.OnThread(() => Client.Write(sent));
        byte[] received = new byte[sent.Length];
        await Server.ReadExactlyAsync(received).Guarded();
        await write.Guarded();
        Assert.True(sent.AsSpan().SequenceEqual(received));
        Assert.Equal(1, Client.Statistics.Writes);
    }

    [Fact]
    public async Task Both_directions_carry_data_at_once()
    {
        byte[] up = RandomBytes(1, 2_000_000);
        byte[] down = RandomBytes(2, 2_000_000);
        byte[] upReceived = new byte[up.Length];
        byte[] downReceived = new byte[down.Length];
        await Task.WhenAll(
            Client.WriteAsync(up).AsTask(),
            Server.WriteAsync(down).AsTask(),
            Server.ReadExactlyAsync(upReceived).AsTask(),
            Client.ReadExactlyAsync(downReceived).AsTask()).Guarded();
        Assert.True(up.AsSpan().SequenceEqual(upReceived));
        Assert.True(down.AsSpan().SequenceEqual(downReceived));
    }

    [Fact]
    public async Task Memory_from_pools_and_memory_that_is_no_array_serve_as_buffers()
    {
        using IMemoryOwner<byte> pooled = MemoryPool<byte>.Shared.Rent(5000);
        using var native = new NativeMemory(5000);
        RandomBytes(3, 4000).CopyTo(pooled.Memory.Span);
        await Client.WriteAsync(pooled.Memory.Slice(100, 3000)).Guarded();
        await Server.ReadExactlyAsync(native.Memory[..3000]).Guarded();
        Assert.True(native.Memory.Span[..3000].SequenceEqual(pooled.Memory.Span.Slice(100, 3000)));
        await Server.WriteAsync(native.Memory[..3000]).Guarded();
        byte[] back = new byte[3000];
        await Client.ReadExactlyAsync(back).Guarded();
        Assert.True(native.Memory.Span[..3000].SequenceEqual(back));
    }

    [Fact]
    public async Task The_old_asynchronous_methods_work()
    {
        byte[] buffer = new byte[100];
        IAsyncResult reading = Server.BeginRead(buffer, 10, 50, null, "state");
        Assert.Equal("state", reading.AsyncState);
        var called = new TaskCompletionSource<IAsyncResult>();
        Client.EndWrite(Client.BeginWrite([1, 2, 3], 1, 2, called.SetResult, null));
        Assert.Null((await called.Task.Guarded()).AsyncState);
        Assert.Equal(2, await HangGuard.OnThread(() => Server.EndRead(reading)));
        Assert.Equal([2, 3], buffer[10..12]);
    }

    [Fact]
    public async Task Arrays_with_bad_bounds_are_refused()
    {
        Assert.ThrowsAny<ArgumentException>(() => Client.Write(new byte[10], 5, 6));
        Assert.ThrowsAny<ArgumentException>(() => Client.Read(new byte[10], -1, 6));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Client.ReadAsync(new byte[10], 5, 6, CancellationToken.None));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Client.WriteAsync(null!, 0, 0, CancellationToken.None));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_stream_is_copied_to_its_end(bool asynchronous)
    {
        byte[] sent = RandomBytes(5, 1_000_000);
        Task write = HangGuard.OnThread(() =>
        {
            Client.Write(sent);
            Client.ShutdownWrite();
        });
        using var all = new MemoryStream();
        if (asynchronous) await Server.CopyToAsync(all).Guarded();
        else await HangGuard.OnThread(() => Server.CopyTo(all));
        await write;
        Assert.True(sent.AsSpan().SequenceEqual(all.ToArray()));
    }

    [Fact]
    public async Task Statistics_count_bytes_reads_and_writes()
    {
        for (int i = 0; i < 10; i++)
        {
            Client.Write(new byte[100]);
            await Server.ReadExactlyAsync(new byte[100]).Guarded();
        }

        Assert.Equal((10L, 1000L), (Client.Statistics.Writes, Client.Statistics.BytesWritten));
        Assert.Equal(1000L, Server.Statistics.BytesRead);
        Assert.Equal(10L, Server.Statistics.Reads);
        Assert.Equal((0L, 0L), (Server.Statistics.Writes, Client.Statistics.Reads));
    }

    private static void Echo(SmcStream stream, int seed)
    {
        var random = new Random(seed);
        byte[] buffer = new byte[70_000];
        long left = EchoBytes;
        while (left > 0)
        {
            int count = stream.Read(buffer, 0, random.Next(1, buffer.Length));
            stream.Write(buffer, 0, count);
            left -= count;
        }
    }

    private static async Task EchoAsync(SmcStream stream, int seed)
    {
        var random = new Random(seed);
        byte[] buffer = new byte[70_000];
        long left = EchoBytes;
        while (left > 0)
        {
            int count = await stream.ReadAsync(buffer.AsMemory(0, random.Next(1, buffer.Length)));
            await stream.WriteAsync(buffer.AsMemory(0, count));
            left -= count;
        }
    }

    private static void WriteAll(SmcStream stream, byte[] data, int seed)
    {
        var random = new Random(seed);
        for (int at = 0; at < data.Length;)
        {
            int count = Math.Min(random.Next(0, 50_000), data.Length - at);
            stream.Write(data.AsSpan(at, count));
            at += count;
        }
    }

    private static async Task WriteAllAsync(SmcStream stream, byte[] data, int seed)
    {
        var random = new Random(seed);
        for (int at = 0; at < data.Length;)
        {
            int count = Math.Min(random.Next(0, 50_000), data.Length - at);
            await stream.WriteAsync(data.AsMemory(at, count));
            at += count;
        }
    }

    private static void ReadAll(SmcStream stream, byte[] data, int seed)
    {
        var random = new Random(seed);
        for (int at = 0; at < data.Length;) at += stream.Read(data.AsSpan(at, Math.Min(random.Next(1, 50_000), data.Length - at)));
    }

    private static async Task ReadAllAsync(SmcStream stream, byte[] data, int seed)
    {
        var random = new Random(seed);
        for (int at = 0; at < data.Length;) at += await stream.ReadAsync(data.AsMemory(at, Math.Min(random.Next(1, 50_000), data.Length - at)));
    }
}
