using Actors.Tests.Harness;
using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using Smc.Actors.Buffers;
using Smc.Actors.Devices;
using Smc.Actors.Inspection;
using Smc.Actors.Settings;
using Smc.Transport;
using Smc.Transport.Interop.Linux;
using Smc.Transport.Memory;
using Smc.Transport.Paths.Smcd;
using Smc.Transport.Paths.Smcd.Rendezvous;
using static Smc.Actors.Protocol.BufferProtocol;

namespace Actors.Tests.Buffers;

/// <summary>How the DMBs of a link group grow and are trimmed, on virtual time.</summary>
public sealed class BufferPoolActorSpec() : TestKit("akka.scheduler.implementation = \"Akka.TestKit.TestScheduler, Akka.TestKit\"")
{
    private static readonly TimeSpan TrimAfter = TimeSpan.FromSeconds(30);

    private readonly LoopbackDevice _device = new(SmcSettings.From("smc { }"));
    private GroupBuffers _buffers = null!;
    private LinkGroupMemory _memory = null!;
    private DmbLimits? _limits;
    private DmbSlabMaker _maker = DmbSlab.TryCreate;

    private TestScheduler Time => (TestScheduler)Sys.Scheduler;

    private BufferClassReport Class => Assert.Single(_buffers.Report().Classes);

    [Fact]
    public void It_grows_by_a_slab_that_the_peer_has_to_map()
    {
        IActorRef pool = NewPool("size = 1MiB");
        pool.Tell(new Grow());
        var grown = ExpectMsg<Grown>();
        Assert.Equal((1u, 4, 1 << 20), (grown.Slab!.Id, grown.Slab.Count, grown.Slab.SizeClass.Bytes));
        _buffers.TakePending()!.Dispose();
        Assert.Empty(_buffers.Report().Classes);   // nothing goes out before the peer has been offered it
    }

    [Fact]
    public void It_does_not_grow_while_something_is_idle()
    {
        IActorRef pool = NewPool("size = 1MiB");
        AddSlab(pool);
        pool.Tell(new Grow());
        ExpectMsg<Grown>(grown => grown.Slab is null);
        Assert.Equal(1, Class.Slabs);
    }

    [Fact]
    public void It_stops_at_what_one_group_may_have_and_says_so()
    {
        IActorRef pool = NewPool("size = 16KiB");
        for (int i = 0; i < DmbPool.MaxOfClass; i++)
        {
            if (!_buffers.Pool.HasIdle(SizeClass.ForSmcd(1))) AddSlab(pool);
            Take();
        }

        pool.Tell(new Grow());
        ExpectMsg<NoBuffer>(none => none.Reason == SmcReason.MaxDmb);
        Assert.Equal((DmbPool.MaxOfClass, 1), (Class.Dmbs, _buffers.Report().Refusals));
    }

    [Fact]
    public void Where_a_class_cannot_be_had_the_next_smaller_one_goes_out_and_each_time_it_counts_as_a_downgrade()
    {
        Lack(above: 1 << 14);
        IActorRef pool = NewPool("size = 64KiB");
        for (int i = 0; i < 2; i++)
        {
            Assert.False(_buffers.TryTake(_buffers.Wanted, out _, out bool isAtLimit) || isAtLimit);
            pool.Tell(new Grow());
            var grown = ExpectMsg<Grown>();
            Assert.Equal((1 << 14, i == 0), (grown.Size.Bytes, grown.Slab is not null));   // the second time one of them is idle
            if (grown.Slab is { } made) Add(made);
            Assert.True(_buffers.TryTake(grown.Size, out Dmb? dmb, out _));
            Assert.Equal((1 << 14, i + 1L), (dmb.Slab.SizeClass.Bytes, Class.Downgrades));
            Assert.Equal(i + 1L, _buffers.Report().Downgrades);
        }
    }

    [Fact]
    public void A_step_down_is_warned_of_once_and_not_by_every_group()
    {
        Lack(above: 1 << 14);
        EventFilter.Warning(contains: "No more DMBs of 65536 bytes").ExpectOne(() =>
        {
            for (int groups = 0; groups < 3; groups++)
            {
                NewPool("size = 64KiB").Tell(new Grow());
                ExpectMsg<Grown>();
                _buffers.TakePending()!.Dispose();
            }
        });
    }

