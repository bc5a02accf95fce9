using System.Net.Sockets;
using Akka.Actor;
using Smc.Transport.Paths.Smcd.Rendezvous;
using static Smc.Actors.Protocol.ListenerProtocol;

namespace Smc.Actors.Listeners;

/// <summary>The reactor of a device says that there is something to accept.</summary>
internal sealed record Acceptable(SocketWatch Watch) : INoSerializationVerificationNeeded;

/// <summary>
/// Waits for connections on a listening socket: by the reactor of the device where there is one, and by a task where there is none. One of them
/// at a time is under way, or a pause after a failure, which comes to its end first.
/// </summary>
/// <param name="socket">Listening.</param>
/// <param name="owner">Is told <see cref="Acceptable"/> by the reactor, Accepted or AcceptFailed by the task.</param>
internal sealed class Acceptor(Socket socket, IActorRef owner)
{
    private readonly CancellationTokenSource _crashed = new();
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
        AcceptAsync(socket, _crashed.Token).PipeTo(owner);
        return true;
    }

    /// <summary>Hears nothing more by a reactor.</summary>
    public void Unwatch() => _watch?.Dispose();

    /// <summary>Leaves the socket to a successor: the task ends without a connection.</summary>
    public void Abandon()
    {
        _crashed.Cancel();
        Unwatch();
    }

    private static async Task<object> AcceptAsync(Socket listener, CancellationToken crashed)
    {
        try
        {
            return new Accepted(await listener.AcceptAsync(crashed).ConfigureAwait(false));
        }
        catch (OperationCanceledException)
        {
            return new AcceptFailed(SocketError.OperationAborted);
        }
        catch (SocketException e)
        {
            return new AcceptFailed(e.SocketErrorCode);
        }
        catch (ObjectDisposedException)
        {
            return new AcceptFailed(SocketError.OperationAborted);
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
