using System.Diagnostics;
using Akka.Actor;
using Akka.Configuration;
using Akka.Dispatch;
using Embedded.Tests.Actor;

namespace Embedded.Tests.Dispatch;

public sealed class DispatcherTests() : Akka.TestKit.Xunit2.TestKit("""
    fair { type = Dispatcher, executor = "Embedded.Tests.Actor.NamedThreadConfigurator, Embedded.Tests", throughput = 2, thread = "fair" }
    overdue {
      type = Dispatcher, executor = "Embedded.Tests.Actor.NamedThreadConfigurator, Embedded.Tests", thread = "overdue"
      throughput = 100, throughput-deadline-time = 50ms
    }
    early {
      type = Dispatcher, executor = "Embedded.Tests.Actor.NamedThreadConfigurator, Embedded.Tests", thread = "early"
      throughput = 100, throughput-deadline-time = 24d
    }
    own { type = "Embedded.Tests.Dispatch.CountingDispatcherConfigurator, Embedded.Tests", first = 10 }
    deployed { type = Dispatcher, executor = "Embedded.Tests.Actor.NamedThreadConfigurator, Embedded.Tests", thread = "deployed" }
    counted { mailbox-type = "Embedded.Tests.Dispatch.CountingMailbox, Embedded.Tests", first = 10 }
    akka.actor.deployment {
      /named { dispatcher = deployed }
      "/boxed" { mailbox = counted }
      "/parent/*" { dispatcher = deployed }
      "/parent/exact" { dispatcher = fair }
    }
    """)
{
    [Fact]
    public void An_actor_that_has_handled_its_share_gives_others_their_turn()
    {
        using var gate = new ManualResetEventSlim();
        var first = Sys.ActorOf(Props.Create(() => new Gated()).WithDispatcher("fair"));
        var second = Sys.ActorOf(Props.Create(() => new Gated()).WithDispatcher("fair"));
        var blocker = Sys.ActorOf(Props.Create(() => new Gated()).WithDispatcher("fair"));
        blocker.Tell(gate);
        ExpectMsg("at the gate");
        for (int i = 1; i <= 4; i++)
        {
            first.Tell($"first {i}");
            second.Tell($"second {i}");
        }
        gate.Set();
        string[] order = [.. ReceiveN(8).Cast<string>()];
        Assert.InRange(Array.IndexOf(order, "second 1"), 2, 3); // the throughput is 2; Akka.NET handles one more
        Assert.True(Array.IndexOf(order, "first 4") < Array.IndexOf(order, "second 4"));
    }

    /// <summary>Akka.NET means the time of a turn, but counts from its own start.</summary>
    [Fact]
    public void Once_the_deadline_of_the_throughput_has_passed_an_actor_handles_one_message_and_gives_others_their_turn()
    {
        long begin = Stopwatch.GetTimestamp();
        SpinWait.SpinUntil(() => Stopwatch.GetElapsedTime(begin) > TimeSpan.FromMilliseconds(60));
        Assert.Equal(["first 1", "second 1", "first 2", "second 2", "first 3", "second 3"], HandleThreeEach("overdue"));
    }

    [Fact]
    public void Until_then_it_handles_its_share() =>
        Assert.Equal(["first 1", "first 2", "first 3", "second 1", "second 2", "second 3"], HandleThreeEach("early"));

    [Fact]
    public void A_dispatcher_can_be_a_class_of_ones_own()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Echo()).WithDispatcher("own"));
        actor.Tell("x");
        ExpectMsg("x");
        var dispatcher = Assert.IsType<CountingDispatcher>(Sys.Dispatchers.Lookup("own"));
        Assert.True(dispatcher.Count > 10, $"only {dispatcher.Count}");
    }

    [Fact]
    public void Deployment_by_path_gives_an_actor_its_dispatcher_and_mailbox()
    {
        Sys.ActorOf(Props.Create(() => new ThreadNamed()), "named").Tell("?");
        ExpectMsg("deployed");
        Sys.ActorOf(Props.Create(() => new Echo()), "boxed").Tell("x");
        ExpectMsg("10: x");
        Sys.ActorOf(Props.Create(() => new Echo()), "unnamed").Tell("x");
        ExpectMsg("x");
    }

    [Fact]
    public void Deployment_wins_over_the_props()
    {
        Sys.ActorOf(Props.Create(() => new ThreadNamed()).WithDispatcher("fair"), "named").Tell("?");
        ExpectMsg("deployed");
    }

    [Fact]
    public void Deployment_by_wildcard_reaches_children_of_any_name_but_those_named_exactly()
    {
        var parent = Sys.ActorOf(Props.Create(() => new ThreadNamed()), "parent");
        foreach ((string child, string thread) in new[] { ("any", "deployed"), ("other", "deployed"), ("exact", "fair") })
        {
            parent.Tell(child);
            ExpectMsg<IActorRef>().Tell("?");
            ExpectMsg(thread);
        }
    }

    [Fact]
    public void Work_can_be_given_to_a_dispatcher()
    {
        Sys.Dispatchers.Lookup("fair").Schedule(() => TestActor.Tell(Thread.CurrentThread.Name!, ActorRefs.NoSender));
        ExpectMsg("fair");
        Assert.True(Sys.Dispatchers.HasDispatcher("fair"));
        Assert.False(Sys.Dispatchers.HasDispatcher("none"));
        Assert.Equal("akka.actor.default-dispatcher", Sys.Dispatchers.DefaultGlobalDispatcher.Id);
        Assert.Equal(30, Sys.Dispatchers.DefaultGlobalDispatcher.Throughput);
    }

    /// <summary>What two actors that share a thread handle, in its order; they wait for it until both have all their messages.</summary>
    private string[] HandleThreeEach(string dispatcher)
    {
        using var gate = new ManualResetEventSlim();
        var first = Sys.ActorOf(Props.Create(() => new Gated()).WithDispatcher(dispatcher));
        var second = Sys.ActorOf(Props.Create(() => new Gated()).WithDispatcher(dispatcher));
        Sys.ActorOf(Props.Create(() => new Gated()).WithDispatcher(dispatcher)).Tell(gate);
        ExpectMsg("at the gate");
        for (int i = 1; i <= 3; i++)
        {
            first.Tell($"first {i}");
            second.Tell($"second {i}");
        }
        gate.Set();
        return [.. ReceiveN(6).Cast<string>()];
    }

    private sealed class ThreadNamed : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            if (message is "?")
            {
                Sender.Tell(Thread.CurrentThread.Name ?? "");
            }
            else if (message is string child)
            {
                Sender.Tell(Context.ActorOf(Props.Create(() => new ThreadNamed()), child));
            }
        }
    }
}

/// <summary>Counts the turns that it gives, from <c>first</c> on.</summary>
public sealed class CountingDispatcherConfigurator : MessageDispatcherConfigurator
{
    private readonly CountingDispatcher _dispatcher;

    public CountingDispatcherConfigurator(Config config, IDispatcherPrerequisites prerequisites) : base(config, prerequisites) =>
        _dispatcher = new CountingDispatcher(this, config.GetInt("first"));

    public override MessageDispatcher Dispatcher() => _dispatcher;
}

internal sealed class CountingDispatcher(MessageDispatcherConfigurator configurator, int first) : MessageDispatcher(configurator)
{
    private int _count = first;

    public int Count => Volatile.Read(ref _count);

    protected override void ExecuteTask(IRunnable run)
    {
        Interlocked.Increment(ref _count);
        ThreadPool.QueueUserWorkItem(_ => run.Run());
    }

    protected override void Shutdown() { }
}
