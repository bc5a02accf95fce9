using Akka.Actor;
using Akka.TestKit;

namespace Embedded.Tests.Actor;

public sealed class TimerTests() : Akka.TestKit.Xunit2.TestKit("akka.scheduler.implementation = \"Akka.TestKit.TestScheduler, Akka.TestKit\"")
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private TestScheduler Scheduler => (TestScheduler)Sys.Scheduler;

    [Fact]
    public void A_single_timer_fires_once()
    {
        var actor = Started();
        actor.Tell("single");
        ExpectMsg("started");
        Scheduler.Advance(Second / 2);
        actor.Tell("active?");
        ExpectMsg(true);
        Scheduler.Advance(Second / 2);
        ExpectMsg("tick");
        Scheduler.Advance(Second * 10);
        actor.Tell("active?");
        ExpectMsg(false);
    }

    [Fact]
    public void A_periodic_timer_fires_until_it_is_cancelled()
    {
        var actor = Started();
        actor.Tell("periodic");
        ExpectMsg("started");
        for (int i = 0; i < 3; i++)
        {
            Scheduler.Advance(Second);
            ExpectMsg("tick");
        }
        actor.Tell("cancel");
        ExpectMsg("cancelled");
        Scheduler.Advance(Second);
        actor.Tell("active?");
        ExpectMsg(false);
    }

    [Fact]
    public void A_message_that_is_queued_when_its_timer_is_cancelled_never_comes()
    {
        var actor = Started();
        var gate = new ManualResetEventSlim();
        actor.Tell("single");
        ExpectMsg("started");
        actor.Tell(gate); // holds the actor while the timer's message is queued behind "cancel"
        actor.Tell("cancel");
        Scheduler.Advance(Second);
        gate.Set();
        ExpectMsg("cancelled");
        actor.Tell("active?");
        ExpectMsg(false);
    }

    [Fact]
    public void A_timer_that_is_started_again_under_its_key_begins_anew()
    {
        var actor = Started();
        actor.Tell("single");
        ExpectMsg("started");
        Scheduler.Advance(Second / 2);
        actor.Tell("single");
        ExpectMsg("started");
        Scheduler.Advance(Second / 2);
        actor.Tell("active?");
        ExpectMsg(true);
        Scheduler.Advance(Second / 2);
        ExpectMsg("tick");
    }

    [Fact]
    public void Timers_end_with_a_restart()
    {
        var actor = Started();
        actor.Tell("periodic");
        ExpectMsg("started");
        actor.Tell(new InvalidOperationException("broken"));
        actor.Tell("active?");
        ExpectMsg(false);
        Scheduler.Advance(Second);
        actor.Tell("active?");
        ExpectMsg(false);
    }

    [Fact]
    public void ReceiveTimeout_comes_after_silence()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Impatient(TestActor)));
        actor.Tell("x");
        ExpectMsg("x");
        Scheduler.Advance(Second / 2);
        actor.Tell("y");
        ExpectMsg("y");
        actor.Tell(new Identify(null));
        ExpectMsg<ActorIdentity>();
        Scheduler.Advance(Second / 2);
        Scheduler.Advance(Second / 2);
        ExpectMsg("timeout");
    }

    [Fact]
    public void ReceiveTimeout_comes_again_until_it_is_taken_back()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Impatient(TestActor)));
        actor.Tell("x");
        ExpectMsg("x");
        for (int i = 0; i < 2; i++)
        {
            Scheduler.Advance(Second);
            ExpectMsg("timeout");
            actor.Tell(new Identify(null));
            ExpectMsg<ActorIdentity>();
        }
        actor.Tell("patience");
        ExpectMsg("patience");
        Scheduler.Advance(Second);
        actor.Tell("end");
        ExpectMsg("end");
    }

    [Fact]
    public void Virtual_time_runs_what_is_due_in_order()
    {
        Scheduler.ScheduleTellOnce(Second * 2, TestActor, 2, TestActor);
        Scheduler.ScheduleTellOnce(Second, TestActor, 1, TestActor);
        var never = Scheduler.ScheduleTellOnceCancelable(Second, TestActor, "never", TestActor);
        never.Cancel();
        var before = Scheduler.Now;
        Scheduler.AdvanceTo(before + (Second * 2));
        ExpectMsg(1);
        ExpectMsg(2);
        Assert.Equal(before + (Second * 2), Scheduler.Now);
    }

    private IActorRef Started() => Sys.ActorOf(Props.Create(() => new Ticking(TestActor)));

    private sealed class Ticking(IActorRef probe) : UntypedActor, IWithTimers
    {
        public ITimerScheduler Timers { get; set; } = null!; // set by the cell

        protected override void OnReceive(object message)
        {
            switch (message)
            {
                case "single":
                    Timers.StartSingleTimer("key", "tick", Second);
                    probe.Tell("started");
                    break;
                case "periodic":
                    Timers.StartPeriodicTimer("key", "tick", Second);
                    probe.Tell("started");
                    break;
                case "cancel":
                    Timers.Cancel("key");
                    probe.Tell("cancelled");
                    break;
                case "active?":
                    probe.Tell(Timers.IsTimerActive("key"));
                    break;
                case ManualResetEventSlim gate:
                    gate.Wait(TimeSpan.FromSeconds(20));
                    break;
                case Exception failure:
                    throw failure;
                default:
                    probe.Tell(message);
                    break;
            }
        }
    }

    private sealed class Impatient : ReceiveActor
    {
        public Impatient(IActorRef probe)
        {
            SetReceiveTimeout(Second);
            Receive<ReceiveTimeout>(_ => probe.Tell("timeout"));
            Receive<string>(text =>
            {
                if (text == "patience")
                {
                    SetReceiveTimeout(null);
                }
                probe.Tell(text);
            });
        }
    }
}
