using Akka.Actor;

namespace Actors.Tests.Harness;

/// <summary>Somebody who cannot be told the first time: whoever tells it fails there.</summary>
internal sealed class DeafOnce(IActorRef told) : ActorRefBase
{
    private bool _hasFailed;

    public override ActorPath Path => told.Path;

    protected override void TellInternal(object message, IActorRef? sender)
    {
        if (_hasFailed)
        {
            told.Tell(message, sender);
            return;
        }

        _hasFailed = true;
        throw new InvalidOperationException("cannot be told");
    }
}
