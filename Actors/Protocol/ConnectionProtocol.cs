using Akka.Actor;
using Akka.Event;
using Smc.Transport.Rings;

namespace Smc.Actors.Protocol;

/// <summary>What a connection on shared memory hears from its data path and its group.</summary>
public static class ConnectionProtocol
{
    /// <summary>An event of a connection. One that comes when the connection has ended is no news.</summary>
    public interface IEvent : INoSerializationVerificationNeeded, IDeadLetterSuppression;

    /// <summary>The user has closed the connection and nobody is inside it.</summary>
    public sealed record PathClosed : IEvent
    {
        /// <summary>The one instance.</summary>
        public static readonly PathClosed Instance = new();
    }

    /// <summary>The peer has ended and nobody here will touch its DMB again.</summary>
    public sealed record PathDetached : IEvent
    {
        /// <summary>The one instance.</summary>
        public static readonly PathDetached Instance = new();
    }

    /// <summary>The peer broke a rule of the ring.</summary>
    public sealed record PathViolated(RingViolation Violation) : IEvent;

    /// <summary>The user's continuation, run inline, holds up a wake thread.</summary>
    public sealed record PathBlocking : IEvent
    {
        /// <summary>The one instance.</summary>
        public static readonly PathBlocking Instance = new();
    }

    /// <summary>The peer will not touch this end's DMB again.</summary>
    public sealed record PeerDetached : IEvent
    {
        /// <summary>The one instance.</summary>
        public static readonly PeerDetached Instance = new();
    }

    /// <summary>The control socket hung up: the peer's process is gone.</summary>
    public sealed record PeerLost : IEvent
    {
        /// <summary>The one instance.</summary>
        public static readonly PeerLost Instance = new();
    }

    /// <summary>The TCP connection ended first.</summary>
    public sealed record TcpEnded : IEvent
    {
        /// <summary>The one instance.</summary>
        public static readonly TcpEnded Instance = new();
    }

    /// <summary>To the group: nobody here touches the peer's DMB any more.</summary>
    public sealed record DetachPeer(ulong Nonce) : INoSerializationVerificationNeeded, IDeadLetterSuppression;

    /// <summary>To the group: both ends have done with the connection; its DMB may be cleared and used again.</summary>
    /// <param name="Nonce">Of its handshake.</param>
    /// <param name="TouchedBytes">To be cleared.</param>
    /// <param name="UsedBytes">That the peer says it has written.</param>
    public sealed record ConnectionEnded(ulong Nonce, uint TouchedBytes, uint UsedBytes) : INoSerializationVerificationNeeded, IDeadLetterSuppression;
}
