using Akka.Actor;

namespace Embedded.Tests.EmbeddedOnly;

/// <summary>A test that measures the whole process, which other tests would disturb.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;

[Collection(nameof(Alone))]
public sealed class AllocationTests : Akka.TestKit.Xunit2.TestKit
{
    private const int Turns = 200_000;

    /// <summary>Bytes that a turn, two messages sent and handled, may allocate; what remains is what the thread pool needs now and then.</summary>
    private const double BytesPerTurn = 1;

    [Fact]
    public void A_message_that_is_sent_and_handled_allocates_nothing() => AllocatesNothing(Props.Create(() => new Untyped()));

    [Fact]
    public void Nor_does_one_that_goes_to_a_typed_handler() => AllocatesNothing(Props.Create(() => new Typed()));

    private void AllocatesNothing(Props player)
    {
        var ping = Sys.ActorOf(player);
        var pong = Sys.ActorOf(player);
        Play(ping, pong, Turns); // both mailboxes and the thread pool have grown by then
        long before = GC.GetTotalAllocatedBytes(precise: true);
        Play(ping, pong, Turns);
        double bytes = GC.GetTotalAllocatedBytes(precise: true) - before;
        Assert.InRange(bytes / Turns, 0, BytesPerTurn);
    }

    private void Play(IActorRef ping, IActorRef pong, int turns)
    {
        ping.Tell(new Ball(turns, TestActor), pong);
        ExpectMsg("done", TimeSpan.FromSeconds(60));
    }

    /// <summary>The one message of a game, which goes to and fro.</summary>
    private sealed class Ball(int turns, IActorRef referee) : INoSerializationVerificationNeeded
    {
        private int _messages = turns * 2;

        public void Return(IActorRef to, IActorRef from)
        {
            if (--_messages > 0)
            {
                to.Tell(this, from);
            }
            else
            {
                referee.Tell("done", ActorRefs.NoSender);
            }
        }
    }

    private sealed class Untyped : UntypedActor
    {
        protected override void OnReceive(object message) => ((Ball)message).Return(Sender, Self);
    }

    private sealed class Typed : ReceiveActor
    {
        public Typed() => Receive<Ball>(ball => ball.Return(Sender, Self));
    }
}
