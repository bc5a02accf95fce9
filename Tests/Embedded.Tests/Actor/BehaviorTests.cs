using Akka.Actor;

namespace Embedded.Tests.Actor;

public sealed class BehaviorTests : Akka.TestKit.Xunit2.TestKit
{
    [Fact]
    public void The_first_handler_that_fits_takes_the_message()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Typed()));
        foreach (object message in new object[] { 1, 100, "text", 2.5 })
        {
            actor.Tell(message);
        }
        ExpectMsg("small");
        ExpectMsg("int");
        ExpectMsg("string");
        ExpectMsg("any");
    }

    [Fact]
    public void A_handler_behind_one_that_takes_everything_is_refused()
    {
        var actor = Watch(Sys.ActorOf(Props.Create(() => new AnyFirst())));
        ExpectTerminated(actor);
    }

    [Fact]
    public void Become_replaces_and_stacked_behaviours_unwind()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Moody()));
        actor.Tell("hi");
        ExpectMsg("calm");
        actor.Tell("stack");
        actor.Tell("hi");
        ExpectMsg("angry");
        actor.Tell("unstack");
        actor.Tell("hi");
        ExpectMsg("calm");
    }

    [Fact]
    public void Unstashed_messages_come_first_and_in_their_order()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Stashing()));
        foreach (object message in new object[] { 1, 2, 3, "open", 4 })
        {
            actor.Tell(message);
        }
        Assert.Equal([1, 2, 3, 4], ReceiveN(4).Cast<int>());
    }

    [Fact]
    public void One_message_cannot_be_stashed_twice()
    {
        Sys.ActorOf(Props.Create(() => new Stashing())).Tell("twice");
        ExpectMsg<IllegalActorStateException>();
    }

    [Fact]
    public void A_restart_gives_stashed_messages_back_to_the_mailbox()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Stashing()));
        actor.Tell(1);
        actor.Tell(new InvalidOperationException("broken"));
        actor.Tell("open");
        ExpectMsg(1);
    }

    private sealed class Typed : ReceiveActor
    {
        public Typed()
        {
            Receive<int>(_ => Sender.Tell("small"), i => i < 10);
            Receive<int>(_ => Sender.Tell("int"));
            Receive<string>(_ => Sender.Tell("string"));
            ReceiveAny(_ => Sender.Tell("any"));
        }
    }

    private sealed class AnyFirst : ReceiveActor
    {
        public AnyFirst()
        {
            ReceiveAny(_ => { });
            Receive<string>(_ => { });
        }
    }

    private sealed class Moody : ReceiveActor
    {
        public Moody()
        {
            Receive<string>(_ => BecomeStacked(Angry), text => text == "stack");
            Receive<string>(_ => Sender.Tell("calm"));
        }

        private void Angry()
        {
            Receive<string>(_ => UnbecomeStacked(), text => text == "unstack");
            Receive<string>(_ => Sender.Tell("angry"));
        }
    }

    private sealed class Stashing : ReceiveActor, IWithUnboundedStash
    {
        public Stashing()
        {
            Receive<int>(_ => Stash.Stash());
            Receive<Exception>(exception => throw exception);
            Receive<string>(_ =>
            {
                Stash.Stash();
                Sender.Tell(Record.Exception(Stash.Stash));
            }, text => text == "twice");
            Receive<string>(_ =>
            {
                Become(() => Receive<int>(i => Sender.Tell(i)));
                Stash.UnstashAll();
            });
        }

        public IStash Stash { get; set; } = null!; // set by the cell
    }
}
