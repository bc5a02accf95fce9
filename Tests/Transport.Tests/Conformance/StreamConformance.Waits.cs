using System.Diagnostics;
using System.Net.Sockets;

namespace Smc.Transport.Tests.Conformance;

public abstract partial class StreamConformance<TFixture>
{
    [Fact]
    public async Task A_cancelled_read_takes_nothing_and_the_stream_goes_on()
    {
        for (int i = 0; i < 5; i++)
        {
            using var source = new CancellationTokenSource();
            ValueTask<int> reading = Server.ReadAsync(new byte[10], source.Token);
            Assert.False(reading.IsCompleted);
            await source.CancelAsync();
            OperationCanceledException thrown = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading.Guarded());
            Assert.Equal(source.Token, thrown.CancellationToken);
            Client.WriteByte((byte)i);
            Assert.Equal(i, await HangGuard.OnThread(Server.ReadByte));
        }
    }

    [Fact]
    public async Task A_cancelled_write_stops_and_the_stream_goes_on()
    {
        using var source = new CancellationTokenSource();
        ValueTask writing = Client.WriteAsync(new byte[Flood], source.Token);
        Assert.False(writing.IsCompleted);
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => writing.Guarded());
        Task mark = Task.Run(async () =>
        {
            await Client.WriteAsync(new byte[] { 1 });
            Client.ShutdownWrite();
        });
        byte[] received = await ReadToEnd(Server);
        await mark.Guarded();
        Assert.InRange(received.Length, 1, Flood);
        Assert.Equal(received.Length - 1, Array.IndexOf(received, (byte)1));
    }

    [Fact]
    public async Task A_token_that_is_cancelled_already_moves_nothing()
    {
        var cancelled = new CancellationToken(canceled: true);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Client.WriteAsync(new byte[10], cancelled).Guarded());
        Client.WriteByte(1);
        await UntilReadable(Server);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Server.ReadAsync(new byte[10], cancelled).Guarded());
        Assert.True(Server.ReadAsync(new byte[10], cancelled).IsCanceled);
        Assert.True(Server.FlushAsync(cancelled).IsCanceled);
        Assert.Equal(1, await Server.ReadAsync(new byte[10]).Guarded());
    }

    [Fact]
    public async Task Cancellation_that_races_with_data_loses_no_byte() => await Seeds.RunAsync(async seed =>
    {
        var random = new Random(seed);
        byte expected = 0;
        for (int i = 0; i < 500; i++)
        {
            using var source = new CancellationTokenSource();
            byte[] buffer = new byte[1];
            ValueTask<int> reading = Server.ReadAsync(buffer, source.Token);
            int before = random.Next(200);
            int after = random.Next(200);
            Parallel.Invoke(
                () =>
                {
                    Thread.SpinWait(before);
                    Client.WriteByte((byte)i);
                },
                () =>
                {
                    Thread.SpinWait(after);
                    source.Cancel();
                });
            try
            {
                Assert.Equal(1, await reading.Guarded());
            }
            catch (OperationCanceledException)
            {
                Assert.Equal(1, await Server.ReadAsync(buffer).Guarded());
            }

            Assert.Equal(expected++, buffer[0]);
        }
    });

    [Fact]
    public async Task A_read_past_its_time_out_fails_with_TimedOut_and_the_stream_goes_on()
    {
        Server.ReadTimeout = 30;
        long start = Stopwatch.GetTimestamp();
        await FailsWith(SocketError.TimedOut, () => Server.Read(new byte[1]));
        Assert.True(Stopwatch.GetElapsedTime(start) >= TimeSpan.FromMilliseconds(25));
        Client.WriteByte(9);
        await UntilReadable(Server);
        Assert.Equal(9, await HangGuard.OnThread(Server.ReadByte));
        Server.ReadTimeout = Timeout.Infinite;
        Task<int> waiting = HangGuard.OnThread(Server.ReadByte);
        Client.WriteByte(10);
        Assert.Equal(10, await waiting);
    }

    [Fact]
    public async Task A_write_past_its_time_out_fails_with_TimedOut()
    {
        Client.WriteTimeout = 30;
        await FailsWith(SocketError.TimedOut, () => Client.Write(new byte[Flood]));
        Task<byte[]> rest = ReadToEnd(Server);
        Client.WriteTimeout = Timeout.Infinite;
        await HangGuard.OnThread(() => Client.Write("end"u8));
        Client.ShutdownWrite();
        Assert.Equal("end"u8.ToArray(), (await rest)[^3..]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-2)]
    public void Time_outs_are_at_least_a_millisecond(int milliseconds)
    {
        Assert.True(Client.CanTimeout);
        Assert.Equal((Timeout.Infinite, Timeout.Infinite), (Client.ReadTimeout, Client.WriteTimeout));
        Assert.Throws<ArgumentOutOfRangeException>(() => Client.ReadTimeout = milliseconds);
        Assert.Throws<ArgumentOutOfRangeException>(() => Client.WriteTimeout = milliseconds);
        Client.ReadTimeout = 1;
        Client.WriteTimeout = 2;
        Assert.Equal((1, 2), (Client.ReadTimeout, Client.WriteTimeout));
    }

    [Fact]
    public void What_only_files_have_is_not_supported()
    {
        Assert.False(Client.CanSeek);
        Assert.Throws<NotSupportedException>(() => Client.Length);
        Assert.Throws<NotSupportedException>(() => Client.Position);
        Assert.Throws<NotSupportedException>(() => Client.Position = 1);
        Assert.Throws<NotSupportedException>(() => Client.Seek(0, SeekOrigin.Begin));
        Assert.Throws<NotSupportedException>(() => Client.SetLength(1));
    }
}
