using Akka.Actor;

namespace Embedded.Tests.Actor;

public sealed class SupervisionTests : Akka.TestKit.Xunit2.TestKit
{
    private static readonly InvalidOperationException Failure = new("broken");

    [Fact]
    public void Restart_makes_a_fresh_instance_and_keeps_the_mailbox()
    {
        var child = Child(new OneForOneStrategy(_ => Directive.Restart), "a");
        ExpectMsg("start a");
        child.Tell("one");
        child.Tell(Failure);
        child.Tell("two");
        ExpectMsg(1);
        ExpectMsg<string>(text => text.StartsWith("restart a broken", StringComparison.Ordinal));
        ExpectMsg("stop a");
        ExpectMsg("start a");
        ExpectMsg(1);
    }

    [Fact]
    public void Resume_keeps_the_state()
    {
        var child = Child(new OneForOneStrategy(_ => Directive.Resume), "a");
        ExpectMsg("start a");
        child.Tell("one");
        child.Tell(Failure);
        child.Tell("two");
        ExpectMsg(1);
        ExpectMsg(2);
    }

    [Fact]
    public void Stop_ends_the_child()
    {
        var child = Watch(Child(new OneForOneStrategy(_ => Directive.Stop), "a"));
        ExpectMsg("start a");
        child.Tell(Failure);
        ExpectMsg("stop a");
        ExpectTerminated(child);
    }

    [Fact]
    public void Escalate_makes_it_the_parents_failure()
    {
        var parent = Sys.ActorOf(Props.Create(() => new Parent(TestActor, new OneForOneStrategy(_ => Directive.Escalate))), "parent");
        var grandparent = CreateParent(new OneForOneStrategy(_ => Directive.Stop));
        grandparent.Tell(Props.Create(() => new Parent(TestActor, new OneForOneStrategy(_ => Directive.Escalate))));
        var middle = Watch(ExpectMsg<IActorRef>());
        middle.Tell("a");
        var child = ExpectMsg<IActorRef>();
        ExpectMsg("start a");
        child.Tell(Failure);
        ExpectMsg("stop a");
        ExpectTerminated(middle);
        Sys.Stop(parent);
    }

    [Fact]
    public void More_failures_than_allowed_in_the_time_range_stop_the_child()
    {
        var child = Watch(Child(new OneForOneStrategy(2, TimeSpan.FromMinutes(1), _ => Directive.Restart), "a"));
        ExpectMsg("start a");
        for (int i = 0; i < 2; i++)
        {
            child.Tell(Failure);
            ExpectMsg<string>(text => text.StartsWith("restart", StringComparison.Ordinal));
            ExpectMsg("stop a");
            ExpectMsg("start a");
        }
        child.Tell(Failure);
        ExpectMsg("stop a");
        ExpectTerminated(child);
    }

    [Fact]
    public void AllForOne_restarts_the_siblings_too()
    {
        var parent = CreateParent(new AllForOneStrategy(_ => Directive.Restart));
        var first = Child(parent, "a");
        ExpectMsg("start a");
        Child(parent, "b");
        ExpectMsg("start b");
        first.Tell(Failure);
        var messages = ReceiveN(6).Cast<string>().ToArray();
        Assert.Equal(2, messages.Count(m => m.StartsWith("restart", StringComparison.Ordinal)));
        Assert.Contains("start a", messages);
        Assert.Contains("start b", messages);
    }

    [Fact]
    public void Restarts_further_apart_than_the_time_range_do_not_add_up()
    {
        var range = TimeSpan.FromMilliseconds(1);
        var child = Child(new OneForOneStrategy(1, range, _ => Directive.Restart), "a");
        ExpectMsg("start a");
        for (int i = 0; i < 3; i++)
        {
            var clock = System.Diagnostics.Stopwatch.StartNew();
            AwaitCondition(() => clock.Elapsed > range * 20, TimeSpan.FromSeconds(3), range);
            child.Tell(Failure);
            ExpectMsg<string>(text => text.StartsWith("restart", StringComparison.Ordinal));
            ExpectMsg("stop a");
            ExpectMsg("start a");
        }
    }

