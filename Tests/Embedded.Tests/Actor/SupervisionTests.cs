using Akka.Actor;

namespace Embedded.Tests.Actor;

public sealed class SupervisionTests() : Akka.TestKit.Xunit2.TestKit("""
    parents { type = Dispatcher, executor = "Embedded.Tests.Actor.NamedThreadConfigurator, Embedded.Tests", thread = "parents" }
    children { type = Dispatcher, executor = "Embedded.Tests.Actor.NamedThreadConfigurator, Embedded.Tests", thread = "children" }
    """)
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
    public void A_failure_while_the_parent_waits_for_its_own_directive_is_decided_on_later()
    {
        using var decision = new ManualResetEventSlim();
        var parent = ChildOf(CreateParent(Deciding("grandparent", Directive.Resume, decision)), Deciding("parent", Directive.Resume));
        using var gate = new ManualResetEventSlim();
        var child = HeldChild(parent, gate);
        parent.Tell(Failure);
        ExpectMsg("grandparent decides on broken");
        Fail(gate);
        TestActor.Tell("undecided");
        ExpectMsg("undecided");
        decision.Set();
        ExpectMsg("parent decides on held");
        child.Tell("go on");
        ExpectMsg("go on");
    }

    [Fact]
    public void Resuming_an_actor_because_of_one_child_leaves_the_failure_of_another_to_be_decided_on()
    {
        using var decision = new ManualResetEventSlim();
        var parent = ChildOf(CreateParent(Deciding("grandparent", Directive.Resume, decision)), Deciding("parent", Directive.Escalate));
        using var gate = new ManualResetEventSlim();
        var second = HeldChild(parent, gate);
        var first = Child(parent, "a");
        ExpectMsg("start a");
        first.Tell(Failure);
        ExpectMsg("parent decides on broken");
        ExpectMsg("grandparent decides on broken");
        Fail(gate);
        decision.Set();
        ExpectMsg("parent decides on held");
        ExpectMsg("grandparent decides on held");
        first.Tell("one");
        ExpectMsg(1);
        second.Tell("go on");
        ExpectMsg("go on");
    }

    [Fact]
    public void What_a_child_fails_at_while_its_parent_stops_is_decided_on_by_nobody()
    {
        var parent = Watch(ChildOf(CreateParent(Deciding("grandparent", Directive.Restart)), Deciding("parent", Directive.Escalate)));
        using var gate = new ManualResetEventSlim();
        var child = Watch(HeldChild(parent, gate));
        Child(parent, "a");
        ExpectMsg("start a");
        Sys.Stop(parent);
        ExpectMsg("stop a");
        gate.Set();
        ExpectTerminated(child);
        ExpectTerminated(parent);
        TestActor.Tell("end");
        ExpectMsg("end");
    }

    [Fact]
    public void An_asynchronous_handler_that_fails_while_its_actor_stops_is_decided_on_by_nobody()
    {
        var parent = Watch(ChildOf(CreateParent(Deciding("grandparent", Directive.Restart)), Deciding("parent", Directive.Escalate)));
        using var gate = new ManualResetEventSlim();
        var child = Watch(HeldChild(parent, gate));
        Child(parent, "a");
        ExpectMsg("start a");
        var failure = new TaskCompletionSource();
        parent.Tell(failure.Task);
        ExpectMsg("awaits");
        Sys.Stop(parent);
        ExpectMsg("stop a");
        failure.SetException(Failure);
        PassThrough("parents"); // the failure has come back to the parent
        PassThrough("parents");
        gate.Set();
        ExpectTerminated(child);
        ExpectTerminated(parent);
        TestActor.Tell("end");
        ExpectMsg("end");
    }

    [Fact]
    public void Children_that_outlive_a_restart_go_on_although_the_first_attempt_at_it_failed()
    {
        var parent = CreateParent(new OneForOneStrategy(_ => Directive.Restart));
        int restarts = 0;
        Func<bool> isUnfit = () => restarts++ == 0;
        parent.Tell(Props.Create(() => new Keeping(TestActor, isUnfit)));
        var keeping = ExpectMsg<IActorRef>();
        var child = Child(keeping, "a");
        ExpectMsg("start a");
        keeping.Tell(Failure);
        ExpectMsg<string>(text => text.StartsWith("restart a", StringComparison.Ordinal));
        ExpectMsg("stop a");
        ExpectMsg("start a");
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

    /// <summary>A strategy that says what it is asked, and waits.</summary>
    private OneForOneStrategy Deciding(string name, Directive directive, ManualResetEventSlim? decision = null) => new(failure =>
    {
        TestActor.Tell($"{name} decides on {failure.Message}", ActorRefs.NoSender);
        decision?.Wait(TimeSpan.FromSeconds(20));
        return directive;
    });

    private IActorRef ChildOf(IActorRef parent, SupervisorStrategy strategy)
    {
        parent.Tell(Props.Create(() => new Parent(TestActor, strategy)).WithDispatcher("parents"));
        return ExpectMsg<IActorRef>();
    }

    private IActorRef HeldChild(IActorRef parent, ManualResetEventSlim gate)
    {
        parent.Tell(Props.Create(() => new Held()).WithDispatcher("children"));
        var child = ExpectMsg<IActorRef>();
        child.Tell(gate);
        ExpectMsg("at the gate");
        return child;
    }

    /// <summary>Lets a held child fail, and its parent look at it.</summary>
    private void Fail(ManualResetEventSlim gate)
    {
        gate.Set();
        PassThrough("children");
        PassThrough("parents");
    }

    /// <summary>Waits until a dispatcher of one thread has run what it had to run.</summary>
    private void PassThrough(string dispatcher)
    {
        Sys.Dispatchers.Lookup(dispatcher).Schedule(() => TestActor.Tell(dispatcher, ActorRefs.NoSender));
        ExpectMsg(dispatcher);
    }

    private sealed class Held : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            if (message is not ManualResetEventSlim gate)
            {
                Sender.Tell(message);
                return;
            }
            Sender.Tell("at the gate");
            gate.Wait(TimeSpan.FromSeconds(20));
            throw new InvalidOperationException("held");
        }
    }

    /// <summary>Keeps its children when it is restarted, and cannot begin again where it is unfit.</summary>
    private sealed class Keeping(IActorRef probe, Func<bool> isUnfit) : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            if (message is Exception failure)
            {
                throw failure;
            }
            Sender.Tell(Context.ActorOf(Props.Create(() => new Counter(probe)), (string)message));
        }

        protected override void PreRestart(Exception reason, object message) => PostStop();

        protected override void PostRestart(Exception reason)
        {
            if (isUnfit())
            {
                throw new InvalidOperationException("unfit");
            }
        }
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
                case Task task:
                    probe.Tell("awaits");
                    RunTask(() => task);
                    break;
                case Exception failure:
                    throw failure;
            }
        }
    }
}
