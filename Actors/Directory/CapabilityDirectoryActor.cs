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

            if (TryFind(rendezvous, request) is not { } entries) Sender.Tell(new HandshakeProtocol.Sessions([], SmcReason.RegistryUnavailable));
            else if (entries.Count == 0) Sender.Tell(new HandshakeProtocol.Sessions([], SmcReason.PeerNoSmc));
            else loopbackIsm.Forward(new HandshakeProtocol.OpenSessions(entries));
        });
    }

    private static IReadOnlyList<RegistryEntry>? TryFind(HostRendezvous rendezvous, HandshakeProtocol.FindPeers request)
    {
        try
        {
            return rendezvous.Find(request.EndPoint);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;   // the folder is gone, or there is no descriptor left to read it
        }
    }
}
