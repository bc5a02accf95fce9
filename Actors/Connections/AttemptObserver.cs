using Akka.Actor;
using Smc.Actors.Protocol;
using Smc.Transport;
using Smc.Transport.Paths.Smcd.Rendezvous;

namespace Smc.Actors.Connections;

/// <summary>
/// Tells a handshake what its control socket says of it. That it was cancelled can also be asked at once, because a message that is still in
/// the mailbox would come too late for the judgement of the first bytes.
/// </summary>
internal sealed class AttemptObserver : IAttemptObserver
{
    private IActorRef _handshake = ActorRefs.Nobody;
    private uint _ended;
    private uint _peerReason;

    /// <summary>An observer whose handshake is still to begin. What happens until then is told to it in <see cref="TellTo"/>.</summary>
    public AttemptObserver()
    {
    }

    /// <summary>An observer of a handshake.</summary>
    public AttemptObserver(IActorRef handshake) => _handshake = handshake;

    /// <summary>Why the peer does without SMC, or None.</summary>
    public SmcReason Ended => (SmcReason)Volatile.Read(ref _ended);

    /// <summary>What the peer gave as its reason, or None.</summary>
    public SmcReason PeerReason => (SmcReason)Volatile.Read(ref _peerReason);

    /// <summary>The handshake begins.</summary>
    public void TellTo(IActorRef handshake)
    {
        Interlocked.Exchange(ref _handshake, handshake);   // SYNC attempt: handshake before _ended; pairs with the exchange in End
        if (Ended != SmcReason.None) handshake.Tell(new HandshakeProtocol.Canceled(Ended), ActorRefs.NoSender);
    }

    public void Matched(PeerSession session) => Volatile.Read(ref _handshake).Tell(new HandshakeProtocol.Matched(session), ActorRefs.NoSender);

    public void Canceled(SmcReason reason)
    {
        Volatile.Write(ref _peerReason, (uint)reason);   // SYNC attempt: before _ended, by the one reactor
        End(SmcReason.PeerCancelled, new HandshakeProtocol.Canceled(reason));
    }

    public void Lost(PeerSession session) => End(SmcReason.ControlSocketLost, new HandshakeProtocol.Lost(session));

    private void End(SmcReason reason, object message)
    {
        Interlocked.CompareExchange(ref _ended, (uint)reason, 0);   // SYNC attempt: _ended before handshake; the first cause stays
        Volatile.Read(ref _handshake).Tell(message, ActorRefs.NoSender);
    }
}
