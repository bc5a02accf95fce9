using System.Net.Sockets;
using Akka.Actor;
using Akka.Event;
using Smc.Transport.Paths.Smcd.Rendezvous;
using Smc.Transport.Paths.Tcp;

namespace Smc.Actors.Listeners;

/// <summary>The reactor of a device says that there is something to accept.</summary>
internal sealed record Acceptable(SocketWatch Watch) : INoSerializationVerificationNeeded;

/// <summary>The task of an acceptor has a connection: it is there to be taken.</summary>
internal sealed record Accepted(Acceptor Acceptor) : INoSerializationVerificationNeeded, IDeadLetterSuppression;

/// <summary>Accepting failed for now: no descriptor or no memory is left, or the connection was gone before it could be taken.</summary>
internal sealed record AcceptFailed(Acceptor Acceptor, SocketError Error) : INoSerializationVerificationNeeded, IDeadLetterSuppression;

/// <summary>
/// Waits for connections on a listening socket: by the reactor of the device where there is one, and by a task where there is none. One of them
/// at a time is under way, or a pause after a failure, which comes to its end first. A connection that comes by the task is kept here and not in the
/// message that says so: a listener that ends meanwhile does not read it.
/// </summary>
/// <param name="socket">Listening.</param>
/// <param name="owner">Is told <see cref="Acceptable"/> by the reactor, <see cref="Accepted"/> or <see cref="AcceptFailed"/> by the task.</param>
internal sealed class Acceptor(Socket socket, IActorRef owner)
{
    private static readonly object Closed = new();

    private readonly CancellationTokenSource _closed = new();
    private object? _come;   // the connection that the task has accepted, or Closed
    private SocketWatch? _watch;
    private Waiting _waiting;

    /// <summary>Waits by the reactor of a device from now on.</summary>
    /// <param name="rendezvous">Of the device that is up; null for none.</param>
    public void Follow(HostRendezvous? rendezvous)
    {
        Unwatch();
        _watch = null;
        if (_waiting == Waiting.Watch) _waiting = Waiting.Nothing;
        if (rendezvous is null) return;
        socket.Blocking = false;
        _watch = rendezvous.Watch(socket);
        var ready = new Acceptable(_watch);
        _watch.Ready = () => owner.Tell(ready, ActorRefs.NoSender);
    }

    /// <summary>True for what the reactor that is followed says, false for one of a device that has gone down since.</summary>
    public bool IsOwn(Acceptable ready) => ready.Watch == _watch;

    /// <summary>What was waited for has come, or the pause is over.</summary>
    public void End() => _waiting = Waiting.Nothing;

    /// <summary>Nothing is waited for until <see cref="End"/>.</summary>
    public void Pause() => _waiting = Waiting.Pause;

    /// <summary>Waits for a connection, where that is not being done.</summary>
    /// <returns>False where the process has no room for that.</returns>
    public bool TryAwait()
    {
        if (_waiting != Waiting.Nothing) return true;
        if (_watch is not null)
        {
            _waiting = Waiting.Watch;
            return _watch.Arm();
        }

        _waiting = Waiting.Task;
        AcceptAsync().PipeTo(owner, failure: _ => new AcceptFailed(this, SocketError.SocketError));
        return true;
    }

    /// <summary>Takes what the task has accepted.</summary>
    /// <returns>Null where that has been taken before.</returns>
    public Socket? Take() => Interlocked.Exchange(ref _come, null) as Socket;   // SYNC come: pairs with the exchange in AcceptAsync

    /// <summary>Leaves the listening socket to a successor or to its end: hears nothing more by a reactor, and a connection that the task has accepted, or
    /// accepts at this moment, is broken off.</summary>
    public void Close()
    {
        Unwatch();
        _closed.Cancel();
        if (Interlocked.Exchange(ref _come, Closed) is Socket left) left.Reset();   // SYNC come: what comes later finds Closed
    }

    private void Unwatch() => _watch?.Dispose();

    private async Task<object> AcceptAsync()
    {
        try
        {
            Socket come = await socket.AcceptAsync(_closed.Token).ConfigureAwait(false);
            if (Interlocked.CompareExchange(ref _come, come, null) is null) return new Accepted(this);   // SYNC come: pairs with Take and Close
            come.Reset();
            return new AcceptFailed(this, SocketError.OperationAborted);
        }
        catch (SocketException e)
        {
            return new AcceptFailed(this, e.SocketErrorCode);
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
        {
            return new AcceptFailed(this, SocketError.OperationAborted);
        }
    }

    /// <summary>What will say that there is something to accept.</summary>
    private enum Waiting
    {
        /// <summary>Nothing: the queue is full.</summary>
        Nothing,

        /// <summary>The reactor of the device.</summary>
        Watch,

        /// <summary>A task, where there is no device.</summary>
        Task,

        /// <summary>The timer, after a failure.</summary>
        Pause,
    }
}
