using Akka.Actor;
using Akka.TestKit;

namespace Embedded.Tests.TestKit;

public sealed class AutoPilotTests : Akka.TestKit.Xunit2.TestKit
{
    [Fact]
    public void An_auto_pilot_answers_before_the_test_looks_and_the_messages_stay()
    {
        var probe = CreateTestProbe();
        probe.SetAutoPilot(new DelegateAutoPilot((sender, message) =>
        {
            sender.Tell($"auto {message}", ActorRefs.NoSender);
            return AutoPilot.KeepRunning;
        }));
        probe.Ref.Tell(1);
        probe.Ref.Tell(2);
        ExpectMsg("auto 1");
        ExpectMsg("auto 2");
        probe.ExpectMsg(1);
        probe.ExpectMsg(2);
    }

    [Fact]
    public void It_says_who_handles_the_next_message()
    {
        SetAutoPilot(new Once(new Once(AutoPilot.NoAutoPilot, "second"), "first"));
        var probe = CreateTestProbe();
        for (int i = 0; i < 3; i++)
        {
            TestActor.Tell(i, probe.Ref);
        }
        probe.ExpectMsg("first");
        probe.ExpectMsg("second");
        Assert.Equal([0, 1, 2], ReceiveN(3).Cast<int>());
        probe.ExpectNoMsg(TimeSpan.Zero);
    }

    [Fact]
    public void A_probe_can_have_children()
    {
        var probe = CreateTestProbe("parent-probe");
        var child = probe.ChildActorOf(Props.Create(() => new TellingParent()), "child");
        Assert.Equal(probe.Ref.Path / "child", child.Path);
        child.Tell("up");
        probe.ExpectMsg("up");
        Assert.Equal(child, probe.Sender);
    }

    private sealed class Once(AutoPilot next, string answer) : AutoPilot
    {
        public override AutoPilot Run(IActorRef sender, object message)
        {
            sender.Tell(answer, ActorRefs.NoSender);
            return next;
        }
    }

    private sealed class TellingParent : UntypedActor
    {
        protected override void OnReceive(object message) => Context.Parent.Tell(message);
    }
}
