using Akka.Actor.Internal;

namespace Akka.Actor;

/// <summary>Keeps messages for later; unstashed ones come before all that are queued, in the order of their arrival.</summary>
public interface IStash
{
    void Stash();
    void UnstashAll();
}

/// <summary>Asks for a stash, which is there from PreStart on.</summary>
public interface IActorStash
{
    IStash Stash { get; set; }
}

public interface IWithUnboundedStash : IActorStash;

internal sealed class Stash(ActorCell cell) : IStash
{
    private readonly Stack<Envelope> _stashed = [];
    private int _lastEnvelopeId = -1;

    void IStash.Stash()
    {
        if (cell.CurrentEnvelopeId == _lastEnvelopeId)
        {
            throw new IllegalActorStateException($"Message [{cell.CurrentMessage}] is stashed already.");
        }
        _lastEnvelopeId = cell.CurrentEnvelopeId;
        _stashed.Push(cell.CurrentEnvelope);
    }

    public void UnstashAll()
    {
        while (_stashed.TryPop(out var latest))
        {
            cell.Mailbox.Prepend(latest);
            if (latest.Message is Terminated terminated)
            {
                cell.TerminatedUnstashed(terminated);
            }
        }
    }
}
