using Akka.Actor;
using Akka.Event;

namespace Embedded.Tests.Actor;

public sealed class MessagingTests : Akka.TestKit.Xunit2.TestKit
{
    [Fact]
    public void Messages_of_one_sender_arrive_in_the_order_they_were_sent()
    {
        var echo = Sys.ActorOf(Props.Create(() => new Echo()));
        for (int i = 0; i < 10_000; i++)
        {
            echo.Tell(i);
        }
        Assert.Equal(Enumerable.Range(0, 10_000).Cast<object>(), ReceiveN(10_000));
    }

    [Fact]
    public async Task Messages_of_many_senders_all_arrive_and_keep_their_order_per_sender()
    {
        const int Senders = 4;
        const int Each = 20_000;
        var counts = new int[Senders];
        var done = new TaskCompletionSource();
        var sink = Sys.ActorOf(Props.Create(() => new OrderedSink(counts, Senders * Each, done)));
        Parallel.For(0, Senders, sender =>
        {
            for (int i = 0; i < Each; i++)
            {
                sink.Tell((sender, i), ActorRefs.NoSender);
            }
        });
        await done.Task.WaitAsync(TimeSpan.FromSeconds(20));
        Assert.All(counts, count => Assert.Equal(Each, count));
    }

    [Fact]
    public void PoisonPill_is_handled_after_the_messages_queued_before_it()
    {
        var echo = Watch(Sys.ActorOf(Props.Create(() => new Echo())));
        echo.Tell(1);
        echo.Tell(2);
        echo.Tell(PoisonPill.Instance);
        ExpectMsg(1);
        ExpectMsg(2);
        ExpectTerminated(echo);
    }

    [Fact]
    public void A_message_to_a_stopped_actor_is_a_dead_letter()
    {
        var echo = Watch(Sys.ActorOf(Props.Create(() => new Echo())));
        Sys.Stop(echo);
        ExpectTerminated(echo);
        Sys.EventStream.Subscribe(TestActor, typeof(DeadLetter));
        echo.Tell("late");
        var letter = ExpectMsg<DeadLetter>();
        Assert.Equal(("late", TestActor, echo), (letter.Message, letter.Sender, letter.Recipient));
    }

    [Fact]
    public void Messages_left_in_the_mailbox_of_an_actor_that_stops_are_dead_letters()
    {
        Sys.EventStream.Subscribe(TestActor, typeof(DeadLetter));
        var gate = new TaskCompletionSource();
        var actor = Watch(Sys.ActorOf(Props.Create(() => new Blocking(gate.Task))));
        actor.Tell("block");
        actor.Tell(PoisonPill.Instance);   // and not Stop, which comes by way of the guardian, when it has its turn
        actor.Tell("left");
        gate.SetResult();
        FishForMessage<DeadLetter>(letter => letter.Message is "left");
    }

    [Fact]
    public void A_subscriber_to_dead_letters_may_be_dead_itself()
    {
        var probe = CreateTestProbe();
        Watch(probe);
        Sys.Stop(probe.Ref);
        ExpectTerminated(probe);
        Sys.EventStream.Subscribe(probe.Ref, typeof(DeadLetter));
        Sys.EventStream.Subscribe(TestActor, typeof(DeadLetter));
        Sys.DeadLetters.Tell("lost");
        ExpectMsg<DeadLetter>(letter => letter.Message is "lost");
    }

    [Fact]
    public void An_unhandled_message_is_published()
    {
        Sys.EventStream.Subscribe(TestActor, typeof(UnhandledMessage));
        var actor = Sys.ActorOf(Props.Create(() => new OnlyStrings()));
        actor.Tell(42);
        Assert.Equal(42, ExpectMsg<UnhandledMessage>().Message);
    }

    [Fact]
    public void Forward_keeps_the_sender()
    {
        var probe = CreateTestProbe();
        var forwarder = Sys.ActorOf(Props.Create(() => new Forwarder(probe.Ref)));
        forwarder.Tell("x");
        probe.ExpectMsg("x");
        probe.Reply("y");
        ExpectMsg("y");
    }

    [Fact]
    public void A_null_message_is_refused() => Assert.Throws<ArgumentNullException>(() => TestActor.Tell(null!));

    [Theory]
    [InlineData("")]
    [InlineData("$a")]
    [InlineData("a b")]
    [InlineData("a/b")]
    public void A_name_that_is_no_path_element_is_refused(string name) =>
        Assert.Throws<InvalidActorNameException>(() => Sys.ActorOf(Props.Create(() => new Echo()), name));

