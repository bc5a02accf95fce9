using Akka.Actor;

namespace Embedded.Tests.Actor;

/// <summary>What a restart calls: PreRestart on the instance that failed, PostRestart on the one that follows.</summary>
public sealed class RestartTests : Akka.TestKit.Xunit2.TestKit
{
    private const string Unfit = "cannot go on";

    [Fact]
    public void Each_hook_runs_on_its_instance_with_the_reason_and_PreStart_and_PostStop_only_where_they_call_it()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Hooked(TestActor)));
        ExpectMsg("PreStart");
        actor.Tell("seen");
        ExpectMsg("handled 1");
        actor.Tell(new InvalidOperationException("broken"));
        ExpectMsg("PreRestart broken after 1");
        ExpectMsg("PostRestart broken after 0");
        actor.Tell("seen");
        ExpectMsg("handled 1");
        Sys.Stop(actor);
        ExpectMsg("PostStop");
    }

    [Fact]
    public void An_actor_whose_PostRestart_throws_is_stopped_under_the_default_strategy_by_way_of_PostStop()
    {
        var actor = Watch(Sys.ActorOf(Props.Create(() => new Hooked(TestActor))));
        ExpectMsg("PreStart");
        EventFilter.Exception<PostRestartException>().ExpectOne(() => actor.Tell(new InvalidOperationException(Unfit)));
        ExpectMsg($"PreRestart {Unfit} after 0");
        ExpectMsg("PostStop");
        ExpectTerminated(actor);
    }

    [Fact]
    public void Where_the_next_instance_cannot_be_made_the_one_that_failed_is_stopped()
    {
        var isFirst = new Once();
        var actor = Watch(Sys.ActorOf(Props.Create(() => new Hooked(TestActor, isFirst))));
        ExpectMsg("PreStart");
        EventFilter.Exception<PostRestartException>().ExpectOne(() => actor.Tell(new InvalidOperationException("broken")));
        ExpectMsg("PreRestart broken after 0");
        ExpectMsg("PostStop");
        ExpectTerminated(actor);
    }

    [Fact]
    public void PreRestart_has_the_message_that_failed()
    {
        var actor = Started();
        actor.Tell("bad");
        ExpectMsg("restarts after bad");
    }

    [Fact]
    public void PreRestart_has_Terminated_where_it_was_asked_for_as_another_message()
    {
        var actor = Started();
        var watched = Sys.ActorOf(Props.Create(() => new Hooked(TestActor)));
        ExpectMsg("PreStart");
        actor.Tell(watched);
        ExpectMsg("watching");
        Sys.Stop(watched);
        ExpectMsg("PostStop");
        ExpectMsg("restarts after Terminated");
    }

    [Fact]
    public void PreRestart_has_something_else_than_the_message_of_a_timer()
    {
        var actor = Started();
        actor.Tell(TimeSpan.FromMilliseconds(1));
        Assert.NotEqual("restarts after overdue", ExpectMsg<string>(text => text.StartsWith("restarts after ", StringComparison.Ordinal)));
    }

    [Fact]
    public void PreRestart_has_the_message_of_a_timer_where_the_actor_has_a_stash()
    {
        var actor = Sys.ActorOf(Props.Create(() => new StashingReporter(TestActor)));
        actor.Tell(TimeSpan.FromMilliseconds(1));
        ExpectMsg("restarts after overdue");
    }

    [Fact]
    public void PreRestart_has_something_where_a_child_failed()
    {
        var actor = Started();
        actor.Tell(Props.Create(() => new Reporter(TestActor)));
        ExpectMsg<IActorRef>().Tell("bad");
        string first = ExpectMsg<string>();
        Assert.NotEqual("restarts after nothing", first);
        Assert.NotEqual("restarts after bad", first);
    }

    [Fact]
    public void What_was_stashed_of_a_watched_actors_end_comes_again_as_Terminated()
    {
        var actor = Sys.ActorOf(Props.Create(() => new StashingReporter(TestActor)));
        var watched = Sys.ActorOf(Props.Create(() => new Hooked(TestActor)));
        ExpectMsg("PreStart");
        actor.Tell(watched);
        ExpectMsg("watching");
        Sys.Stop(watched);
        ExpectMsg("PostStop");
        ExpectMsg("stashed");
        actor.Tell("again");
        ExpectMsg("Terminated");
    }

    private IActorRef Started() => Sys.ActorOf(Props.Create(() => new Reporter(TestActor)));

    /// <summary>Says which message it fails at.</summary>
    private class Reporter(IActorRef probe) : UntypedActor, IWithTimers
    {
        public ITimerScheduler Timers { get; set; } = null!; // set by the cell

        protected override void OnReceive(object message)
        {
            switch (message)
            {
                case IActorRef subject:
                    Context.WatchWith(subject, "bad");
                    probe.Tell("watching");
                    break;
                case TimeSpan due:
                    Timers.StartSingleTimer("key", "overdue", due);
                    break;
                case Props child:
                    Sender.Tell(Context.ActorOf(child));
                    break;
                case Terminated:
                    probe.Tell("Terminated");
                    break;
                default:
                    throw new InvalidOperationException("broken");
            }
        }

        protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Escalate);

        protected override void PreRestart(Exception reason, object message)
        {
            string what = message as string ?? message?.GetType().Name ?? "nothing";
            probe.Tell($"restarts after {what}");
        }
    }

    /// <summary>Stashes what it is told of a watched actor's end.</summary>
    private sealed class StashingReporter(IActorRef probe) : Reporter(probe), IWithUnboundedStash
    {
        private readonly IActorRef _probe = probe;

        public IStash Stash { get; set; } = null!; // set by the cell

        protected override void OnReceive(object message)
        {
            switch (message)
            {
                case "bad":
                    Stash.Stash();
                    _probe.Tell("stashed");
                    break;
                case "again":
                    Stash.UnstashAll();
                    break;
                default:
                    base.OnReceive(message);
                    break;
            }
        }
    }

    private sealed class Once
    {
        private bool _isTaken;

        public void Take()
        {
            if (_isTaken)
            {
                throw new InvalidOperationException("once only");
            }
            _isTaken = true;
        }
    }

    private sealed class Hooked(IActorRef probe) : UntypedActor
    {
        private int _handled;

        public Hooked(IActorRef probe, Once once) : this(probe) => once.Take();

        protected override void OnReceive(object message)
        {
            if (message is Exception exception)
            {
                throw exception;
            }
            probe.Tell($"handled {++_handled}");
        }

        protected override void PreStart() => probe.Tell("PreStart");
        protected override void PostStop() => probe.Tell("PostStop");
        protected override void PreRestart(Exception reason, object message) => probe.Tell($"PreRestart {reason.Message} after {_handled}");

        protected override void PostRestart(Exception reason)
        {
            if (reason.Message == Unfit)
            {
                throw new InvalidOperationException("unfit");
            }
            probe.Tell($"PostRestart {reason.Message} after {_handled}");
        }
    }
}
