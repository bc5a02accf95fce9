using System.Net.Sockets;

namespace Smc.Transport.Tests.Conformance;

public abstract partial class StreamConformance<TFixture>
{
    [Fact]
    public async Task Half_close_ends_one_direction_and_then_the_other()
    {
        byte[] request = RandomBytes(1, 100_000);
        byte[] answer = RandomBytes(2, 100_000);
        Task client = Task.Run(async () =>
        {
            await Client.WriteAsync(request);
            Client.ShutdownWrite();
            Assert.Equal(answer, await ReadToEnd(Client));
        });
        Assert.Equal(request, await ReadToEnd(Server));
        await Server.WriteAsync(answer).Guarded();
        Server.ShutdownWrite();
        await client.Guarded();
        Server.ShutdownWrite();   // saying it twice says it once
        Client.ShutdownWrite();
        Assert.Equal(0, await Client.ReadAsync(new byte[1]).Guarded());
        Assert.Equal(0, await Server.ReadAsync(new byte[1]).Guarded());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_end_of_the_stream_comes_after_all_bytes_and_stays(bool half)
    {
        Client.Write(new byte[3000]);
        if (half) Client.ShutdownWrite();
        else Client.Dispose();
        byte[] buffer = new byte[1000];
        for (int left = 3000; left > 0;)
        {
            int count = await Server.ReadAsync(buffer).Guarded();
            Assert.InRange(count, 1, left);
            left -= count;
        }

        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(0, await Server.ReadAsync(buffer).Guarded());
            Assert.Equal(0, await HangGuard.OnThread(() => Server.Read(buffer, 0, 1)));
            Assert.Equal(-1, await HangGuard.OnThread(Server.ReadByte));
            Assert.Equal(0, await Server.ReadAsync(Memory<byte>.Empty).Guarded());
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_read_that_waits_is_woken_by_the_end_of_the_stream(bool half)
    {
        ValueTask<int> waiting = Server.ReadAsync(new byte[10]);
        Assert.False(waiting.IsCompleted);
        if (half) Client.ShutdownWrite();
        else Client.Dispose();
        Assert.Equal(0, await waiting.Guarded());
    }

    [Fact]
    public async Task After_an_abort_the_peer_gets_ConnectionReset()
    {
        Client.Write(new byte[1000]);
        if (Fixture.KeepsDataBeforeReset)
        {
            Client.Abort();
            await Server.ReadExactlyAsync(new byte[1000]).Guarded();
        }
        else
        {
            await Server.ReadExactlyAsync(new byte[1000]).Guarded();   // TCP may lose what was not read yet
            Client.Abort();
        }

        await FailsWith(SocketError.ConnectionReset, () => Server.ReadAsync(new byte[10]).AsTask());
    }

    [Fact]
    public async Task A_read_and_a_write_that_wait_are_woken_by_an_abort()
    {
        ValueTask<int> reading = Server.ReadAsync(new byte[10]);
        ValueTask writing = Server.WriteAsync(new byte[Flood]);
        Assert.False(reading.IsCompleted || writing.IsCompleted);
        Client.Abort();
        if (Fixture.KeepsDataBeforeReset) await FailsWith(SocketError.ConnectionReset, reading.AsTask);
        else await Record.ExceptionAsync(() => reading.Guarded());   // a TCP socket tells its error once, and the writer has heard it
        IOException thrown = await Assert.ThrowsAsync<IOException>(() => writing.Guarded());
        Assert.Contains(Assert.IsType<SocketException>(thrown.InnerException).SocketErrorCode, Fixture.ErrorsAfterPeerClosed);
    }

    [Fact]
    public async Task Closing_with_unread_data_resets_the_peer()
    {
        Client.Write(new byte[100]);
        await UntilReadable(Server);
        Server.Dispose();
        await FailsWith(SocketError.ConnectionReset, () => Client.ReadAsync(new byte[10]).AsTask());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task After_its_own_end_a_stream_is_disposed(bool abort)
    {
        if (abort) Client.Abort();
        else Client.Dispose();
        Assert.False(Client.CanRead || Client.CanWrite);
        Assert.Throws<ObjectDisposedException>(() => Client.Read(new byte[1]));
        Assert.Throws<ObjectDisposedException>(() => Client.Write(new byte[1]));
        Assert.Throws<ObjectDisposedException>(Client.Flush);
        Assert.Throws<ObjectDisposedException>(Client.ShutdownWrite);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => Client.ReadAsync(new byte[1]).Guarded());
        await Assert.ThrowsAsync<ObjectDisposedException>(() => Client.WriteAsync(new byte[1]).Guarded());
        Client.Dispose();
        Client.Abort();
        await Client.DisposeAsync();
    }

    [Fact]
    public async Task Disposing_ends_a_read_and_a_write_that_wait()
    {
        ValueTask<int> reading = Client.ReadAsync(new byte[10]);
        ValueTask writing = Client.WriteAsync(new byte[Flood]);
        Assert.False(reading.IsCompleted || writing.IsCompleted);
        Client.Dispose();
        await FailsWith(SocketError.OperationAborted, reading.AsTask);
        await FailsWith(SocketError.OperationAborted, writing.AsTask);
    }

    [Fact]
    public async Task A_connection_that_is_broken_off_over_its_users_head_tells_him_why_and_resets_the_peer()
    {
        Task<int> reading = Client.ReadAsync(new byte[1]).AsTask();
        Assert.True(Client.Abort("An operator wanted it."));
        Assert.False(Client.Abort("Again."));
        Assert.Equal(ConnectionEnd.Revoked, Client.Ending);
        IOException under = await Assert.ThrowsAsync<IOException>(() => reading).Guarded();
        IOException later = Assert.Throws<IOException>(() => Client.Write(new byte[1]));
        Assert.Equal(SocketError.ConnectionAborted, Assert.IsType<SocketException>(under.InnerException).SocketErrorCode);
        Assert.Equal(("An operator wanted it.", SocketError.ConnectionAborted), (later.Message, Assert.IsType<SocketException>(later.InnerException).SocketErrorCode));
        await FailsWith(SocketError.ConnectionReset, async () => await Server.CopyToAsync(Stream.Null).Guarded());
        Client.Dispose();
        Assert.False(Client.Abort("Too late."));
    }

    [Fact]
    public async Task Writing_after_ShutdownWrite_is_refused()
    {
        Client.ShutdownWrite();
        await FailsWith(SocketError.Shutdown, () => Client.Write(new byte[10]));
        await FailsWith(SocketError.Shutdown, () => Client.WriteAsync(new byte[10]).AsTask());
        await Server.WriteAsync(new byte[] { 5 }).Guarded();
        Assert.Equal(5, await HangGuard.OnThread(Client.ReadByte));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Writing_after_the_peer_has_closed_fails_in_the_end(bool asynchronous)
    {
        Server.Dispose();
        IOException thrown = await Assert.ThrowsAsync<IOException>(() => asynchronous ? WriteForEverAsync() : HangGuard.OnThread(WriteForEver));
        Assert.Contains(Assert.IsType<SocketException>(thrown.InnerException).SocketErrorCode, Fixture.ErrorsAfterPeerClosed);

        void WriteForEver()
        {
            while (true) Client.Write(new byte[1000]);
        }

        async Task WriteForEverAsync()
        {
            while (true) await Client.WriteAsync(new byte[1000]).Guarded();
        }
    }

    [Fact]
    public async Task A_write_that_waits_fails_when_the_peer_closes()
    {
        ValueTask writing = Client.WriteAsync(new byte[Flood]);
        Assert.False(writing.IsCompleted);
        Server.Dispose();
        IOException thrown = await Assert.ThrowsAsync<IOException>(() => writing.Guarded());
        Assert.Contains(Assert.IsType<SocketException>(thrown.InnerException).SocketErrorCode, Fixture.ErrorsAfterPeerClosed);
    }

    [Fact]
    public async Task Every_order_of_endings_ends_both_sides_and_loses_nothing_that_was_sent_in_order() => await Seeds.RunAsync(async seed =>
    {
        var random = new Random(seed);
        for (int i = 0; i < 100; i++)
        {
            StreamPair pair = Fixture.Connect();
            int bytes = random.Next(0, 4) switch { 0 => 0, 1 => 1, _ => random.Next(40_000) };
            int clientEnd = random.Next(3);
            int serverEnd = random.Next(3);
            Task client = Task.Run(async () =>
            {
                await pair.Client.WriteAsync(new byte[bytes]);
                if (clientEnd == 0) pair.Client.ShutdownWrite();
                if (clientEnd == 0) Assert.Equal(0, await pair.Client.ReadAsync(new byte[1]));
                End(pair.Client, abort: clientEnd == 2);
            });
            Task server = Task.Run(async () =>
            {
                if (serverEnd == 0) pair.Server.ShutdownWrite();
                if (clientEnd == 0 && serverEnd == 0) Assert.Equal(bytes, (await ReadToEnd(pair.Server)).Length);
                else if (serverEnd == 1) await pair.Server.ReadAsync(new byte[bytes + 1]);
                End(pair.Server, abort: serverEnd == 2);
            });
            foreach (Task side in new[] { client, server })
            {
                try
                {
                    await side.Guarded();
                }
                catch (IOException e) when (clientEnd + serverEnd > 0)
                {
                    Assert.IsType<SocketException>(e.InnerException);
                }
            }

            pair.Dispose();
        }
    });

    [Fact]
    public async Task Threads_that_end_a_stream_at_once_while_it_is_read_and_written_end_it_once() => await Seeds.RunAsync(async seed =>
    {
        var random = new Random(seed);
        for (int i = 0; i < 50; i++)
        {
            using StreamPair pair = Fixture.Connect();
            int delay = random.Next(500);
            Task read = HangGuard.OnThread(() => Drive(() => pair.Client.Read(new byte[100])));
            Task write = HangGuard.OnThread(() => Drive(() => pair.Client.Write(new byte[100])));
            Task echo = HangGuard.OnThread(() => Drive(() => pair.Server.Write(new byte[pair.Server.Read(new byte[100])])));
            await HangGuard.OnThread(() => HangGuard.AtOnce(
                () => EndAfter(pair.Client, delay, abort: false), () => EndAfter(pair.Client, delay, abort: true), () => EndAfter(pair.Client, delay, abort: false)));
            await Task.WhenAll(read, write).Guarded();
            pair.Server.Dispose();
            await echo;
        }

        static void Drive(Action operation)
        {
            for (int left = 1_000_000; left > 0; left--)
            {
                try
                {
                    operation();
                }
                catch (Exception e) when (e is ObjectDisposedException or IOException { InnerException: SocketException })
                {
                    return;
                }
            }
        }

        static void EndAfter(SmcStream stream, int delay, bool abort)
        {
            Thread.SpinWait(delay);
            End(stream, abort);
        }
    });

    private static void End(SmcStream stream, bool abort)
    {
        if (abort) stream.Abort();
        else stream.Dispose();
    }
}
