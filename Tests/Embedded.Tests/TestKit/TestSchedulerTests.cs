using Akka.Actor;
using Akka.TestKit;

namespace Embedded.Tests.TestKit;

public sealed class TestSchedulerTests() : Akka.TestKit.Xunit2.TestKit("akka.scheduler.implementation = \"Akka.TestKit.TestScheduler, Akka.TestKit\"")
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private TestScheduler Scheduler => (TestScheduler)Sys.Scheduler;

    [Fact]
    public void What_repeats_runs_once_an_advance_and_again_an_interval_after_it()
    {
        Scheduler.ScheduleTellRepeatedly(Second, Second, TestActor, "tick", ActorRefs.NoSender);
        Scheduler.Advance(Second * 3.5);
        ExpectMsg("tick");
        Scheduler.Advance(Second / 2);
        TestActor.Tell("none yet");
        ExpectMsg("none yet");
        Scheduler.Advance(Second / 2);
        ExpectMsg("tick");
    }

    [Fact]
    public void Who_runs_finds_the_time_that_was_advanced_to()
    {
        var before = Scheduler.Now;
        Scheduler.Advanced.ScheduleOnce(Second, () => TestActor.Tell(Scheduler.Now - before, ActorRefs.NoSender));
        Scheduler.Advance(Second * 5);
        ExpectMsg(Second * 5);
    }

    [Fact]
    public void What_is_scheduled_by_what_runs_waits_for_the_next_advance()
    {
        Scheduler.Advanced.ScheduleOnce(Second, () => Scheduler.ScheduleTellOnce(Second, TestActor, "later", ActorRefs.NoSender));
        Scheduler.Advance(Second * 5);
        TestActor.Tell("not yet");
        ExpectMsg("not yet");
        Scheduler.Advance(Second);
        ExpectMsg("later");
    }

    [Fact]
    public void A_cancelled_repetition_ends()
    {
        var ticking = Scheduler.ScheduleTellRepeatedlyCancelable(Second, Second, TestActor, "tick", ActorRefs.NoSender);
        Scheduler.Advance(Second);
        ExpectMsg("tick");
        ticking.Cancel();
        Scheduler.Advance(Second);
        TestActor.Tell("end");
        ExpectMsg("end");
    }

    [Fact]
    public void Time_does_not_go_back() => Assert.Throws<InvalidOperationException>(() => Scheduler.AdvanceTo(Scheduler.Now - Second));

    [Fact]
    public void The_monotonic_clock_is_real()
    {
        var before = Scheduler.MonotonicClock;
        Scheduler.Advance(TimeSpan.FromHours(1));
        Assert.InRange(Scheduler.MonotonicClock - before, TimeSpan.Zero, TimeSpan.FromMinutes(30));
    }
}
