using Smc.Transport.Interop.Linux;
using Smc.Transport.Memory;
using Smc.Transport.Paths.Smcd;
using Smc.Transport.Waiting;

namespace Smc.Transport.Tests.Waiting;

public sealed class WakeThreadTests : IDisposable
{
    private const int FloodMilliseconds = 300;

    /// <summary>Turns that one wake-up without a reason can come to: its own, and those of a clock that is coarser than the wait for it.</summary>
    private const int TurnsOfWakeUp = 8;

    private readonly WakeThread _thread = new("test-wake");
    private readonly List<SharedRegion> _regions = [];

    [Fact]
    public async Task A_ring_for_a_slot_reaches_the_target_with_that_slot()
    {
        Target target = NewTarget();
        _thread.Add(target);
        foreach (int slot in new[] { 0, 63, 64, 254 })
        {
            target.Ring(slot);
            Assert.Equal(slot, await target.Rung());
        }
    }

    [Fact]
    public async Task Debts_are_paid_after_all_have_been_taken_and_before_anyone_is_woken()
    {
        Target[] targets = [NewTarget(), NewTarget()];
        foreach (Target target in targets) _thread.Add(target);
        for (int round = 0; round < 100; round++)
        {
            foreach (Target target in targets) target.Ring(3, owes: true);
            foreach (Target target in targets) Assert.Equal(3, await target.Rung());
            foreach (Target target in targets) Assert.Equal(target.DebtsTaken, target.DebtsPaid);
        }

        Assert.All(targets, target => Assert.True(target.DebtsTaken > 0));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_peer_that_rings_for_nothing_gets_a_turn_a_millisecond_and_keeps_nobody_waiting(bool setsBits)
    {
        Target flooded = NewTarget(hasReasons: false);
        Target neighbour = NewTarget();
        _thread.Add(flooded);
        _thread.Add(neighbour);
        await using (new Flood(() => Ring(flooded, setsBits)))
        {
            long begin = Environment.TickCount64;
            long turns = _thread.Turns;
            HangGuard.Until(() => Environment.TickCount64 - begin > FloodMilliseconds, "the flood");
            long paid = WakeBudget.Burst + Environment.TickCount64 - begin;
            Assert.InRange(_thread.Turns - turns, WakeBudget.Burst, TurnsOfWakeUp * paid);
            for (int slot = 0; slot < 255; slot++)
            {
                neighbour.Ring(slot);
                Assert.Equal(slot, await neighbour.Rung());
            }
        }

        Assert.NotEqual(0, flooded.Mutes);
        Assert.Equal(0, neighbour.Mutes);

        static void Ring(Target target, bool setsBits)
        {
            if (setsBits) target.Ring(1);
            else target.RingBellAlone();
        }
    }

    [Fact]
    public async Task A_peer_that_rang_for_nothing_is_heard_again_when_time_has_paid()
    {
        Target flooded = NewTarget(hasReasons: false);
        _thread.Add(flooded);
        HangGuard.Until(
            () =>
            {
                flooded.Ring(1);
                return _thread.Turns > 2 * WakeBudget.Burst;
            },
            "the budget to be spent");
        flooded.Forget();
        flooded.Ring(2);
        while (await flooded.Rung() != 2)
        {
        }
    }

    [Fact]
    public async Task Every_target_of_one_thread_is_served()
    {
        Target[] targets = [.. Enumerable.Range(0, WakeThread.MaxTargets).Select(_ => NewTarget())];
        foreach (Target target in targets) _thread.Add(target);
        Assert.Equal(targets.Length, _thread.Count);
        foreach (Target target in targets) target.Ring(7);
        foreach (Target target in targets) Assert.Equal(7, await target.Rung());
    }

    [Fact]
    public async Task A_removed_target_is_not_touched_any_more()
    {
        Target kept = NewTarget();
        Target removed = NewTarget();
        _thread.Add(kept);
        _thread.Add(removed);
        removed.Ring(1);
        Assert.Equal(1, await removed.Rung());
        await _thread.RemoveAsync(removed).Guarded();
        Assert.Equal(1, _thread.Count);
        int calls = removed.Calls;
        removed.Ring(2);
        for (int i = 0; i < 10; i++)
        {
            kept.Ring(i);
            Assert.Equal(i, await kept.Rung());
        }

        Assert.Equal(calls, removed.Calls);
    }

    [Fact]
    public async Task Targets_come_and_go_while_others_are_rung()
    {
        Target steady = NewTarget();
        _thread.Add(steady);
        for (int i = 0; i < 300; i++)
        {
            Target passing = NewTarget();
            _thread.Add(passing);
            passing.Ring(3);
            steady.Ring(i % 255);
            Assert.Equal(i % 255, await steady.Rung());
            Assert.Equal(3, await passing.Rung());
            await _thread.RemoveAsync(passing).Guarded();
        }
    }

    [Fact]
    public async Task It_ends_and_a_removal_after_its_end_is_done_at_once()
    {
        Target target = NewTarget();
        _thread.Add(target);
        await HangGuard.OnThread(_thread.Dispose);
        await _thread.RemoveAsync(target).Guarded();
        await _thread.RemoveAsync(target).Guarded();
        int calls = target.Calls;
        target.Ring(1);
        Assert.Equal(calls, target.Calls);
    }

    [Fact]
    public async Task Removals_that_race_with_the_end_are_all_done() => await Seeds.RunAsync(async seed =>
    {
        var random = new Random(seed);
        for (int i = 0; i < 200; i++)
        {
            var thread = new WakeThread("test-race");
            Target target = NewTarget();
            thread.Add(target);
            int spins = random.Next(2000);
            Task removal = HangGuard.OnThread(() =>
            {
                Thread.SpinWait(spins);
                return thread.RemoveAsync(target);
            }).Unwrap().Guarded();
            await HangGuard.OnThread(thread.Dispose);
            await removal;
        }
    });

    [Fact]
    public async Task The_service_starts_another_thread_when_one_is_full_and_ends_them_all()
    {
        var service = new WakeService(watchInlineCompletions: false);
        Target[] targets = [.. Enumerable.Range(0, WakeThread.MaxTargets + 1).Select(_ => NewTarget())];
        WakeThread[] threads = [.. targets.Select(service.Add)];
        Assert.Equal(2, threads.Distinct().Count());
        foreach (Target target in targets) target.Ring(200);
        foreach (Target target in targets) Assert.Equal(200, await target.Rung());
        await HangGuard.OnThread(service.Dispose);
        Assert.Equal(0, service.BlockedSeconds);
    }

    public void Dispose()
    {
        HangGuard.OnThread(_thread.Dispose).GetAwaiter().GetResult();
        foreach (SharedRegion region in _regions) region.Dispose();
    }

    private Target NewTarget(bool hasReasons = true)
    {
        Assert.Equal(
            MemoryError.None,
            SharedRegion.TryCreate("test", LinkGroupMemory.ControlBytes, prefault: false, mappings: null, out SharedRegion? region, out FileDescriptor? descriptor));
        descriptor!.Dispose();
        _regions.Add(region!);
        return new Target(new ControlRegion(region!), hasReasons);
    }

    private sealed class Target(ControlRegion control, bool hasReasons) : IWakeTarget
    {
        private readonly PeerBell _peer = new(control, GroupSide.Server);
        private readonly System.Threading.Channels.Channel<int> _slots = System.Threading.Channels.Channel.CreateUnbounded<int>();
        private readonly Queue<int> _ready = new();
        private int _calls;
        private int _owes;
        private int _taken;
        private int _paid;
        private int _mutes;

        public OwnBell Bell { get; } = new(control, GroupSide.Server);

        public int Calls => Volatile.Read(ref _calls);

        public int DebtsTaken => Volatile.Read(ref _taken);

        public int Mutes => Volatile.Read(ref _mutes);

        public int DebtsPaid => Volatile.Read(ref _paid);

        public void Ring(int slot, bool owes = false)
        {
            if (owes) Volatile.Write(ref _owes, 1);
            _peer.Ring(slot);
        }

        /// <summary>Takes the sleeper and wakes it, and sets no bit.</summary>
        public unsafe void RingBellAlone()
        {
            int* bell = control.Bell(GroupSide.Server);
            if (SleepWord.TakeSleeper(bell) != SleepWord.Awake) SleepWord.Wake(bell);
        }

        /// <summary>Forgets the rings that were not asked for.</summary>
        public void Forget()
        {
            while (_slots.Reader.TryRead(out _))
            {
            }
        }

        public Task<int> Rung() => _slots.Reader.ReadAsync().Guarded();

        public bool TakeReady()
        {
            for (int word = 0; word < ControlLayout.BitmapWords; word++)
            {
                ulong bits = Bell.TakeReady(word);
                while (bits != 0) _ready.Enqueue(OwnBell.NextSlot(word, ref bits));
            }

            if (_ready.Count == 0 || Interlocked.Exchange(ref _owes, 0) == 0) return false;
            Volatile.Write(ref _taken, _taken + 1);
            return true;
        }

        public void OnMuted() => Volatile.Write(ref _mutes, _mutes + 1);

        public void PayDebts() => Volatile.Write(ref _paid, _taken);

        public WakeTally DispatchReady()
        {
            Interlocked.Increment(ref _calls);
            int rung = _ready.Count;
            while (_ready.TryDequeue(out int slot)) Assert.True(_slots.Writer.TryWrite(slot));
            return new WakeTally(rung, Earned: hasReasons ? rung : 0, Idle: 0);
        }

        public void Sweep() => Interlocked.Increment(ref _calls);

        public void OnBlocked() => Interlocked.Increment(ref _calls);
    }
}
