using System.Net;
using System.Net.Sockets;
using Akka.Actor;
using Akka.Event;
using Smc.Actors.Settings;
using Smc.Transport;
using static Smc.Actors.Protocol.ListenerProtocol;

namespace Smc.Actors.Listeners;

/// <summary>The parent of all listeners: binds, and hands the listener to its user. A listener that fails starts again on the same socket, and
/// so do all when this actor fails; one that cannot begin is closed.</summary>
internal sealed class ListenersActor : ReceiveActor
{
    public ListenersActor(ListenerSettings settings, TimeSpan shutdownTimeout, ListenerTable table, ListenerFactory factory)
    {
        ILoggingAdapter log = Context.System.Log;
        Receive<Listen>(request =>
        {
            if (request.Promise.Task.IsCompleted || TryBind(request, settings.Backlog) is not { } socket) return;   // nobody waits for it any more
            var queue = new AcceptQueue();
            var bound = (IPEndPoint)socket.LocalEndPoint!;
            IActorRef actor = Begin(() => factory(Context, socket, queue), socket);
            Context.WatchWith(actor, new ListenerGone(socket, queue, request.Promise));
            actor.Tell(new Listening(new SmcListener(actor, queue, bound, shutdownTimeout, log), request.Promise));
        });
        Receive<DeviceChanged>(change =>
        {
            foreach (IActorRef listener in Context.GetChildren()) listener.Forward(change);
        });
        Receive<ListenerGone>(gone =>
        {
            table.Remove(gone.Queue);
            OnGone(gone);
        });
    }

    protected override SupervisorStrategy SupervisorStrategy() => SupervisorStrategies.RestartOnly;

    /// <summary>The listeners stay, to be started again.</summary>
    protected override void PreRestart(Exception reason, object message)
    {
        if (message is Listen request) request.Promise.TrySetException(Aborted());
    }

    /// <summary>Where it had begun, it has left the table and closed its socket itself, and its queue for another reason.</summary>
    private static void OnGone(ListenerGone gone)
    {
        gone.Promise.TrySetException(Aborted());
        gone.Socket.Dispose();
        gone.Queue.Close(SocketError.OperationAborted);
    }

    private static SocketException Aborted() => new((int)SocketError.OperationAborted);

    private static IActorRef Begin(Func<IActorRef> factory, Socket socket)
    {
        try
        {
            return factory();
        }
        catch
        {
            socket.Dispose();   // nobody else has it yet
            throw;
        }
    }

    /// <summary>Null where that cannot be: the user has been told why.</summary>
    private static Socket? TryBind(Listen request, int backlog)
    {
        Socket? socket = null;
        try
        {
            socket = new Socket(request.EndPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            if (request.EndPoint.Address.Equals(IPAddress.IPv6Any)) socket.DualMode = true;
            socket.Bind(request.EndPoint);
            socket.Listen(backlog);
            return socket;
        }
        catch (SocketException e)
        {
            socket?.Dispose();
            request.Promise.TrySetException(e);
            return null;
        }
    }

    private sealed record ListenerGone(Socket Socket, AcceptQueue Queue, TaskCompletionSource<ISmcListener> Promise) : INoSerializationVerificationNeeded;
}
