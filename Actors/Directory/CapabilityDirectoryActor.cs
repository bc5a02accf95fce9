using System.Net;
using Akka.Actor;
using Smc.Actors.Devices;
using Smc.Actors.Protocol;
using Smc.Actors.Settings;
using Smc.Transport;
using Smc.Transport.Paths.Smcd.Rendezvous;

namespace Smc.Actors.Directory;

/// <summary>Knows which endpoints speak SMC: on this host by the registry of the rendezvous folder, beyond it by configuration and by what
/// servers answered.</summary>
internal sealed class CapabilityDirectoryActor : ReceiveActor
{
    private readonly LoopbackDevice _device;
    private readonly PeerPolicy _policy;
    private readonly PlainServers _plain;
    private readonly TimeProvider _time;

    /// <param name="device">Whose registry is asked.</param>
    /// <param name="loopbackIsm">Opens control sockets to the processes found.</param>
    /// <param name="policy">To whom a Proposal may be sent without an announcement.</param>
    /// <param name="settings">How long a server is remembered that does not speak SMC.</param>
    /// <param name="time">Whose timestamps measure that.</param>
    public CapabilityDirectoryActor(LoopbackDevice device, IActorRef loopbackIsm, PeerPolicy policy, DirectorySettings settings, TimeProvider time)
    {
        _device = device;
        _policy = policy;
        _plain = new PlainServers(settings.PlainHold);
        _time = time;
        Receive<HandshakeProtocol.NoSmcAt>(server => _plain.Add(server.EndPoint, Now));
        Receive<HandshakeProtocol.FindPeers>(request =>
        {
            if (_device.Rendezvous is not { } rendezvous) Sender.Tell(new HandshakeProtocol.Sessions([], _device.Down));
            else if (TryFind(rendezvous, request.EndPoint) is not { } entries) TellNone(request.EndPoint, SmcReason.RegistryUnavailable);
            else if (entries.Count == 0) TellNone(request.EndPoint, SmcReason.PeerNoSmc);
            else loopbackIsm.Forward(new HandshakeProtocol.OpenSessions(entries));
        });
    }

    private TimeSpan Now => _time.GetElapsedTime(0);

    /// <summary>Whoever asked what this actor has failed at is answered: nobody knows who listens there.</summary>
    protected override void PreRestart(Exception reason, object message)
    {
        if (message is HandshakeProtocol.FindPeers) Sender.Tell(new HandshakeProtocol.Sessions([], SmcReason.RegistryUnavailable));
        base.PreRestart(reason, message);
    }

    private void TellNone(IPEndPoint endPoint, SmcReason reason)
    {
        bool mayPropose = _policy.Proposes(endPoint) && !_plain.Contains(endPoint, Now);
        Sender.Tell(new HandshakeProtocol.Sessions([], reason, mayPropose));
    }

    private static IReadOnlyList<RegistryEntry>? TryFind(HostRendezvous rendezvous, IPEndPoint endPoint)
    {
        try
        {
            return rendezvous.Find(endPoint);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;   // the folder is gone, or there is no descriptor left to read it
        }
    }
}
