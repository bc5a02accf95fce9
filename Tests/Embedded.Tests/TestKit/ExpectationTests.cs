using Akka.Actor;
using Akka.TestKit;
using Embedded.Tests.Actor;

namespace Embedded.Tests.TestKit;

public sealed class ExpectationTests : Akka.TestKit.Xunit2.TestKit
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(50);

    [Fact]
    public void ReceiveWhile_ends_before_the_first_message_that_does_not_fit_or_with_silence()
    {
        Send(1, 2, "x", 3);
        Assert.Equal(["1", "2"], ReceiveWhile(m => m is int i ? i.ToString(null, null) : null, TimeSpan.FromSeconds(3)));
        ExpectMsg("x");
        Assert.Equal(["3"], ReceiveWhile(m => m is int i ? i.ToString(null, null) : null, TimeSpan.FromSeconds(3), Short));
        Send(4, 5, 6);
        Assert.Equal(2, ReceiveWhile(m => m.ToString(), TimeSpan.FromSeconds(3), msgs: 2).Count);
    }

    [Fact]
    public void ReceiveOne_gives_null_after_silence()
    {
        Assert.Null(ReceiveOne(Short));
        Send("x");
        Assert.Equal("x", ReceiveOne(Short));
    }

    [Fact]
    public void ReceiveN_fails_when_some_are_missing()
    {
        Send(1);
        Assert.ThrowsAny<Exception>(() => ReceiveN(2, Short));
    }

    [Fact]
    public void Expected_messages_are_checked_by_predicate_assertion_comparer_and_sender()
    {
        Send(1, 1, 1, 1, 1, 1);
        Assert.Equal(1, ExpectMsg<int>(i => i == 1));
        ExpectMsg<int>(i => Assert.Equal(1, i));
        ExpectMsg<int>((i, sender) => Assert.Equal((1, TestActor), (i, sender)));
        Assert.ThrowsAny<Exception>(() => ExpectMsg<int>(i => i == 2));
        Assert.ThrowsAny<Exception>(() => ExpectMsgFrom(CreateTestProbe().Ref, 1));
        ExpectMsgFrom(TestActor, 1);
    }

    [Fact]
    public void ExpectMsgAllOf_fails_when_one_differs()
    {
        Send(1, 3);
        Assert.ThrowsAny<Exception>(() => ExpectMsgAllOf(1, 2));
    }

    [Fact]
    public void Within_fails_a_block_that_is_too_fast() =>
        Assert.ThrowsAny<Exception>(() => Within(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(10), () => Send(1)));

    [Fact]
    public void Within_gives_what_is_left_of_the_innermost_block()
    {
        Within(TimeSpan.FromSeconds(30), () => Within(TimeSpan.FromSeconds(5), () => Assert.InRange(Remaining, TimeSpan.Zero, TimeSpan.FromSeconds(5))));
        Assert.ThrowsAny<Exception>(() => Remaining);
        Assert.Equal(7, Within(TimeSpan.FromSeconds(5), () => 7));
    }

    [Fact]
    public void Silence_at_the_end_of_Within_may_last_to_its_end() => Assert.Empty(Within(Short, () => ReceiveWhile(m => m.ToString())));

    [Fact]
    public void An_assertion_that_never_holds_throws_its_own_exception() =>
        Assert.ThrowsAny<Exception>(() => AwaitAssert(() => throw new InvalidOperationException("never"), Short, TimeSpan.FromMilliseconds(5)));

    [Fact]
    public void A_condition_that_never_comes_true_fails()
    {
        Assert.ThrowsAny<Exception>(() => AwaitCondition(() => false, Short, TimeSpan.FromMilliseconds(5)));
        Assert.False(AwaitConditionNoThrow(() => false, Short, TimeSpan.FromMilliseconds(5)));
    }

    [Fact]
    public void A_probe_watches_forwards_and_remembers_its_last_message()
    {
        var probe = CreateTestProbe();
        var echo = Sys.ActorOf(Props.Create(() => new Echo()));
        probe.Ref.Tell("x");
        probe.ExpectMsg("x");
        Assert.Equal("x", probe.LastMessage);
        probe.Forward(echo);
        ExpectMsg("x");
        probe.Send(echo, "y");
        probe.ExpectMsg("y");
        probe.Watch(echo);
        Sys.Stop(echo);
        probe.ExpectTerminated(echo);
    }

    [Fact]
    public void An_unwatched_actor_dies_unnoticed()
    {
        var echo = Watch(Sys.ActorOf(Props.Create(() => new Echo())));
        Unwatch(echo);
        var probe = CreateTestProbe();
        probe.Watch(echo);
        Sys.Stop(echo);
        probe.ExpectTerminated(echo);
        Send("end");
        ExpectMsg("end");
    }

    [Fact]
    public void An_actor_on_the_calling_thread_has_answered_when_Tell_returns()
    {
        var echo = Sys.ActorOf(Props.Create(() => new Echo()).WithDispatcher(CallingThreadDispatcher.Id));
        echo.Tell("started");
        ExpectMsg("started");
        echo.Tell("x");
        Assert.True(HasMessages);
        ExpectMsg("x");
    }

    private void Send(params object[] messages)
    {
        foreach (object message in messages)
        {
            TestActor.Tell(message);
        }
    }
}
