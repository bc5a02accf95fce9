using Akka.Actor;
using Embedded.Tests.Actor;

namespace Embedded.Tests.Dispatch;

public sealed class DispatcherTests() : Akka.TestKit.Xunit2.TestKit("""
    fair { type = Dispatcher, executor = "Embedded.Tests.Actor.NamedThreadConfigurator, Embedded.Tests", throughput = 2, thread = "fair" }
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
