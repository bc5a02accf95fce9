using Akka.Actor;
using Embedded.Tests.Actor;

namespace Embedded.Tests.TestKit;

public sealed class TestKitTests : Akka.TestKit.Xunit2.TestKit
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(20);

    [Fact]
    public void What_the_test_tells_comes_from_the_test_actor()
    {
        Sys.ActorOf(Props.Create(() => new Echo())).Tell("x");
        ExpectMsg("x");
    }

    [Fact]
    public async Task It_does_so_after_an_await_too()
    {
        await Task.Yield();
        Sys.ActorOf(Props.Create(() => new Echo())).Tell("x");
        await ExpectMsgAsync("x");
    }

    [Fact]
    public void A_wrong_message_or_none_fails_the_test()
    {
        Assert.ThrowsAny<Exception>(() => ExpectMsg<string>(Short));
        TestActor.Tell(1);
        Assert.ThrowsAny<Exception>(() => ExpectMsg<string>());
        TestActor.Tell("a");
        Assert.ThrowsAny<Exception>(() => ExpectMsg("b"));
        TestActor.Tell("a");
        Assert.ThrowsAny<Exception>(() => ExpectNoMsg(Short));
    }

    [Fact]
    public void Sets_of_messages_come_in_any_order()
    {
        TestActor.Tell(2);
        TestActor.Tell(1);
        ExpectMsgAllOf(1, 2);
        TestActor.Tell(3);
        Assert.Equal(3, ExpectMsgAnyOf([2, 3]));
    }

    [Fact]
    public void Fishing_skips_what_does_not_fit()
    {
        foreach (object message in new object[] { 1, "x", 2 })
        {
            TestActor.Tell(message);
        }
        Assert.Equal(2, FishForMessage<int>(i => i > 1));
    }

    [Fact]
    public void Ignored_messages_never_show()
    {
        IgnoreMessages(message => message is int);
        TestActor.Tell(1);
        TestActor.Tell("x");
        ExpectMsg("x");
    }

    [Fact]
    public void A_probe_answers_the_last_sender()
    {
        var probe = CreateTestProbe("probe");
        probe.Ref.Tell("ping");
        probe.ExpectMsg<string>((text, sender) => text == "ping" && sender.Equals(TestActor));
        probe.Reply("pong");
        ExpectMsgFrom(probe.Ref, "pong");
        Assert.Equal(probe.Ref, LastSender);
    }

    [Fact]
    public void Within_limits_the_expectations_in_it()
    {
        TestActor.Tell("x");
        Within(TimeSpan.FromSeconds(3), () => ExpectMsg("x"));
        Assert.ThrowsAny<Exception>(() => Within(Short, () => ExpectMsg("y")));
    }

    [Fact]
    public void Assertions_and_conditions_are_awaited()
    {
        int count = 0;
        AwaitAssert(() => Assert.Equal(3, ++count), interval: Short);
        AwaitCondition(() => ++count > 5, TimeSpan.FromSeconds(3), Short);
        Assert.Equal(6, count);
    }
}
