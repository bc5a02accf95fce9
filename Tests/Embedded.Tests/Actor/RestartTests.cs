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
