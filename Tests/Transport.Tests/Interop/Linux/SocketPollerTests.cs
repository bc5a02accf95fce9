using System.Net.Sockets;
using System.Runtime.Versioning;
using Smc.Transport.Interop.Linux;

namespace Smc.Transport.Tests.Interop.Linux;

/// <summary>Visitors who go on with the turns of a poller, and with nothing else.</summary>
[SupportedOSPlatform("linux")]
public sealed class SocketPollerTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private readonly SocketPoller _poller = SocketPoller.TryCreate(out SocketPoller? poller) ? poller! : throw new InvalidOperationException("no poller");
    private readonly LocalDoor _door;
    private LocalVisitor _visitor = null!;
    private LocalVisitor _taken = null!;

    public SocketPollerTests() => _door = LocalDoor.TryOpen(_folder.Path, out _, _poller)!;

    public async Task InitializeAsync()
    {
        Task<LocalVisitor?> taking = _door.AcceptAsync();
        _visitor = LocalDoor.TryEnter(Assert.Single(LocalDoor.Find(_folder.Path)))!;
        _taken = (await taking)!;
    }

    public Task DisposeAsync()
    {
        _visitor.Dispose();
        _taken.Dispose();
        _door.Dispose();
        _poller.Dispose();
        _folder.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public void Who_reads_goes_on_when_bytes_have_come_on_the_turn_that_finds_them()
    {
        var buffer = new byte[8];
        ValueTask<int> reading = _taken.Incoming.ReadAsync(buffer);
        Assert.False(Turn());
        _visitor.Stream.Write("hello"u8);
        Assert.False(reading.IsCompleted);
        _poller.WaitReadable();
        Assert.True(Turn());
        Assert.True(reading is { IsCompletedSuccessfully: true, Result: 5 });
        Assert.Equal("hello"u8, buffer.AsSpan(0, 5));
    }

    [Fact]
    public void Who_reads_hears_of_the_end()
    {
        ValueTask<int> reading = _taken.Incoming.ReadAsync(new byte[8]);
        _visitor.Dispose();
        _poller.WaitReadable();
        Turn();
        Assert.True(reading is { IsCompletedSuccessfully: true, Result: 0 });
    }

    [Fact]
    public async Task One_reads_at_a_time()
    {
        ValueTask<int> reading = _taken.Incoming.ReadAsync(new byte[8]);
        await Assert.ThrowsAsync<InvalidOperationException>(() => _taken.Incoming.ReadAsync(new byte[8]).AsTask());
        Assert.False(reading.IsCompleted);
    }

    [Fact]
    public async Task Who_reads_and_who_writes_wait_at_once_and_every_byte_arrives()
    {
        byte[] whole = [.. Enumerable.Range(0, 5_000_000).Select(i => (byte)(i % 251))];
        ValueTask<int> reading = _taken.Incoming.ReadAsync(new byte[8]);
        Task sending = _taken.SendAsync([default, .. whole.Chunk(4_099).Select(piece => (ReadOnlyMemory<byte>)piece)]);
        Assert.False(sending.IsCompleted);   // more than the socket holds
        var read = new byte[whole.Length];
        Task taking = _visitor.Stream.ReadExactlyAsync(read).AsTask();
        while (!sending.IsCompleted)
        {
            _poller.WaitReadable();
            Turn();
        }

        await sending;
        await taking;
        Assert.True(read.AsSpan().SequenceEqual(whole));
        Assert.False(reading.IsCompleted);
        _visitor.Stream.Write("x"u8);
        _poller.WaitReadable();
        Turn();
        Assert.True(reading is { IsCompletedSuccessfully: true, Result: 1 });
    }

    [Fact]
    public async Task Who_writes_hears_that_the_other_end_has_gone()
    {
        Task sending = _taken.SendAsync([new byte[5_000_000]]);
        Assert.False(sending.IsCompleted);
        _visitor.Dispose();
        _poller.WaitReadable();
        Turn();
        await Assert.ThrowsAsync<SocketException>(() => sending);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Who_waits_hears_that_his_end_is_closed_or_the_poller(bool poller)
    {
        ValueTask<int> reading = _taken.Incoming.ReadAsync(new byte[8]);
        Task sending = _taken.SendAsync([new byte[5_000_000]]);
        if (poller) _poller.Dispose();
        else _taken.Dispose();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => reading.AsTask());
        await Assert.ThrowsAsync<ObjectDisposedException>(() => sending);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => _taken.Incoming.ReadAsync(new byte[8]).AsTask());
    }

    [Fact]
    public void A_wait_for_sockets_ends_by_a_wake()
    {
        _poller.Wake();
        _poller.WaitReadable();
        Assert.True(Turn());
        Assert.False(Turn());
    }

    /// <summary>A turn as on the poller's own thread: with a context of a test's, who waits would go on elsewhere.</summary>
    private bool Turn()
    {
        SynchronizationContext? context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            return _poller.Handle();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(context);
        }
    }
}
