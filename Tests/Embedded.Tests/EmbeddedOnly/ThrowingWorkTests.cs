using Akka.Actor;
using Akka.Configuration;
using Akka.Dispatch;
using Akka.Dispatch.MessageQueues;

namespace Embedded.Tests.EmbeddedOnly;

/// <summary>What throws on a dispatcher's thread, and is no actor's failure, is logged; neither the process nor the thread ends by it.</summary>
public sealed class ThrowingWorkTests() : Akka.TestKit.Xunit2.TestKit("""
    own { type = Dispatcher, executor = "Embedded.Tests.Actor.NamedThreadConfigurator, Embedded.Tests", thread = "own" }
    pinned { type = PinnedDispatcher }
    once { mailbox-type = "Embedded.Tests.EmbeddedOnly.OnceThrowingMailbox, Embedded.Tests" }
    """)
{
    [Theory]
    [InlineData("akka.actor.default-dispatcher")]
    [InlineData("own")]
    [InlineData("pinned")]
    public void Work_that_throws_is_logged_and_the_next_runs(string id)
    {
        var dispatcher = Sys.Dispatchers.Lookup(id);
        EventFilter.Exception<InvalidOperationException>(message: "thrown", source: id)
            .ExpectOne(() => dispatcher.Schedule(() => throw new InvalidOperationException("thrown")));
        dispatcher.Schedule(() => TestActor.Tell("next", ActorRefs.NoSender));
        ExpectMsg("next");
    }

    [Fact]
    public void A_queue_that_throws_costs_its_actor_nothing_but_that_turn()
    {
        var echo = Sys.ActorOf(Props.Create(() => new Embedded.Tests.Actor.Echo()).WithMailbox("once"), "once");
        EventFilter.Exception<InvalidOperationException>(message: "queue", source: echo.Path.ToString()).ExpectOne(() => echo.Tell("x"));
        ExpectMsg("x");
    }
}

/// <summary>Throws the first time that a message is taken out.</summary>
public sealed class OnceThrowingMailbox(Settings settings, Config config) : MailboxType(settings, config)
{
    public override IMessageQueue Create(IActorRef owner, ActorSystem system) => new Queue();

    private sealed class Queue : IMessageQueue
    {
        private readonly UnboundedMessageQueue _queue = new();
        private bool _hasThrown;

        public bool HasMessages => _queue.HasMessages;
        public int Count => _queue.Count;

        public void Enqueue(IActorRef receiver, Envelope envelope) => _queue.Enqueue(receiver, envelope);
        public void CleanUp(IActorRef owner, IMessageQueue deadletters) => _queue.CleanUp(owner, deadletters);

        public bool TryDequeue(out Envelope envelope)
        {
            if (!_hasThrown && HasMessages)
            {
                _hasThrown = true;
                throw new InvalidOperationException("queue");
            }
            return _queue.TryDequeue(out envelope);
        }
    }
}