    [Fact]
    public void A_name_is_free_again_once_the_parent_has_been_told_of_the_end()
    {
        var parent = Sys.ActorOf(Props.Create(() => new Renewer(TestActor)));
        parent.Tell("renew");
        var first = ExpectMsg<IActorRef>();
        var second = ExpectMsg<IActorRef>();
        Assert.Equal(first.Path, second.Path);
        Assert.NotEqual(first, second);
    }

    [Fact]
    public async Task A_selection_finds_actors_by_path_and_says_when_there_is_none()
    {
        var echo = Sys.ActorOf(Props.Create(() => new Echo()), "selected");
        Sys.ActorSelection("/user/selected").Tell("by path", TestActor);
        await ExpectMsgAsync("by path");
        Sys.ActorSelection("/user/sel*").Tell("by pattern", TestActor);
        await ExpectMsgAsync("by pattern");
        Assert.Equal(echo, await Sys.ActorSelection(echo.Path).ResolveOne(TimeSpan.FromSeconds(3)));
        await Assert.ThrowsAsync<ActorNotFoundException>(() => Sys.ActorSelection("/user/nobody").ResolveOne(TimeSpan.FromSeconds(3)));
    }

    [Fact]
    public void A_pattern_that_nobody_matches_is_answered_for_unless_several_have_matched_on_the_way()
    {
        Sys.ActorSelection("/user/nobody-*").Tell(new Identify("none"));
        Assert.Null(ExpectMsg<ActorIdentity>(identity => Assert.Equal("none", identity.MessageId)).Subject);
        Sys.ActorOf(Props.Create(() => new Echo()), "one-1");
        Sys.ActorSelection("/user/one-*/*").Tell(new Identify("one"));
        Assert.Null(ExpectMsg<ActorIdentity>(identity => Assert.Equal("one", identity.MessageId)).Subject);
        Sys.ActorOf(Props.Create(() => new Echo()), "one-2");
        Sys.ActorSelection("/user/one-*/*").Tell(new Identify("two"), TestActor);
        Sys.ActorSelection("/user/nobody").Tell(new Identify("last"), TestActor);
        ExpectMsg<ActorIdentity>(identity => Assert.Equal("last", identity.MessageId));
    }

    [Fact]
    public void Identify_is_answered_with_the_actor()
    {
        var echo = Sys.ActorOf(Props.Create(() => new Echo()));
        echo.Tell(new Identify("id"));
        var identity = ExpectMsg<ActorIdentity>();
        Assert.Equal(("id", echo), (identity.MessageId, identity.Subject));
    }

    [Fact]
    public void Paths_are_parsed_and_printed_alike()
    {
        var path = ActorPath.Parse("akka://sys/user/a/b");
        Assert.Equal("akka://sys/user/a/b", path.ToString());
        Assert.Equal(["user", "a", "b"], path.Elements);
        Assert.Equal(path, new RootActorPath(new Address("akka", "sys")) / "user" / "a" / "b");
        Assert.Equal("akka.tcp://sys@host:4053/", ActorPath.Parse("akka.tcp://sys@host:4053").ToString());
        Assert.False(ActorPath.TryParse("no path", out _));
    }

    private sealed class OrderedSink(int[] counts, int total, TaskCompletionSource done) : UntypedActor
    {
        private int _left = total;

        protected override void OnReceive(object message)
        {
            var (sender, number) = ((int, int))message;
            if (counts[sender]++ != number)
            {
                done.TrySetException(new InvalidOperationException($"{number} of {sender} came out of order"));
            }
            if (--_left == 0)
            {
                done.TrySetResult();
            }
        }
    }

    private sealed class Blocking(Task gate) : UntypedActor
    {
        protected override void OnReceive(object message) => gate.Wait(TimeSpan.FromSeconds(20));
    }

    /// <summary>Replaces its one child by another of the same name. (To others, Terminated may come before the name is free.)</summary>
    private sealed class Renewer : ReceiveActor
    {
        public Renewer(IActorRef observer)
        {
            Receive<string>(_ =>
            {
                var child = Make(observer);
                Assert.Throws<InvalidActorNameException>(() => Make(observer));
                Context.Watch(child);
                Context.Stop(child);
            });
            Receive<Terminated>(_ => Make(observer));
        }

        private static IActorRef Make(IActorRef observer)
        {
            var child = Context.ActorOf(Props.Create(() => new Echo()), "name");
            observer.Tell(child);
            return child;
        }
    }

    private sealed class OnlyStrings : ReceiveActor
    {
        public OnlyStrings() => Receive<string>(text => Sender.Tell(text));
    }

    private sealed class Forwarder(IActorRef target) : UntypedActor
    {
        protected override void OnReceive(object message) => target.Forward(message);
    }
}
