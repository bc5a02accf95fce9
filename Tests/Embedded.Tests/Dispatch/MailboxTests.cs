using Akka.Actor;
using Akka.Configuration;
using Akka.Dispatch;
using Akka.Dispatch.MessageQueues;
using Akka.Event;
using Embedded.Tests.Actor;

namespace Embedded.Tests.Dispatch;

public sealed class MailboxTests() : Akka.TestKit.Xunit2.TestKit("""
    bounded { mailbox-type = "Akka.Dispatch.BoundedMailbox", mailbox-capacity = 2, mailbox-push-timeout-time = 10ms }
    counted { mailbox-type = "Embedded.Tests.Dispatch.CountingMailbox, Embedded.Tests", first = 10 }
    by-number { mailbox-type = "Embedded.Tests.Dispatch.ByNumberMailbox, Embedded.Tests" }
    nothing { mailbox-type = "Embedded.Tests.Dispatch.NoSuchMailbox, Embedded.Tests" }
    counting-dispatcher { type = Dispatcher, mailbox-type = "Embedded.Tests.Dispatch.CountingMailbox, Embedded.Tests", first = 100 }
    """)
{
    [Fact]
    public void Props_name_a_mailbox_whose_class_HOCON_names_and_configures()
    {
        Sys.ActorOf(Props.Create(() => new Echo()).WithMailbox("counted")).Tell("x");
        ExpectMsg("10: x");
    }

    [Fact]
    public void A_dispatchers_configuration_names_the_mailbox_of_its_actors()
    {
        Sys.ActorOf(Props.Create(() => new Echo()).WithDispatcher("counting-dispatcher")).Tell("x");
        ExpectMsg("100: x");
    }

    [Fact]
    public void An_unknown_mailbox_is_a_configuration_error()
    {
        Assert.Throws<ConfigurationException>(() => Sys.ActorOf(Props.Create(() => new Echo()).WithMailbox("none")));
        Assert.Throws<ConfigurationException>(() => Sys.ActorOf(Props.Create(() => new Echo()).WithMailbox("nothing")));
    }

    [Fact]
    public void Messages_that_find_no_place_in_a_bounded_mailbox_in_time_are_dead_letters()
    {
        using var gate = new ManualResetEventSlim();
        var actor = Sys.ActorOf(Props.Create(() => new Gated()).WithMailbox("bounded"));
        actor.Tell(gate);
        ExpectMsg("at the gate");
        actor.Tell(1);
        actor.Tell(2);
        Sys.EventStream.Subscribe(TestActor, typeof(DeadLetter));
        actor.Tell(3);
        ExpectMsg<DeadLetter>(letter => letter.Message.Equals(3) && letter.Recipient.Equals(actor));
        gate.Set();
        ExpectMsg(1);
        ExpectMsg(2);
    }

    [Fact]
    public void A_priority_mailbox_gives_the_lowest_number_first()
    {
        using var gate = new ManualResetEventSlim();
        var actor = Sys.ActorOf(Props.Create(() => new Gated()).WithMailbox("by-number"));
        actor.Tell(gate);
        ExpectMsg("at the gate");
        foreach (int number in new[] { 3, 1, 2, 1 })
        {
            actor.Tell(number);
        }
        gate.Set();
        Assert.Equal([1, 1, 2, 3], ReceiveN(4).Cast<int>());
    }

    [Fact]
    public void A_queue_counts_what_it_holds_and_gives_it_back_in_order()
    {
        var queue = new UnboundedMessageQueue();
        Assert.False(queue.HasMessages);
        queue.Enqueue(TestActor, new Envelope(1, TestActor));
        queue.Enqueue(TestActor, new Envelope(2, TestActor));
        Assert.Equal((true, 2), (queue.HasMessages, queue.Count));
        Assert.True(queue.TryDequeue(out var first));
        Assert.Equal((1, 1), (first.Message, queue.Count));
    }
}

/// <summary>Waits at a gate for as long as a test wants; sends the rest back.</summary>
internal sealed class Gated : UntypedActor
{
    protected override void OnReceive(object message)
    {
        if (message is not ManualResetEventSlim gate)
        {
            Sender.Tell(message);
            return;
        }
        Sender.Tell("at the gate");
        gate.Wait(TimeSpan.FromSeconds(20));
    }
}

/// <summary>Numbers its messages from <c>first</c> on.</summary>
public sealed class CountingMailbox(Settings settings, Config config) : MailboxType(settings, config)
{
    public override IMessageQueue Create(IActorRef owner, ActorSystem system) => new Queue(Config.GetInt("first"));

    private sealed class Queue(int next) : IMessageQueue
    {
        private readonly UnboundedMessageQueue _queue = new();

        public bool HasMessages => _queue.HasMessages;
        public int Count => _queue.Count;

        public void Enqueue(IActorRef receiver, Envelope envelope) => _queue.Enqueue(receiver, envelope);
        public void CleanUp(IActorRef owner, IMessageQueue deadletters) => _queue.CleanUp(owner, deadletters);

        public bool TryDequeue(out Envelope envelope)
        {
            bool dequeued = _queue.TryDequeue(out envelope);
            envelope = dequeued ? new Envelope($"{next++}: {envelope.Message}", envelope.Sender) : default;
            return dequeued;
        }
    }
}

public sealed class ByNumberMailbox(Settings settings, Config config) : UnboundedPriorityMailbox(settings, config)
{
    protected override int PriorityGenerator(object message) => message is int number ? number : 0;
}
