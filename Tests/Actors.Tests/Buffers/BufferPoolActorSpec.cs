using Akka.Actor;
using Akka.TestKit.Xunit2;
using Smc.Actors.Buffers;
using Smc.Actors.Devices;
using Smc.Actors.Inspection;
using Smc.Actors.Settings;
using Smc.Transport;
using Smc.Transport.Interop.Linux;
using Smc.Transport.Paths.Smcd;
using static Smc.Actors.Protocol.BufferProtocol;

namespace Actors.Tests.Buffers;

/// <summary>What a buffer pool counts.</summary>
public sealed class BufferPoolActorSpec : TestKit
{
    private readonly SmcSettings _settings = SmcSettings.From(SmcSettings.Parse("smc.buffers { size = 1MiB, max-dmbs = 5 }"));
    private readonly BufferCounters _counters = new();
    private readonly LoopbackDevice _device;
    private readonly LinkGroupMemory _memory;
    private readonly IActorRef _pool;

    public BufferPoolActorSpec()
    {
        _device = new LoopbackDevice(_settings);
        Assert.Equal(MemoryError.None, LinkGroupMemory.TryCreate(new WaitSettings(0, false), _device.Wake, out LinkGroupMemory? memory, out FileDescriptor? descriptor));
        descriptor!.Dispose();
        _memory = memory!;
        _pool = Sys.ActorOf(Props.Create(() => new BufferPoolActor(_settings.Buffers, _device, _memory, _counters)));
    }

    private BufferClassReport Class => Assert.Single(_counters.Report().Classes);

    [Fact]
    public void It_counts_what_is_handed_out_given_back_and_used_again()
    {
        DmbLease one = Rent();
        Rent();
        Assert.Equal(new BufferClassReport(1 << 20) { Slabs = 1, Dmbs = 4, InUse = 2, CommittedBytes = 2 << 20, Rents = 2 }, Class);
        _pool.Tell(new GiveBack(one, TouchedBytes: 0));
        Rent();
        Assert.Equal(new BufferClassReport(1 << 20) { Slabs = 1, Dmbs = 4, InUse = 2, CommittedBytes = 2 << 20, Rents = 3, Reuses = 1 }, Class);
        Assert.Equal((2, 4L << 20), (Class.Idle, Class.Bytes));
    }

    [Fact]
    public void A_slab_that_the_peer_refused_is_nobodys_any_more()
    {
        DmbLease lease = Rent();
        _pool.Tell(new Retire(lease.Slab.Id));
        Rent();   // of another slab
        Assert.Equal((2, 3, 3), (Class.InUse, Class.Retired, Class.Idle));
        _pool.Tell(new GiveBack(lease, TouchedBytes: 0));
        Rent();
        Assert.Equal((2, 4, 2), (Class.InUse, Class.Retired, Class.Idle));
    }

    [Fact]
    public void A_handshake_that_gets_none_is_counted()
    {
        for (int i = 0; i < 5; i++) Rent();
        _pool.Tell(new Rent(9));
        ExpectMsg<NoBuffer>(none => none.Reason == SmcReason.MaxDmb);
        Assert.Equal(1, _counters.Report().Refusals);
    }

    protected override void AfterAll()
    {
        base.AfterAll();
        _memory.Release();
        _device.Dispose();
    }

    private DmbLease Rent()
    {
        _pool.Tell(new Rent(1));
        var rented = ExpectMsg<Rented>();
        rented.NewSlab?.Dispose();
        return rented.Lease;
    }
}
