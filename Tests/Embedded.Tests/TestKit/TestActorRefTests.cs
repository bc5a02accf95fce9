using Akka.Actor;
using Akka.TestKit;

namespace Embedded.Tests.TestKit;

public sealed class TestActorRefTests : Akka.TestKit.Xunit2.TestKit
{
    [Fact]
    public void The_actor_itself_is_within_reach_and_has_run_when_Tell_returns()
    {
        var reference = ActorOfAsTestActorRef<Summing>("sum");
        Assert.Equal("sum", reference.Path.Name);
        reference.Tell(3);
        reference.Tell(4);
        Assert.Equal(7, reference.UnderlyingActor.Sum);
    }

    [Fact]
    public async Task A_question_is_answered_before_Ask_returns()
    {
        var reference = new TestActorRef<Summing>(Sys, Props.Create(() => new Summing()));
        reference.Tell(42);
        var answer = reference.Ask<int>("sum", TimeSpan.FromSeconds(20));
        Assert.True(answer.IsCompleted);
        Assert.Equal(42, await answer);
    }

    [Fact]
    public void Receive_throws_what_the_behaviour_throws_and_the_actor_goes_on()
    {
        var reference = ActorOfAsTestActorRef<Summing>();
        reference.Receive(5);
        Assert.Equal("expected", Assert.Throws<InvalidOperationException>(() => reference.Receive(new InvalidOperationException("expected"))).Message);
        Assert.Equal(5, reference.UnderlyingActor.Sum);
    }

    [Fact]
    public void It_is_supervised_as_any_other()
    {
        var reference = ActorOfAsTestActorRef<Summing>();
        reference.Tell(5);
        EventFilter.Exception<InvalidOperationException>().ExpectOne(() => reference.Tell(new InvalidOperationException("restart")));
        AwaitAssert(() => Assert.Equal(0, reference.UnderlyingActor.Sum));
        Watch(reference);
        reference.Tell(PoisonPill.Instance);
        ExpectTerminated(reference);
    }

    [Fact]
    public void It_can_be_a_child_of_an_actor_of_the_tests_choice()
    {
        var parent = ActorOfAsTestActorRef<Summing>("parent");
        var child = ActorOfAsTestActorRef<Summing>(parent.Ref, "child");
        Assert.Equal(parent.Path / "child", child.Path);
        parent.Tell("child?");
        ExpectMsg("child");
    }

    private sealed class Summing : UntypedActor
    {
        public int Sum { get; private set; }

        protected override void OnReceive(object message)
        {
            switch (message)
            {
                case int number:
                    Sum += number;
                    break;
                case "sum":
                    Sender.Tell(Sum);
                    break;
                case "child?":
                    Sender.Tell(Context.Child("child").Path.Name);
                    break;
                case Exception failure:
                    throw failure;
            }
        }
    }
}
