using Akka.Actor;
using static Smc.Actors.Protocol.HandshakeProtocol;

namespace Smc.Actors.Connections;

/// <summary>The parent of all handshakes of the client side.</summary>
internal sealed class ConnectorsActor : ReceiveActor
{
    public ConnectorsActor(ConnectorFactory factory) => Receive<Connect>(request => factory(Context, request));

    protected override SupervisorStrategy SupervisorStrategy() => SupervisorStrategies.StopOnly;
}
