using Akka.Actor;
using Smc.Actors.Devices;
using Smc.Actors.Protocol;
using Smc.Transport;
using Smc.Transport.Paths.Smcd.Rendezvous;

namespace Smc.Actors.Directory;

/// <summary>Knows which endpoints speak SMC: on this host by the registry of the rendezvous folder.</summary>
internal sealed class CapabilityDirectoryActor : ReceiveActor
{
    /// <param name="device">Whose registry is asked.</param>
    /// <param name="loopbackIsm">Opens control sockets to the processes found.</param>
    public CapabilityDirectoryActor(LoopbackDevice device, IActorRef loopbackIsm)
    {
        Receive<HandshakeProtocol.FindPeers>(request =>
        {
            if (device.Rendezvous is not { } rendezvous)
            {
                Sender.Tell(new HandshakeProtocol.Sessions([], device.Down));
                return;
            }

            IReadOnlyList<RegistryEntry> entries = rendezvous.Find(request.EndPoint);
            if (entries.Count == 0) Sender.Tell(new HandshakeProtocol.Sessions([], SmcReason.PeerNoSmc));
            else loopbackIsm.Forward(new HandshakeProtocol.OpenSessions(entries));
        });
    }
}
