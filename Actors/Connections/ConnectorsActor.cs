using System.Net.Sockets;
using Akka.Actor;
using Smc.Actors.Protocol;
using static Smc.Actors.Protocol.HandshakeProtocol;

namespace Smc.Actors.Connections;

/// <summary>The parent of all handshakes of the client side. Each tells its caller how it ends, and this one does for it where it never began.</summary>
internal sealed class ConnectorsActor : ReceiveActor
{
    private readonly UnbegunChildren _unbegun = new(begun: Directive.Stop);

    public ConnectorsActor(ConnectorFactory factory)
    {
        Receive<Connect>(request =>
        {
            IActorRef connector = factory(Context, request);
            Context.WatchWith(connector, new ConnectorGone(connector, request));
        });
        Receive<ListenerProtocol.DeviceChanged>(change =>
        {
            foreach (IActorRef connector in Context.GetChildren()) connector.Forward(change);
        });
        Receive<ConnectorGone>(gone =>
        {
            if (_unbegun.Remove(gone.Connector)) Fail(gone.Request);
        });
    }

    protected override SupervisorStrategy SupervisorStrategy() => _unbegun.Strategy;

    protected override void PreRestart(Exception reason, object message)
    {
        if (message is Connect request) Fail(request);
        base.PreRestart(reason, message);
    }

    private static void Fail(Connect request) => request.Promise.TrySetException(new SocketException((int)SocketError.OperationAborted));

    private sealed record ConnectorGone(IActorRef Connector, Connect Request) : INoSerializationVerificationNeeded;
}
