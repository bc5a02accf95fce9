using Akka.Actor;
using static Smc.Actors.Protocol.RuntimeEvents;

namespace Smc.Actors.Inspection;

/// <summary>What stands before the mailbox of a <see cref="TailActor"/>: it hears each event on the thread that it happens on, and lets only so many in.</summary>
/// <param name="tail">Who is told.</param>
/// <param name="most">Events that may wait in its mailbox.</param>
internal sealed class TailIntake(IActorRef tail, int most)
{
    private int _waiting;
    private long _lost;

    /// <summary>Events in the mailbox.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>An event happens. Any thread; never waits.</summary>
    public void On(RuntimeEvent happened)
    {
        if (Interlocked.Increment(ref _waiting) <= most)
        {
            tail.Tell(happened, ActorRefs.NoSender);
            return;
        }

        Interlocked.Increment(ref _lost);   // before there is room again: whoever makes it sees the count
        Interlocked.Decrement(ref _waiting);
    }

    /// <summary>The tail has taken one out of its mailbox.</summary>
    public void Take() => Interlocked.Decrement(ref _waiting);

    /// <summary>Events that were not let in since this was asked last.</summary>
    public long TakeLost() => Interlocked.Exchange(ref _lost, 0);
}
