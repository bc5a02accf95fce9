using Akka.Actor;
using Smc.Actors.Protocol;
using Smc.Transport;
using Smc.Transport.Paths.Smcd.Rendezvous;

namespace Smc.Actors.Connections;

/// <summary>
/// Tells a handshake what its control socket says of it. That it was cancelled can also be asked at once, because a message that is still in
/// the mailbox would come too late for the judgement of the first bytes.
/// </summary>
internal sealed class AttemptObserver(IActorRef handshake) : IAttemptObserver
{
    private uint _ended;

    /// <summary>Why the peer does without SMC, or None.</summary>
    public SmcReason Ended => (SmcReason)Volatile.Read(ref _ended);

    public void Matched(PeerSession session) => handshake.Tell(new HandshakeProtocol.Matched(session), ActorRefs.NoSender);

    public void Canceled(SmcReason reason)
    {
        Volatile.Write(ref _ended, (uint)SmcReason.PeerCancelled);
        handshake.Tell(new HandshakeProtocol.Canceled(reason), ActorRefs.NoSender);
    }

    public void Lost(PeerSession session)
    {
        Volatile.Write(ref _ended, (uint)SmcReason.ControlSocketLost);
        handshake.Tell(new HandshakeProtocol.Lost(session), ActorRefs.NoSender);
    }
}
