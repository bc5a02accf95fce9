using System.Net.Sockets;
using Smc.Transport.Memory;
using Smc.Transport.Paths.Smcd;
using Smc.Transport.Rings;
using Smc.Transport.Waiting;
using Smc.Transport.Wire.Cdc;

namespace Smc.Transport.Tests.Paths.Smcd;

/// <summary>Who is told when that a connection's memory is not touched any more. The test plays the control plane.</summary>
public sealed class LifetimeTests : IDisposable
{
    private readonly SmcdGroup _group = new(new WaitSettings(LongestSpinMicroseconds: 0, InlineCompletions: false), automatic: false);
    private readonly SmcdEnd _client;
    private readonly SmcdEnd _server;

    public LifetimeTests()
    {
        SmcdLink link = _group.Connect();
        _client = link.Client;
        _server = link.Server;
    }

    [Fact]
    public void Closing_an_idle_connection_is_told_at_once_and_once()
    {
        _client.Path.Close();
        Assert.Equal(1, _client.ClosedCount);
        _client.Path.Close();
        _client.Path.Abort();
        _client.Path.ShutdownWrite();
        Assert.Equal((1, 0), (_client.ClosedCount, _client.DetachedCount));
    }

    [Fact]
    public void The_end_of_the_peer_is_told_at_once_and_once()
    {
        _client.Path.OnPeerEnded();
        Assert.Equal(1, _client.DetachedCount);
        _client.Path.OnPeerEnded();
        Assert.Equal((0, 1), (_client.ClosedCount, _client.DetachedCount));
        _client.Path.Close();
        Assert.Equal((1, 1), (_client.ClosedCount, _client.DetachedCount));
    }

    [Fact]
    public void Closed_is_told_only_when_a_reader_inside_has_left() => TellsOnlyAfter(
        memory => _client.Path.ReadAsync(memory, CancellationToken.None).AsTask(), () => _client.Path.Close(), () => _client.ClosedCount);

    [Fact]
    public void Closed_is_told_only_when_a_writer_inside_has_left() => TellsOnlyAfter(
        memory => _client.Path.WriteAsync(memory, CancellationToken.None).AsTask(), () => _client.Path.Close(), () => _client.ClosedCount);

    [Fact]
    public void Detached_is_told_only_when_a_reader_inside_has_left() => TellsOnlyAfter(
        memory => _client.Path.ReadAsync(memory, CancellationToken.None).AsTask(), _client.Path.OnPeerEnded, () => _client.DetachedCount);

    [Fact]
    public void Detached_is_told_only_when_a_writer_inside_has_left() => TellsOnlyAfter(
        memory => _client.Path.WriteAsync(memory, CancellationToken.None).AsTask(), _client.Path.OnPeerEnded, () => _client.DetachedCount);

    [Fact]
    public async Task Reader_and_writer_that_sleep_leave_and_the_last_one_tells()
    {
        Task reading = HangGuard.OnThread(() => Assert.Throws<IOException>(() => { _client.Path.Read(new byte[1], -1); }));
        HangGuard.Until(() => _client.Path.Statistics.Sleeps == 1, "the reader to sleep");
        ValueTask writing = _client.Path.WriteAsync(new byte[100_000], CancellationToken.None);
        Assert.False(writing.IsCompleted);
        _client.Path.Close();
        await reading;
        await Assert.ThrowsAsync<IOException>(() => writing.Guarded());
        await _client.WhenClosed.Guarded();
        Assert.Equal(1, _client.ClosedCount);
    }

    [Fact]
    public async Task A_peer_that_went_without_a_word_leaves_what_was_complete_and_then_a_reset()
    {
        _client.Path.Write(new byte[5000], -1);
        _server.Path.OnPeerEnded();
        Assert.Equal(5000, _server.Path.Read(new byte[6000], -1));
        await FailsWith(SocketError.ConnectionReset, () => _server.Path.Read(new byte[1], -1));
        await FailsWith(SocketError.ConnectionReset, () => _server.Path.Write(new byte[1], -1));
        Assert.Equal(SmcConnectionState.ProcessAbort, _server.Path.State);
    }

