using Akka.Actor;
using Akka.Event;

namespace Embedded.Tests.Actor;

/// <summary>ActorSystem.Stop asks the guardian of a top-level actor; a guardian that is at work does it later.</summary>
public sealed class GuardianTests : Akka.TestKit.Xunit2.TestKit
{
    private readonly ManualResetEventSlim _busy = new();
    private readonly ManualResetEventSlim _released = new();

    [Theory]
    [InlineData("/user")]
    [InlineData("/system")]
    public void A_top_level_actor_goes_on_until_its_guardian_stops_it(string guardian)
    {
        var props = Props.Create(() => new Echo());
        var echo = Watch(guardian == "/user" ? Sys.ActorOf(props) : ((ExtendedActorSystem)Sys).SystemActorOf(props));
        Hold(guardian);
        Sys.Stop(echo);
        echo.Tell("still here");
        ExpectMsg("still here");
        _released.Set();
        ExpectTerminated(echo);
    }

    [Fact]
    public void An_actor_below_them_stops_whatever_the_guardian_does()
    {
        var parent = Sys.ActorOf(Props.Create(() => new Parent()));
        parent.Tell("child");
        var child = Watch(ExpectMsg<IActorRef>());
        Hold("/user");
        Sys.Stop(child);
        ExpectTerminated(child);
    }

    protected override void AfterAll()
    {
        _released.Set();
        base.AfterAll();
        _busy.Dispose();
        _released.Dispose();
    }

    /// <summary>Keeps a guardian in the handling of one message: what it does not know is a dead letter, and told on its thread.</summary>
    private void Hold(string guardian)
    {
        Sys.EventStream.Subscribe(ActorOfAsTestActorRef<Obstacle>(Props.Create(() => new Obstacle(_busy, _released))), typeof(DeadLetter));
        Sys.ActorSelection(guardian).Tell(Obstacle.Trigger);
        Assert.True(_busy.Wait(RemainingOrDefault));
    }

    private sealed class Parent : UntypedActor
    {
        protected override void OnReceive(object message) => Sender.Tell(Context.ActorOf(Props.Create(() => new Echo())));
    }

    private sealed class Obstacle(ManualResetEventSlim busy, ManualResetEventSlim released) : UntypedActor
    {
        public const string Trigger = "hold";

        protected override void OnReceive(object message)
        {
            if (message is not DeadLetter { Message: Trigger })
            {
                return;
            }
            busy.Set();
            released.Wait();
        }
    }
}
