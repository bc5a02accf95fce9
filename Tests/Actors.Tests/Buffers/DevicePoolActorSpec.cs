using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using Smc.Actors.Buffers;
using Smc.Actors.Inspection;
using Smc.Actors.Settings;

namespace Actors.Tests.Buffers;

/// <summary>The device's pool of blocks for CLC messages, and when it is trimmed, on virtual time.</summary>
public sealed class DevicePoolActorSpec() : TestKit("akka.scheduler.implementation = \"Akka.TestKit.TestScheduler, Akka.TestKit\"")
{
    private const int Blocks = 100;

    private static readonly BufferSettings Settings = SmcSettings.From(SmcSettings.Parse("smc.buffers.trim-after = 30s")).Buffers;

    private readonly ClcBuffers _buffers = new();

    private ClcBufferReport Report => _buffers.Report();

    [Fact]
    public void What_was_given_back_is_taken_again()
    {
        byte[] block = _buffers.Take();
        Assert.Equal((ClcBuffers.BlockBytes, 1L, 0L), (block.Length, Report.InUse, Report.Idle));
        _buffers.Return(block);
        Assert.Same(block, _buffers.Take());
        Assert.Equal((1L, 1L, 1L), (Report.InUse, Report.Allocations, Report.Hits));
    }

    [Fact]
    public void Blocks_that_nobody_has_wanted_for_the_time_that_is_set_go()
    {
        IActorRef pool = NewPool(Settings);
        UseMany();
        Advance(pool);
        Assert.Equal((0L, (long)Blocks), (Report.Frees, Report.Idle));   // they have been wanted since the last round
        Advance(pool);
        Assert.InRange(Report.Frees, Blocks / 2, Blocks);                // what this thread has stashed stays
        Assert.Equal(Blocks - Report.Frees, Report.Idle);
    }

    [Fact]
    public void Blocks_stay_while_handshakes_go_on()
    {
        IActorRef pool = NewPool(Settings);
        UseMany();
        for (int round = 0; round < 5; round++)
        {
            Advance(pool);
            _buffers.Return(_buffers.Take());
        }

        Assert.Equal(0, Report.Frees);
    }

    [Fact]
    public void Blocks_stay_where_that_is_asked_for()
    {
        IActorRef pool = NewPool(Settings with { TrimAfter = TimeSpan.Zero });
        UseMany();
        for (int round = 0; round < 5; round++) Advance(pool);
        Assert.Equal(0, Report.Frees);
    }

    private IActorRef NewPool(BufferSettings settings)
    {
        IActorRef pool = Sys.ActorOf(Props.Create(() => new DevicePoolActor(settings, _buffers)));
        Settle(pool);   // its timer runs
        return pool;
    }

    private void UseMany()
    {
        foreach (byte[] block in Enumerable.Range(0, Blocks).Select(_ => _buffers.Take()).ToArray()) _buffers.Return(block);
    }

    private void Advance(IActorRef pool)
    {
        ((TestScheduler)Sys.Scheduler).Advance(Settings.TrimAfter);
        Settle(pool);
    }

    /// <summary>What was told before has been handled.</summary>
    private void Settle(IActorRef pool)
    {
        pool.Tell(new Identify(null));
        ExpectMsg<ActorIdentity>();
    }
}
