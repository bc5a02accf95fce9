using System.Net;
using System.Net.Sockets;
using Akka.Actor;
using Akka.Event;
using Smc.Actors.Settings;
using Smc.Transport;
using static Smc.Actors.Protocol.ListenerProtocol;

namespace Smc.Actors.Listeners;

/// <summary>The parent of all listeners: binds, and hands the listener to its user.</summary>
internal sealed class ListenersActor : ReceiveActor
{
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
                Context.WatchWith(actor, new ListenerGone(request.Promise));
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
        Receive<ListenerGone>(gone => gone.Promise.TrySetException(new SocketException((int)SocketError.OperationAborted)));
    }

    protected override SupervisorStrategy SupervisorStrategy() => SupervisorStrategies.StopOnly;

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

    private sealed record ListenerGone(TaskCompletionSource<ISmcListener> Promise);
}
