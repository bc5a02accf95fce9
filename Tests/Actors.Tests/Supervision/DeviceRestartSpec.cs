using Akka.Actor;
using Akka.TestKit.Xunit2;
using Smc.Actors;
using Smc.Actors.Devices;
using Smc.Actors.Settings;
using Smc.Transport;
using Smc.Transport.Paths.Smcd.Rendezvous;

namespace Actors.Tests.Supervision;

/// <summary>How often a device is started again; RestartBudgetTests have the time.</summary>
public sealed class DeviceRestartSpec : TestKit
{
    private readonly string _folder = Path.Combine(Directory.CreateTempSubdirectory("smc-actors-tests-").FullName, "rendezvous");
    private readonly LoopbackDevice _device;
    private readonly IActorRef _actor;

    public DeviceRestartSpec()
        : base("akka.loglevel = OFF")
    {
        SmcSettings settings = SmcSettings.From($"smc.rendezvous.folder = \"{_folder}\"");
        _device = new LoopbackDevice(settings);
        Props props = Props.Create<LoopbackIsmActor>(settings, _device, TestActor, (DevicePoolFactory)(_ => ActorRefs.Nobody));
        Sys.ActorOf(Props.Create(() => new Parent(props, TestActor)));
        _actor = ExpectMsg<IActorRef>();
        Settle();
    }

    [Fact]
    public void A_device_that_fails_more_than_ten_times_in_a_minute_stays_down_with_a_reason()
    {
        for (int i = 0; i < LoopbackDevice.MostRestarts; i++) FailAndComeUp();
        Fail();
        Assert.Null(_device.Rendezvous);
        Assert.Equal(SmcReason.NoSmcdDevice, _device.Down);
    }

    [Fact]
    public void A_device_whose_reactor_fails_comes_up_with_another()
    {
        HostRendezvous failed = _device.Rendezvous!;
        Tell(new LoopbackIsmActor.ReactorFailed(failed, new InjectedCrashException("reactor")));
        Assert.NotNull(_device.Rendezvous);
        Assert.NotSame(failed, _device.Rendezvous);
    }

    [Fact]
    public void A_device_that_has_another_reactor_by_then_does_not_fail_once_more()
    {
        HostRendezvous failed = _device.Rendezvous!;
        Fail();
        HostRendezvous another = _device.Rendezvous!;
        Tell(new LoopbackIsmActor.ReactorFailed(failed, new InjectedCrashException("reactor")));
        Assert.Same(another, _device.Rendezvous);
        Assert.NotSame(failed, another);
    }

    protected override void AfterAll()
    {
        base.AfterAll();
        _device.Dispose();
        Directory.Delete(Path.GetDirectoryName(_folder)!, recursive: true);
    }

    private void FailAndComeUp()
    {
        HostRendezvous? before = _device.Rendezvous;
        Fail();
        Assert.NotNull(_device.Rendezvous);
        Assert.NotSame(before, _device.Rendezvous);
    }

    private void Fail() => Tell(Kill.Instance);

    private void Tell(object message)
    {
        _actor.Tell(message);
        Settle();
    }

    /// <summary>What was told before has been handled, and its failure been decided.</summary>
    private void Settle()
    {
        _actor.Tell(new Identify(null), TestActor);
        FishForMessage(message => message is ActorIdentity);   // and not what the device says to its parent
    }

    /// <summary>Supervises as SmcSupervisor does, and passes on what it hears.</summary>
    private sealed class Parent : ReceiveActor
    {
        public Parent(Props props, IActorRef test)
        {
            test.Tell(Context.ActorOf(props));
            ReceiveAny(_ => { });
        }

        protected override SupervisorStrategy SupervisorStrategy() => SupervisorStrategies.RestartOnly;
    }
}
