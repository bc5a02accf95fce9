using Smc.Transport.Memory;
using Smc.Transport.Paths.Smcd;
using Smc.Transport.Waiting;

namespace Smc.Transport.Tests.Paths.Smcd;

/// <summary>Sleepers whom a peer wakes for nothing: a core is not its to burn, and what does come is found.</summary>
public sealed class StartledSleeperTests : IDisposable
{
    private const int FloodMilliseconds = 200;

    private readonly SmcdGroup _group = new(new WaitSettings(LongestSpinMicroseconds: 0, InlineCompletions: false));
    private readonly SmcdLink _link;
    private readonly byte[] _byte = new byte[1];

    public StartledSleeperTests() => _link = _group.Connect();

    [Fact]
    public async Task A_thread_whose_announcement_is_torn_down_all_the_time_looks_once_a_millisecond()
    {
        SmcdPath path = _link.Server.Path;
        Task<int> reading = HangGuard.OnThread(() => path.Read(_byte, -1));
        long begin = Environment.TickCount64;
        Flood(() => _group.EraseAnnouncement(GroupSide.Server, _link.Slot));
        Assert.InRange(path.Statistics.Sleeps, WakeBudget.Burst, WakeBudget.Burst + Environment.TickCount64 - begin + 2);
        _link.Client.Path.Write(_byte, -1);
        Assert.Equal(1, await reading.Guarded());
    }

    [Fact]
    public async Task A_wait_that_is_broken_off_all_the_time_ends_with_what_comes()
    {
        SmcdPath path = _link.Server.Path;
        Task<int> reading = path.ReadAsync(_byte, default).AsTask();
        Flood(() => _group.Ring(GroupSide.Server, _link.Slot));
        Assert.False(reading.IsCompleted);
        Assert.NotEqual(0, _group.Memories[0].Mutes);
        _link.Client.Path.Write(_byte, -1);
        Assert.Equal(1, await reading.Guarded());
    }

    [Fact]
    public async Task An_update_of_the_window_wakes_no_reader()
    {
        SmcdPath path = _link.Server.Path;
        Task<int> reading = HangGuard.OnThread(() => path.Read(_byte, -1));
        HangGuard.Until(() => path.Statistics.Sleeps == 1, "the reader to sleep");
        byte[] part = new byte[_group.RingBytes / 2];
        for (int i = 0; i < 10; i++)
        {
            path.Write(part, -1);
            for (int got = 0; got < part.Length;) got += _link.Client.Path.Read(part, -1);
        }

        Assert.True(_link.Client.Path.Statistics.WindowUpdates >= 10, "updates of the window");
        _link.Client.Path.Write(_byte, -1);
        Assert.Equal(1, await reading.Guarded());
        Assert.Equal(1, path.Statistics.Sleeps);
    }

    [Fact]
    public void A_writer_that_says_it_is_blocked_wakes_nobody_for_that()
    {
        _group.Announce(GroupSide.Server, _link.Slot, SleepWord.Callback);
        _link.Client.Path.Write(new byte[_group.RingBytes], -1);
        _group.Announce(GroupSide.Server, _link.Slot, SleepWord.Callback);   // as a reader does that has read all of it
        Assert.Throws<IOException>(() => _link.Client.Path.Write(_byte, 0));
        Assert.Equal((SleepWord.Callback, SleepWord.Callback), _group.Announced(GroupSide.Server, _link.Slot));
    }

    [Fact]
    public async Task A_peer_whose_writes_are_held_all_the_time_is_never_muted()
    {
        const int Rounds = 50 * WakeBudget.Burst;
        SmcdPath server = _link.Server.Path;
        SmcdPath client = _link.Client.Path;
        byte[] ring = new byte[_group.RingBytes];
        client.Write(ring, -1);
        server.Write(ring, -1);
        Task writing = server.WriteAsync(ring, default).AsTask();   // nobody reads it: this writer has no reason to wake up
        for (int i = 0; i < Rounds; i++)
        {
            Task held = client.WriteAsync(ring, default).AsTask();
            for (int got = 0; got < ring.Length;) got += server.Read(ring, -1);
            await held.Guarded();
        }

        Assert.Equal(0, _group.Memories[0].Mutes);
        Assert.False(writing.IsCompleted);
        Assert.True(client.Statistics.PeerBufferFull >= Rounds, "the client was held");
        for (int got = 0; got < 2 * ring.Length;) got += client.Read(ring, -1);
        await writing.Guarded();
    }

    public void Dispose() => _group.Dispose();

    private static void Flood(Action wake)
    {
        for (long begin = Environment.TickCount64; Environment.TickCount64 - begin < FloodMilliseconds;) wake();
    }
}