    [Fact]
    public void AllForOne_stops_all_once_a_child_has_failed_too_often()
    {
        var parent = CreateParent(new AllForOneStrategy(1, TimeSpan.FromMinutes(1), _ => Directive.Restart));
        var first = Watch(Child(parent, "a"));
        ExpectMsg("start a");
        var second = Watch(Child(parent, "b"));
        ExpectMsg("start b");
        first.Tell(Failure);
        ReceiveN(6);
        second.Tell(Failure);
        ExpectMsgAllOf<object>("stop a", "stop b", new Terminated(first, true, false), new Terminated(second, true, false));
    }

    [Fact]
    public async Task A_restarted_actor_keeps_its_reference_and_its_name()
    {
        var parent = CreateParent(new OneForOneStrategy(_ => Directive.Restart));
        var child = Child(parent, "a");
        ExpectMsg("start a");
        child.Tell(Failure);
        ReceiveN(3);
        Assert.Equal(child, await Sys.ActorSelection(child.Path).ResolveOne(TimeSpan.FromSeconds(20)));
        child.Tell("one");
        ExpectMsg(1);
    }

    [Fact]
    public void An_actor_that_cannot_be_constructed_is_stopped()
    {
        var actor = Watch(Sys.ActorOf(Props.Create<Counter>(TestActor, "no way")));
        ExpectTerminated(actor);
    }

    [Fact]
    public void Kill_stops_an_actor_under_the_default_strategy()
    {
        EventFilter.Exception<ActorKilledException>().ExpectOne(() =>
        {
            var actor = Watch(Sys.ActorOf(Props.Create(() => new Echo())));
            actor.Tell(Kill.Instance);
            ExpectTerminated(actor);
        });
    }

    [Fact]
    public void A_restart_stops_the_children_first()
    {
        var parent = Sys.ActorOf(Props.Create(() => new Parent(TestActor, SupervisorStrategy.DefaultStrategy)));
        var child = Watch(Child(parent, "a"));
        ExpectMsg("start a");
        parent.Tell(Failure);
        ExpectMsgAllOf<object>("stop a", new Terminated(child, true, false));
        parent.Tell("a");
        ExpectMsg<IActorRef>(fresh => !fresh.Equals(child));
        ExpectMsg("start a");
    }

    [Fact]
    public void A_parent_stops_after_its_children()
    {
        var parent = Watch(CreateParent(SupervisorStrategy.DefaultStrategy));
        Child(parent, "a");
        ExpectMsg("start a");
        Sys.Stop(parent);
        ExpectMsg("stop a");
        ExpectTerminated(parent);
    }

    [Fact]
    public void Deciders_go_by_the_first_type_that_fits()
    {
        var decider = Decider.From(Directive.Escalate, Directive.Stop.When<ArgumentNullException>(), Directive.Resume.When<ArgumentException>());
        Assert.Equal(Directive.Stop, decider.Decide(new ArgumentNullException()));
        Assert.Equal(Directive.Resume, decider.Decide(new ArgumentOutOfRangeException()));
        Assert.Equal(Directive.Escalate, decider.Decide(Failure));
    }

    private IActorRef CreateParent(SupervisorStrategy strategy) => Sys.ActorOf(Props.Create(() => new Parent(TestActor, strategy)));
    private IActorRef Child(SupervisorStrategy strategy, string name) => Child(CreateParent(strategy), name);

    private IActorRef Child(IActorRef parent, string name)
    {
        var request = parent.Ask<IActorRef>(name);
        Assert.True(request.Wait(TimeSpan.FromSeconds(5)));
        return request.Result;
    }

    private sealed class Parent(IActorRef probe, SupervisorStrategy strategy) : UntypedActor
    {
        protected override SupervisorStrategy SupervisorStrategy() => strategy;

        protected override void OnReceive(object message)
        {
            switch (message)
            {
                case string name:
                    Sender.Tell(Context.ActorOf(Props.Create(() => new Counter(probe)), name));
                    break;
                case Props props:
                    Sender.Tell(Context.ActorOf(props));
                    break;
                case Exception failure:
                    throw failure;
            }
        }
    }
}
