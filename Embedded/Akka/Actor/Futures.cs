using Akka.Actor.Internal;
using Akka.Dispatch.SysMsg;

namespace Akka.Actor;

/// <summary>
/// Ask: send a message and await the answer. <see cref="Status.Failure"/> throws its cause, an answer of another type
/// <see cref="ArgumentException"/>, silence <see cref="AskTimeoutException"/> after the time-out (else akka.actor.ask-timeout).
/// </summary>
public static class Futures
{
    public static Task<T> Ask<T>(this ICanTell self, object message, TimeSpan? timeout = null) => self.Ask<T>(message, timeout, CancellationToken.None);
    public static Task<T> Ask<T>(this ICanTell self, object message, CancellationToken cancellationToken) => self.Ask<T>(message, null, cancellationToken);

    public static Task<T> Ask<T>(this ICanTell self, object message, TimeSpan? timeout, CancellationToken cancellationToken) =>
        self.Ask<T>(_ => message, timeout, cancellationToken);

    /// <summary>For requests that carry the reference to answer to.</summary>
    public static async Task<T> Ask<T>(
        this ICanTell self, Func<IActorRef, object> messageFactory, TimeSpan? timeout, CancellationToken cancellationToken)
    {
        var system = SystemOf(self) ?? throw new ArgumentException($"{self} belongs to no actor system", nameof(self));
        var result = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        var future = new FutureActorRef<T>(system, result);
        var limit = timeout ?? system.Settings.AskTimeout;

        using var timer = limit > TimeSpan.Zero ? new CancellationTokenSource(limit) : null;
        using var expiry = timer?.Token.UnsafeRegister(
            _ => result.TrySetException(new AskTimeoutException($"No answer within {limit}")), null);
        using var cancellation = cancellationToken.UnsafeRegister(_ => result.TrySetCanceled(cancellationToken), null);
        self.Tell(messageFactory(future), future);
        return await result.Task.ConfigureAwait(false);
    }

    internal static ActorSystemImpl? SystemOf(ICanTell target) => target switch
    {
        ActorSelection selection => SystemOf(selection.Anchor),
        IInternalActorRef { System: { } system } => system,
        _ => ActorCell.Current?.SystemImpl,
    };
}

/// <summary>The sender of a question: its first message completes the task, later ones are dead letters.</summary>
internal sealed class FutureActorRef<T>(ActorSystemImpl system, TaskCompletionSource<T> result) : MinimalActorRef
{
    public override ActorPath Path { get; } = system.NextTempPath();
    private protected override ActorSystemImpl System { get; } = system;

    protected override void TellInternal(object message, IActorRef? sender)
    {
        bool handled = message switch
        {
            T answer => result.TrySetResult(answer),
            Status.Failure failure => result.TrySetException(failure.Cause ?? new TaskCanceledException("The actor answered with a cancellation")),
            _ => result.TrySetException(
                new ArgumentException($"Asked for {typeof(T)}, was answered with {message.GetType()}")),
        };
        if (!handled && !result.Task.IsCanceled)
        {
            System.DeadLetters.Tell(message, this);
        }
    }

    private protected override void SendSystemMessage(SystemMessage message)
    {
        if (message is DeathWatchNotification death)
        {
            Tell(new Terminated(death.Actor, death.ExistenceConfirmed, addressTerminated: false), death.Actor);
        }
    }
}
