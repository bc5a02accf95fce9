using Akka.Actor;
using Akka.Event;

namespace Smc.Actors;

/// <summary>The end of an actor that a user closes.</summary>
internal static class ActorEnd
{
    /// <summary>Stops an actor and waits until it has stopped. Past the time-out that is logged: whoever closes goes on without it.</summary>
    public static async Task StopAsync(this IActorRef actor, TimeSpan timeout, ILoggingAdapter log)
    {
        if (!await HasStoppedAsync(actor, timeout).ConfigureAwait(false))
            log.Warning("{0} has not stopped within {1}: what it holds is closed behind its user", actor.Path, timeout);
    }

    /// <summary>A time-out is a cancelled task, or false.</summary>
    private static async Task<bool> HasStoppedAsync(IActorRef actor, TimeSpan timeout)
    {
        try
        {
            return await actor.GracefulStop(timeout).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
