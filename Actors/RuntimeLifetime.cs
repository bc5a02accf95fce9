using System.Net.Sockets;
using Akka.Actor;

namespace Smc.Actors;

/// <summary>
/// How long a runtime keeps what it promises: until it is disposed, until its root has stopped, or until its actor system has ended.
/// </summary>
internal sealed class RuntimeLifetime
{
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ActorSystem _system;
    private int _disposed;

    /// <param name="system">Where its actors live.</param>
    public RuntimeLifetime(ActorSystem system)
    {
        _system = system;
        Ended = Task.WhenAny(_stopped.Task, system.WhenTerminated);
    }

    /// <summary>Done when the root has stopped or the actor system has ended.</summary>
    public Task Ended { get; }

    /// <summary>The user has closed the runtime.</summary>
    public bool IsDisposed => Volatile.Read(ref _disposed) != 0;

    /// <summary>Known at once: <see cref="Ended"/> is told by way of the thread pool, and the device may be up meanwhile.</summary>
    private bool HasEnded => _stopped.Task.IsCompleted || _system.WhenTerminated.IsCompleted;

    /// <summary>The user closes the runtime.</summary>
    /// <returns>False where that has been done before.</returns>
    public bool TryDispose() => Interlocked.Exchange(ref _disposed, 1) == 0;

    /// <summary>The root has stopped.</summary>
    public void Stop() => _stopped.TrySetResult();

    /// <summary>Waits until something is done that a runtime begins with.</summary>
    /// <exception cref="ObjectDisposedException">The user has closed the runtime, or the actor system has ended.</exception>
    /// <exception cref="SocketException">NetworkDown: the root has stopped.</exception>
    public async Task BegunAsync(Task decided, CancellationToken cancellationToken)
    {
        if (!HasEnded && !IsDisposed) await Task.WhenAny(decided, Ended).WaitAsync(cancellationToken).ConfigureAwait(false);
        if (HasEnded || IsDisposed) throw Failure();
    }

    /// <summary>A promise that an actor keeps, or that ends with the runtime: a request that met no actor any more has nobody to answer it.</summary>
    public async Task<T> KeptAsync<T>(TaskCompletionSource<T> promise)
    {
        await Task.WhenAny(promise.Task, Ended).ConfigureAwait(false);
        if (HasEnded) promise.TrySetException(Failure());
        return await promise.Task.ConfigureAwait(false);
    }

    private Exception Failure() => IsDisposed || _system.WhenTerminated.IsCompleted
        ? new ObjectDisposedException(nameof(SmcRuntime))
        : new SocketException((int)SocketError.NetworkDown);
}