    [Fact]
    public void The_wanted_class_is_tried_again_at_each_growth()
    {
        Lack(above: 1 << 14);
        IActorRef pool = NewPool("size = 64KiB");
        AddSlab(pool);
        _maker = DmbSlab.TryCreate;   // there is memory again
        AddSlab(pool);
        Take();
        Assert.Equal(0, _buffers.Report().Downgrades);
    }

    [Fact]
    public void Where_no_class_can_be_had_it_says_so()
    {
        Lack(above: 0);
        NewPool("size = 64KiB").Tell(new Grow());
        ExpectMsg<NoBuffer>(none => none.Reason == SmcReason.OutOfMemory);
        Assert.Equal((1, 0), (_buffers.Report().Refusals, _buffers.Report().Downgrades));
    }

    [Theory]
    [InlineData(MemoryError.TooManyMappings)]
    [InlineData(MemoryError.MappingsExhausted)]
    public void At_a_limit_on_mappings_nothing_else_is_made_and_no_step_down_is_told(MemoryError limit)
    {
        int made = 0;
        _maker = (uint _, SizeClass _, bool _, IMappingCount? _, out DmbSlab? slab, out FileDescriptor? descriptor) =>
        {
            made++;
            (slab, descriptor) = (null, null);
            return limit;
        };
        EventFilter.Warning().Expect(0, () =>
        {
            NewPool("size = 64KiB").Tell(new Grow());
            ExpectMsg<NoBuffer>(none => none.Reason == SmcReason.OutOfMemory);
        });
        Assert.Equal((1, 1, 0), (made, _buffers.Report().Refusals, _buffers.Report().Downgrades));
        Assert.True(_buffers.IsFirstStepDown(_buffers.Wanted));   // still to be told
    }

    [Fact]
    public void At_a_limit_on_mappings_a_smaller_one_that_is_idle_goes_out()
    {
        Lack(above: 1 << 14);
        IActorRef pool = NewPool("size = 64KiB");
        pool.Tell(new Grow());
        Add(ExpectMsg<Grown>().Slab!);
        _maker = (uint _, SizeClass _, bool _, IMappingCount? _, out DmbSlab? slab, out FileDescriptor? descriptor) =>
        {
            (slab, descriptor) = (null, null);
            return MemoryError.TooManyMappings;
        };
        pool.Tell(new Grow());
        ExpectMsg<Grown>(grown => grown.Slab is null && grown.Size.Bytes == 1 << 14);
    }

    [Fact]
    public void A_crash_before_the_group_hears_of_a_slab_leaves_nothing_of_it()
    {
        IActorRef pool = NewPool("size = 1MiB");
        FileDescriptor? file = null;
        string inode = string.Empty;
        _maker = (uint id, SizeClass size, bool prefault, IMappingCount? mappings, out DmbSlab? slab, out FileDescriptor? descriptor) =>
        {
            MemoryError error = DmbSlab.TryCreate(id, size, prefault, mappings, out slab, out descriptor);
            file = descriptor!;
            string[] about = File.ReadAllLines($"/proc/self/fdinfo/{file.DangerousGetHandle()}");
            inode = Array.Find(about, line => line.StartsWith("ino:", StringComparison.Ordinal))!["ino:".Length..].Trim();
            Assert.True(IsMapped(inode));
            return error;
        };
        pool.Tell(new Grow(), new DeafOnce(TestActor));
        ExpectMsg<NoBuffer>(none => none.Reason == SmcReason.InternalError);
        Settle(pool);
        Assert.Equal((true, false), (file!.IsClosed, IsMapped(inode)));
        _maker = DmbSlab.TryCreate;
        AddSlab(pool);
        Take();
    }

    [Fact]
    public void A_slab_that_the_group_has_heard_of_outlives_a_crash_and_the_end()
    {
        IActorRef pool = NewPool("size = 1MiB");
        pool.Tell(new Grow());
        DmbSlab told = ExpectMsg<Grown>().Slab!;
        using FileDescriptor descriptor = _buffers.TakePending()!;
        pool.Tell(new Grow(), new DeafOnce(TestActor));
        ExpectMsg<NoBuffer>();
        Watch(pool);
        Sys.Stop(pool);
        ExpectTerminated(pool);
        Assert.False(descriptor.IsClosed);
        Assert.True(_buffers.Pool.TryAdd(told));
        Take();
    }

