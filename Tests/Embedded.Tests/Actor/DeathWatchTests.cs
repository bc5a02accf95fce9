using Akka.Actor;

namespace Embedded.Tests.Actor;

public sealed class DeathWatchTests : Akka.TestKit.Xunit2.TestKit
{
    [Fact]
    public void Terminated_comes_once_however_often_an_actor_is_watched()
    {
        var echo = Sys.ActorOf(Props.Create(() => new Echo()));
        Watch(echo);
        Watch(echo);
        Sys.Stop(echo);
        Assert.True(ExpectTerminated(echo).ExistenceConfirmed);
        TestActor.Tell("end");
        ExpectMsg("end");
    }

    [Fact]
    public void Watching_an_actor_that_has_stopped_gives_Terminated_at_once()
    {
        var echo = Watch(Sys.ActorOf(Props.Create(() => new Echo())));
        Sys.Stop(echo);
        ExpectTerminated(echo);
        Watch(echo);
        ExpectTerminated(echo);
    }

    [Fact]
    public void WatchWith_sends_the_message_given()
    {
        var echo = Sys.ActorOf(Props.Create(() => new Echo()));
        var watcher = Sys.ActorOf(Props.Create(() => new Watcher(echo, TestActor)));
        watcher.Tell("with");
        ExpectMsg("watching");
        Sys.Stop(echo);
        ExpectMsg("gone");
    }

    [Fact]
    public void After_Unwatch_no_Terminated_comes()
    {
        var echo = Sys.ActorOf(Props.Create(() => new Echo()));
        var watcher = Sys.ActorOf(Props.Create(() => new Watcher(echo, TestActor)));
        watcher.Tell("with");
        ExpectMsg("watching");
        watcher.Tell("unwatch");
        ExpectMsg("not watching");
        Watch(echo);
        Sys.Stop(echo);
        ExpectTerminated(echo);
        watcher.Tell("end");
        ExpectMsg("end");
    }

    [Fact]
    public void What_an_actor_sent_before_its_end_comes_before_Terminated()
    {
        var echo = Watch(Sys.ActorOf(Props.Create(() => new Echo())));
        for (int i = 0; i < 10; i++)
        {
            echo.Tell(i);
        }
        echo.Tell(PoisonPill.Instance);
        Assert.Equal(Enumerable.Range(0, 10), ReceiveN(10).Cast<int>());
        ExpectTerminated(echo);
        TestActor.Tell("end");
        ExpectMsg("end");
    }

    [Fact]
    public void The_first_of_two_watches_counts()
    {
        var echo = Sys.ActorOf(Props.Create(() => new Echo()));
        var watcher = Sys.ActorOf(Props.Create(() => new Watcher(echo, TestActor)));
        watcher.Tell("with");
        ExpectMsg("watching");
        watcher.Tell("plain");
        ExpectMsg("watching");
        Sys.Stop(echo);
        ExpectMsg("gone");
        watcher.Tell("end");
        ExpectMsg("end");
    }

    [Fact]
    public void An_unhandled_Terminated_breaks_the_death_pact()
    {
        EventFilter.Exception<DeathPactException>().ExpectOne(() =>
        {
            var echo = Sys.ActorOf(Props.Create(() => new Echo()));
            var watcher = Watch(Sys.ActorOf(Props.Create(() => new Pact(echo))));
            Sys.Stop(echo);
            ExpectTerminated(watcher);
        });
    }

    [Fact]
    public void A_probe_can_be_watched_itself()
    {
        var probe = CreateTestProbe();
        Watch(probe);
        Sys.Stop(probe.Ref);
        ExpectTerminated(probe);
    }

    private sealed class Watcher(IActorRef watched, IActorRef probe) : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            switch (message)
            {
                case "with":
                    Context.WatchWith(watched, "gone");
                    probe.Tell("watching");
                    break;
                case "plain":
                    Context.Watch(watched);
                    probe.Tell("watching");
                    break;
                case "unwatch":
                    Context.Unwatch(watched);
                    probe.Tell("not watching");
                    break;
                default:
                    probe.Tell(message);
                    break;
            }
        }
    }

    private sealed class Pact : ReceiveActor
    {
        public Pact(IActorRef watched)
        {
            Context.Watch(watched);
            Receive<string>(_ => { });
        }
    }
}
