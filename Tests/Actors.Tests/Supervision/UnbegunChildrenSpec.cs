using Akka.Actor;
using Akka.TestKit.Xunit2;
using Smc.Actors;

namespace Actors.Tests.Supervision;

public sealed class UnbegunChildrenSpec : TestKit
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_child_that_fails_as_it_starts_again_ends_and_had_begun(bool begins)
    {
        Sys.ActorOf(Props.Create(() => new Parent(TestActor, begins)));
        Assert.Equal(!begins, ExpectMsg<bool>());
    }

    private sealed class Parent : ReceiveActor
    {
        private readonly UnbegunChildren _unbegun = new(begun: Directive.Restart);

        public Parent(IActorRef probe, bool begins)
        {
            IActorRef child = Context.ActorOf(Props.Create(() => new Child(begins)));
            Context.Watch(child);
            child.Tell("fail");
            Receive<Terminated>(_ => probe.Tell(_unbegun.Remove(child)));
        }

        protected override SupervisorStrategy SupervisorStrategy() => _unbegun.Strategy;
    }

    private sealed class Child(bool begins) : UntypedActor
    {
        protected override void PreStart()
        {
            if (!begins) throw new InjectedCrashException("at the start");
        }

        protected override void PostRestart(Exception reason) => throw new InjectedCrashException("again");

        protected override void OnReceive(object message) => throw new InjectedCrashException("at a message");
    }
}
