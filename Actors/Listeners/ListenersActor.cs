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
    private readonly UnbegunChildren _unbegun = new(begun: Directive.Restart);

    public ListenersActor(ListenerSettings settings, TimeSpan shutdownTimeout, ListenerFactory factory)
    {
        ILoggingAdapter log = Context.System.Log;
        Receive<Listen>(request =>
        {
            try
            {
                Socket socket = Bind(request.EndPoint, settings.Backlog);
                var queue = new AcceptQueue();
                var bound = (IPEndPoint)socket.LocalEndPoint!;
                IActorRef actor = factory(Context, socket, queue);
                Context.WatchWith(actor, new ListenerGone(actor, socket, queue, request.Promise));
                actor.Tell(new Listening(new SmcListener(actor, queue, bound, shutdownTimeout, log), request.Promise));
            }
            catch (SocketException e)
            {
                request.Promise.TrySetException(e);
            }
        });
        Receive<DeviceChanged>(change =>
        {
            foreach (IActorRef listener in Context.GetChildren()) listener.Forward(change);
        });
        Receive<ListenerGone>(OnGone);
    }

    protected override SupervisorStrategy SupervisorStrategy() => _unbegun.Strategy;

    /// <summary>The listeners stay, to be started again.</summary>
    protected override void PreRestart(Exception reason, object message)
    {
        if (message is Listen request) request.Promise.TrySetException(Aborted());
    }

    private void OnGone(ListenerGone gone)
    {
        gone.Promise.TrySetException(Aborted());
        if (!_unbegun.Remove(gone.Listener)) return;
        gone.Socket.Dispose();
        gone.Queue.Close(Aborted());
    }

    private static SocketException Aborted() => new((int)SocketError.OperationAborted);

    private static Socket Bind(IPEndPoint endPoint, int backlog)
    {
        var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (endPoint.Address.Equals(IPAddress.IPv6Any)) socket.DualMode = true;
            socket.Bind(endPoint);
            socket.Listen(backlog);
            return socket;
        }
        catch (SocketException)
        {
            socket.Dispose();
            throw;
        }
    }

    private sealed record ListenerGone(IActorRef Listener, Socket Socket, AcceptQueue Queue, TaskCompletionSource<ISmcListener> Promise);
}