    [Fact]
    public void A_peer_that_went_after_saying_so_leaves_the_end_of_the_stream()
    {
        _client.Path.Write(new byte[10], -1);
        _client.Path.Close();
        _server.Path.OnPeerEnded();
        Assert.Equal(10, _server.Path.Read(new byte[20], -1));
        Assert.Equal(0, _server.Path.Read(new byte[20], -1));
        Assert.Equal(SmcConnectionState.AppCloseWait1, _server.Path.State);
    }

    [Fact]
    public async Task A_writer_that_waits_learns_of_the_peers_end_from_its_flags_alone()
    {
        ValueTask pending = _client.Path.WriteAsync(new byte[100_000], CancellationToken.None);
        Assert.False(pending.IsCompleted);
        _server.Path.Abort();
        IOException thrown = await Assert.ThrowsAsync<IOException>(() => pending.Guarded());
        Assert.Equal(SocketError.ConnectionReset, Assert.IsType<SocketException>(thrown.InnerException).SocketErrorCode);
    }

    [Fact]
    public async Task A_synchronous_writer_that_sleeps_learns_of_the_peers_end_from_its_flags_alone()
    {
        Task writing = FailsWith(SocketError.ConnectionReset, () => _client.Path.Write(new byte[100_000], -1));
        HangGuard.Until(() => _client.Path.Statistics.Sleeps == 1, "the writer to sleep");
        _server.Path.Abort();
        await writing;
    }

    [Fact]
    public void Once_detached_nothing_of_the_peers_is_touched()
    {
        _server.Path.OnPeerEnded();
        _client.OwnBytes.Clear();
        _server.Path.ShutdownWrite();
        Assert.ThrowsAny<IOException>(() => _server.Path.Write(new byte[100], -1));
        _server.Path.Close();
        Assert.False(_client.OwnBytes.ContainsAnyExcept((byte)0));
    }

    [Fact]
    public async Task A_producer_that_breaks_the_rules_ends_this_connection_alone_with_a_name()
    {
        SmcdLink other = _group.Connect();
        _server.WriteWord(SmcdCdcLayout.WordOne, SmcdCdcWords.Pack(new CdcCursor(0, 1_000_000)));
        await FailsWith(SocketError.ConnectionAborted, () => _server.Path.Read(new byte[1], -1));
        Assert.Equal(RingViolation.ProducerOutsideRing, _server.Violation);
        await FailsWith(SocketError.ConnectionReset, () => _client.Path.Read(new byte[1], -1));
        other.Client.Path.Write(new byte[3], -1);
        Assert.Equal(3, other.Server.Path.Read(new byte[5], -1));
    }

    [Fact]
    public async Task A_consumer_that_breaks_the_rules_ends_a_writer_that_waits()
    {
        ValueTask writing = _client.Path.WriteAsync(new byte[100_000], CancellationToken.None);
        _client.WriteWord(SmcdCdcLayout.WordTwo, SmcdCdcWords.Pack(new CdcCursor(3, 0)));
        _group.Ring(GroupSide.Client, _client.Link.Slot);
        IOException thrown = await Assert.ThrowsAsync<IOException>(() => writing.Guarded());
        Assert.Equal(SocketError.ConnectionAborted, Assert.IsType<SocketException>(thrown.InnerException).SocketErrorCode);
        Assert.Equal(RingViolation.ConsumerBeyondProducer, _client.Violation);
    }

    [Fact]
    public void What_must_be_zeroed_includes_what_nobody_looked_at()
    {
        _client.Path.Write(new byte[1234], -1);
        _client.Path.Close();
        _server.Path.Close();
        Assert.InRange(_server.Path.TouchedBytes, 1234u, (uint)_group.RingBytes);
    }

    [Fact]
    public void Of_a_peer_that_died_everything_is_zeroed_because_it_may_have_copied_what_it_never_published()
    {
        _server.Path.OnPeerEnded();
        _server.Path.Close();
        Assert.Equal((uint)_group.RingBytes, _server.Path.TouchedBytes);
    }