    [Fact]
    public void The_memory_of_idle_DMBs_goes_back_after_the_time_that_is_set()
    {
        IActorRef pool = NewPool($"trim-after = {TrimAfter.TotalSeconds}s");
        AddSlab(pool);
        (Dmb idle, _) = (Take(), Take());
        _buffers.Return(idle, 100, 100);
        Advance(pool, TrimAfter);
        Assert.Equal((2 << 16, 0), (Class.CommittedBytes, Class.Trims));   // it may have been idle for less
        Advance(pool, TrimAfter);
        Assert.Equal((1 << 16, 1), (Class.CommittedBytes, Class.Trims));
        Advance(pool, TrimAfter);
        Assert.Equal(1, Class.Trims);
    }

    [Fact]
    public void More_than_a_batch_is_trimmed_in_one_round()
    {
        IActorRef pool = NewPool("size = 16KiB");
        List<Dmb> taken = [];
        while (taken.Count < 150)
        {
            if (_buffers.TryTake(_buffers.Wanted, out Dmb? dmb, out _)) taken.Add(dmb);
            else AddSlab(pool);
        }

        foreach (Dmb dmb in taken) _buffers.Return(dmb, 0, 0);
        Advance(pool, TrimAfter);
        Advance(pool, TrimAfter);
        for (int batches = 0; batches < 150 / 64; batches++) Settle(pool);   // each batch but the first is a message of its own
        Assert.Equal((0, 150), (Class.CommittedBytes, Class.Trims));
    }

    [Theory]
    [InlineData("trim-after = 0")]
    [InlineData("memory = prefaulted")]
    public void Memory_is_kept_where_that_is_asked_for(string setting)
    {
        IActorRef pool = NewPool(setting);
        AddSlab(pool);
        _buffers.Return(Take(), 0, 0);
        for (int i = 0; i < 5; i++) Advance(pool, TrimAfter);
        Assert.Equal(0, Class.Trims);
        Assert.NotEqual(0, Class.CommittedBytes);
    }

    protected override void AfterAll()
    {
        base.AfterAll();
        _memory.Release();
        _device.Dispose();
    }

    private IActorRef NewPool(string setting)
    {
        BufferSettings settings = SmcSettings.From(SmcSettings.Parse($"smc.buffers {{ {setting} }}")).Buffers;
        var wait = new WaitSettings(0, false);
        Assert.Equal(MemoryError.None, LinkGroupMemory.TryCreate(wait, _device.Wake, null, out LinkGroupMemory? memory, out FileDescriptor? descriptor));
        descriptor!.Dispose();
        _memory = memory!;
        _buffers = new GroupBuffers(settings, (_limits ??= new DmbLimits(settings)).ShareOf(new PeerSession()), new DmbPool());
        DmbSlabMaker now = (uint id, SizeClass size, bool prefault, IMappingCount? mappings, out DmbSlab? slab, out FileDescriptor? file) =>
            _maker(id, size, prefault, mappings, out slab, out file);
        IActorRef pool = Sys.ActorOf(Props.Create(() => new BufferPoolActor(settings, _buffers, _memory, now)));
        Settle(pool);   // its timer runs
        return pool;
    }

    private void AddSlab(IActorRef pool)
    {
        pool.Tell(new Grow());
        Add(ExpectMsg<Grown>().Slab!);
    }

    private void Add(DmbSlab slab)
    {
        _buffers.TakePending()!.Dispose();
        Assert.True(_buffers.Pool.TryAdd(slab));
    }

    /// <summary>No memory for DMBs above a size, in bytes.</summary>
    private void Lack(int above) => _maker = (uint id, SizeClass size, bool prefault, IMappingCount? mappings, out DmbSlab? slab, out FileDescriptor? descriptor) =>
    {
        (slab, descriptor) = (null, null);
        return size.Bytes > above ? MemoryError.OutOfMemory : DmbSlab.TryCreate(id, size, prefault, mappings, out slab, out descriptor);
    };

    private Dmb Take()
    {
        Assert.True(_buffers.TryTake(_buffers.Wanted, out Dmb? dmb, out _));
        return dmb;
    }

    private void Advance(IActorRef pool, TimeSpan time)
    {
        Time.Advance(time);
        Settle(pool);
    }

    /// <summary>What was told before has been handled.</summary>
    private void Settle(IActorRef pool)
    {
        pool.Tell(new Identify(null));
        ExpectMsg<ActorIdentity>();
    }

    private static bool IsMapped(string inode) =>
        File.ReadLines("/proc/self/maps").Any(line => line.Contains($" {inode} ", StringComparison.Ordinal));
}
