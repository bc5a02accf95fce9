using System.Net.Sockets;
using Smc.Transport.Tests.Conformance;

namespace Smc.Transport.Tests.Paths.Smcd;

public sealed class SmcdStreamTests : StreamConformance<SmcdFixture>
{
    [Fact]
    public void It_says_that_it_is_shared_memory() =>
        Assert.Equal((SmcMode.SmcD, SmcReason.None, "", ""), (Client.Mode, Client.FallbackReason, Client.FallbackSentence, Client.FallbackRemedy));

    [Fact]
    public async Task A_second_reader_is_refused_and_the_first_goes_on()
    {
        ValueTask<int> first = Server.ReadAsync(new byte[10]);
        Assert.False(first.IsCompleted);
        Assert.Throws<InvalidOperationException>(() => Server.Read(new byte[1]));
        await Assert.ThrowsAsync<InvalidOperationException>(() => Server.ReadAsync(new byte[1]).Guarded());
        Client.Write(new byte[3]);
        Assert.Equal(3, await first.Guarded());
        Client.Write(new byte[2]);
        Assert.Equal(2, await Server.ReadAsync(new byte[10]).Guarded());
    }

    [Fact]
    public async Task A_second_writer_is_refused_and_the_first_goes_on()
    {
        byte[] big = new byte[100_000];
        ValueTask first = Client.WriteAsync(big);
        Assert.False(first.IsCompleted);
        Assert.Throws<InvalidOperationException>(() => Client.Write(new byte[1]));
        await Assert.ThrowsAsync<InvalidOperationException>(() => Client.WriteAsync(new byte[1]).Guarded());
        await Server.ReadExactlyAsync(big).Guarded();
        await first.Guarded();
        Assert.Equal(big.Length, Client.Statistics.BytesWritten);
    }

    [Fact]
    public async Task Disposing_ends_a_synchronous_read_and_write_that_sleep()
    {
        Task reading = FailsWith(SocketError.OperationAborted, () => Client.Read(new byte[1]));
        HangGuard.Until(() => Client.Statistics.Sleeps == 1, "the reader to sleep");
        Task writing = FailsWith(SocketError.OperationAborted, () => Client.Write(new byte[100_000]));
        HangGuard.Until(() => Client.Statistics.Sleeps == 2, "the writer to sleep");
        Client.Dispose();
        await Task.WhenAll(reading, writing);
    }

    [Fact]
    public async Task A_synchronous_read_and_write_that_sleep_are_woken_by_an_abort()
    {
        Task reading = FailsWith(SocketError.ConnectionReset, () => Server.Read(new byte[1]));
        HangGuard.Until(() => Server.Statistics.Sleeps == 1, "the reader to sleep");
        Task writing = FailsWith(SocketError.ConnectionReset, () => Server.Write(new byte[100_000]));
        HangGuard.Until(() => Server.Statistics.Sleeps == 2, "the writer to sleep");
        Client.Abort();
        await Task.WhenAll(reading, writing);
    }

    [Fact]
    public async Task A_full_buffer_and_the_updates_that_open_it_are_counted()
    {
        Task write = HangGuard.OnThread(() => Client.Write(new byte[200_000]));
        HangGuard.Until(() => Client.Statistics.PeerBufferFull > 0, "the ring to fill");
        await Server.ReadExactlyAsync(new byte[200_000]).Guarded();
        await write;
        Assert.InRange(Server.Statistics.WindowUpdates, 200_000 / 16_352, 200_000 / 1635);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_write_that_finds_the_buffer_full_again_and_again_counts_once(bool isAsynchronous)
    {
        Task write = isAsynchronous ? Client.WriteAsync(new byte[200_000]).AsTask() : HangGuard.OnThread(() => Client.Write(new byte[200_000]));
        HangGuard.Until(() => Client.Statistics.Sleeps == 1, "the writer to sleep");
        for (int ring = 1; ring * 16_352 < 200_000; ring++)
        {
            HangGuard.Until(() => Client.Statistics.BytesWritten == ring * 16_352, "the ring to fill");
            await Server.ReadExactlyAsync(new byte[16_352]).Guarded();
        }

        await Server.ReadExactlyAsync(new byte[200_000 % 16_352]).Guarded();
        await write.Guarded();
        Assert.Equal((1, 1), (Client.Statistics.Writes, Client.Statistics.PeerBufferFull));
    }
}

public sealed class SmcdInlineStreamTests : StreamConformance<SmcdInlineFixture>;