    [Fact]
    public async Task A_path_that_is_over_never_touches_the_announcements_of_its_successor()
    {
        ValueTask<int> reading = _client.Path.ReadAsync(new byte[1], CancellationToken.None);
        _client.Path.Close();
        await Assert.ThrowsAsync<IOException>(() => reading.Guarded());
        _client.Path.OnPeerEnded();
        foreach (int kind in new[] { SleepWord.Callback, SleepWord.Thread })
        {
            _group.Announce(GroupSide.Client, _client.Link.Slot, kind);
            _client.WriteWord(SmcdCdcLayout.WordOne, SmcdCdcWords.Pack(new CdcCursor(0, 5)));   // the successor's cursors
            for (int i = 0; i < 3; i++)
            {
                _client.Path.Sweep();   // the wake thread may come late, with the predecessor in its hands
                _client.Path.OnRung();
            }

            _client.Path.ShutdownWrite();
            _client.Path.Close();
            _client.Path.Abort();
            Assert.ThrowsAny<Exception>(() => _client.Path.Read(new byte[1], 1));
            Assert.Equal((kind, kind), _group.Announced(GroupSide.Client, _client.Link.Slot));
        }
    }

    [Fact]
    public async Task A_sleeper_whom_nobody_rang_is_found_at_the_second_look()
    {
        Task<int> reading = _server.Path.ReadAsync(new byte[10], CancellationToken.None).AsTask();
        _server.WriteWord(SmcdCdcLayout.WordOne, SmcdCdcWords.Pack(new CdcCursor(0, 4)));   // published, and not rung
        Assert.True(_server.Path.Sweep());
        Assert.Equal(0, _server.Path.Statistics.MissedBells);
        _server.Path.Sweep();
        Assert.Equal(4, await reading.Guarded());
        Assert.Equal(1, _server.Path.Statistics.MissedBells);
        Assert.False(_server.Path.Sweep());
    }

    [Fact]
    public async Task An_asynchronous_sleeper_whose_announcement_was_taken_and_who_was_not_rung_is_found()
    {
        Task<int> reading = _server.Path.ReadAsync(new byte[10], CancellationToken.None).AsTask();
        Assert.Equal(SleepWord.Callback, _group.TakeReader(GroupSide.Server, _server.Link.Slot));
        _server.WriteWord(SmcdCdcLayout.WordOne, SmcdCdcWords.Pack(new CdcCursor(0, 4)));
        Assert.True(_server.Path.Sweep());
        Assert.True(_server.Path.Sweep());
        Assert.Equal(4, await reading.Guarded());
        Assert.Equal(1, _server.Path.Statistics.MissedBells);
    }

    [Fact]
    public async Task A_sleeping_thread_whose_announcement_was_taken_and_who_was_not_woken_is_found()
    {
        Task<int> reading = HangGuard.OnThread(() => _server.Path.Read(new byte[10], -1));
        HangGuard.Until(() => _group.TakeReader(GroupSide.Server, _server.Link.Slot) == SleepWord.Thread, "a sleeper");
        _server.WriteWord(SmcdCdcLayout.WordOne, SmcdCdcWords.Pack(new CdcCursor(0, 4)));
        HangGuard.Until(() => _server.Path.Sweep() | reading.IsCompleted && reading.IsCompleted, "the reader is awake");   // by itself, where it was not yet asleep
        Assert.Equal(4, await reading.Guarded());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_sleeping_thread_whose_announcement_was_taken_by_one_who_died_is_woken_by_the_end(bool byPeer)
    {
        SocketError expected = byPeer ? SocketError.ConnectionReset : SocketError.OperationAborted;
        Task reading = FailsWith(expected, () => _server.Path.Read(new byte[10], -1));
        HangGuard.Until(() => _group.TakeReader(GroupSide.Server, _server.Link.Slot) == SleepWord.Thread, "a sleeper");   // and no wake-up
        if (byPeer) _server.Path.OnPeerEnded();
        else _server.Path.Close();
        await reading;
    }

    [Fact]
    public async Task The_sweep_finds_a_sleeping_thread_whose_connection_has_ended()
    {
        Task reading = FailsWith(SocketError.ConnectionReset, () => _server.Path.Read(new byte[10], -1));
        HangGuard.Until(() => _group.TakeReader(GroupSide.Server, _server.Link.Slot) == SleepWord.Thread, "a sleeper");
        _server.Path.Life.Set(PathBits.PeerLost);
        HangGuard.Until(() => _server.Path.Sweep() | reading.IsCompleted && reading.IsCompleted, "the reader is awake");
        await reading;
    }

    [Fact]
    public async Task A_time_out_ends_a_read_whose_peer_keeps_waking_it_for_nothing()
    {
        Task reading = FailsWith(SocketError.TimedOut, () => _server.Path.Read(new byte[10], 100));
        HangGuard.Until(
            () =>
            {
                _group.Ring(GroupSide.Server, _server.Link.Slot);
                return reading.IsCompleted;
            },
            "the time-out");
        await reading;
        Assert.Equal(0, _server.Path.Statistics.BytesRead);
    }

    [Fact]
    public async Task A_continuation_that_blocks_its_wake_thread_is_counted_and_named()
    {
        using var group = new SmcdGroup(new WaitSettings(LongestSpinMicroseconds: 0, InlineCompletions: true));
        using var gate = new ManualResetEventSlim();
        SmcdLink link = group.Connect();
        Task reading = BlockAfterAsync(link.Server, gate);
        await link.Client.Path.WriteAsync(new byte[1], CancellationToken.None);
        HangGuard.Until(() =>
        {
            group.Wake.ReportBlocked(TimeSpan.Zero);
            return link.Server.BlockingCount > 0;
        }, "the blocker is named");
        Assert.NotEqual(0, group.Wake.BlockedSeconds);
        Assert.Equal(0, link.Client.BlockingCount);
        gate.Set();
        await reading.Guarded();
    }

    [Fact]
    public async Task Memory_that_is_gone_is_the_callers_exception_and_the_next_read_goes_on()
    {
        using var memory = new VanishingMemory();
        Memory<byte> buffer = memory.Memory;
        Task<int> reading = _server.Path.ReadAsync(buffer, CancellationToken.None).AsTask();
        memory.Vanish();
        await _client.Path.WriteAsync(new byte[4], CancellationToken.None);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => reading.Guarded());
        await Assert.ThrowsAsync<ObjectDisposedException>(() => _server.Path.ReadAsync(buffer, CancellationToken.None).AsTask().Guarded());
        await Assert.ThrowsAsync<ObjectDisposedException>(() => _server.Path.WriteAsync(buffer, CancellationToken.None).AsTask().Guarded());
        Assert.Equal(4, await _server.Path.ReadAsync(new byte[10], CancellationToken.None).AsTask().Guarded());
    }

    public void Dispose() => _group.Dispose();

    private static async Task BlockAfterAsync(SmcdEnd end, ManualResetEventSlim gate)
    {
        await end.Path.ReadAsync(new byte[1], CancellationToken.None).ConfigureAwait(false);
        gate.Wait(TimeSpan.FromSeconds(60));
    }

    private sealed class VanishingMemory : System.Buffers.MemoryManager<byte>
    {
        private byte[]? _bytes = new byte[100];

        public void Vanish() => _bytes = null;

        public override Memory<byte> Memory => CreateMemory(100);

        public override Span<byte> GetSpan() => _bytes ?? throw new ObjectDisposedException(nameof(VanishingMemory));

        public override System.Buffers.MemoryHandle Pin(int elementIndex = 0) => throw new NotSupportedException();

        public override void Unpin() => throw new NotSupportedException();

        protected override void Dispose(bool disposing) => Vanish();
    }

    private static Task FailsWith(SocketError expected, Action operation) => HangGuard.OnThread(() =>
    {
        IOException thrown = Assert.Throws<IOException>(operation);
        Assert.Equal(expected, Assert.IsType<SocketException>(thrown.InnerException).SocketErrorCode);
    });

    private static void TellsOnlyAfter(Func<Memory<byte>, Task> enter, Action end, Func<int> told)
    {
        using var held = new HeldMemory(10);
        Memory<byte> memory = held.Memory;
        Task inside = HangGuard.OnThread(() => Record.Exception(() => enter(memory).Guarded().GetAwaiter().GetResult()));
        held.UntilInside();
        end();
        Assert.Equal(0, told());
        held.LetGo();
        HangGuard.Until(() => told() == 1, "the one who left to tell");
        inside.GetAwaiter().GetResult();
        Assert.Equal(1, told());
    }
}
