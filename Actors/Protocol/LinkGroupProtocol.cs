using System.Net;
using System.Net.Sockets;
using Akka.Actor;
using Akka.Event;
using Smc.Transport;
using Smc.Transport.Interop.Linux;
using Smc.Transport.Paths.Smcd.Rendezvous;
using Smc.Transport.Wire.Rendezvous;

namespace Smc.Actors.Protocol;

/// <summary>What link groups hear: frames of their control sockets, and handshakes that want a connection of them.</summary>
public static class LinkGroupProtocol
{
    /// <summary>A message about one control socket.</summary>
    public interface ISessionMessage : INoSerializationVerificationNeeded, IDeadLetterSuppression
    {
        /// <summary>The control socket.</summary>
        PeerSession Session { get; }
    }

    /// <summary>A message about one link group of a control socket.</summary>
    public interface IGroupMessage : ISessionMessage
    {
        /// <summary>The id that the group's server has given it.</summary>
        uint Group { get; }
    }

    /// <summary>Where the stream of a completed handshake goes.</summary>
    public interface IStreamReceiver
    {
        /// <summary>Takes the stream, or disposes it if nobody wants it any more.</summary>
        void Deliver(SmcStream stream);

        /// <summary>There will be none.</summary>
        void Fail(SocketError reason);
    }

    /// <summary>The peer offers a slab or, to begin a group, a control region.</summary>
    public sealed record SlabOffered(PeerSession Session, OfferSlab Offer, FileDescriptor? Descriptor) : IGroupMessage
    {
        /// <inheritdoc />
        public uint Group => Offer.Group;
    }

    /// <summary>The peer has mapped a slab.</summary>
    public sealed record SlabMapped(PeerSession Session, uint Group, uint Slab) : IGroupMessage;

    /// <summary>The peer has not mapped a slab.</summary>
    public sealed record SlabRefused(PeerSession Session, uint Group, uint Slab, SmcReason Reason) : IGroupMessage;

    /// <summary>The peer has registered a DMB for a connection.</summary>
    public sealed record DmbRegistered(PeerSession Session, Register Registration) : IGroupMessage
    {
        /// <inheritdoc />
        public uint Group => Registration.Group;
    }

    /// <summary>The peer will not touch a DMB of this process again.</summary>
    public sealed record DmbDetached(PeerSession Session, uint Group, ulong Token) : IGroupMessage;

    /// <summary>The peer ends a group.</summary>
    public sealed record GroupDeleted(PeerSession Session, uint Group, SmcReason Reason) : IGroupMessage;

    /// <summary>The peer has declined because a group of this end's is unknown to it, or out of step: it takes no more connections, and ends with its last.</summary>
    public sealed record GroupOutOfSync(PeerSession Session, uint Group) : IGroupMessage;

    /// <summary>The control socket hung up: all its groups end.</summary>
    public sealed record SessionLost(PeerSession Session) : ISessionMessage;

    /// <summary>A handshake of the server wants a DMB, in the group that has room or in a new one. Answered by <see cref="Prepared"/> or
    /// <see cref="Unavailable"/>.</summary>
    public sealed record PrepareServer(PeerSession Session, ulong Nonce) : ISessionMessage;

    /// <summary>A handshake of the client wants a DMB in the group that the Accept names. Answered as <see cref="PrepareServer"/>.</summary>
    public sealed record PrepareClient(PeerSession Session, uint Group, ulong Nonce, ulong ServerToken, byte ServerSizeCode) : IGroupMessage;

    /// <summary>The DMB is registered with the peer, which (for a client) has mapped its slab.</summary>
    public sealed record Prepared(uint Group, ulong Token, byte SizeCode, bool IsFirstContact) : INoSerializationVerificationNeeded;

    /// <summary>No DMB: the handshake declines with this reason.</summary>
    public sealed record Unavailable(SmcReason Reason) : INoSerializationVerificationNeeded;

    /// <summary>Confirm has been sent or received: the connection begins. A failure resets it.</summary>
    /// <param name="Session">The control socket.</param>
    /// <param name="Group">The group.</param>
    /// <param name="Nonce">Names the handshake.</param>
    /// <param name="PeerToken">Of the peer's DMB.</param>
    /// <param name="PeerSizeCode">Its size.</param>
    /// <param name="Connection">The TCP connection. The peer may have closed it already, and what it wrote before is in shared memory.</param>
    /// <param name="Local">This end of it.</param>
    /// <param name="Remote">The other.</param>
    /// <param name="Receiver">Where the stream goes.</param>
    public sealed record Establish(
        PeerSession Session,
        uint Group,
        ulong Nonce,
        ulong PeerToken,
        byte PeerSizeCode,
        SocketWatch Connection,
        IPEndPoint Local,
        IPEndPoint Remote,
        IStreamReceiver Receiver)
        : IGroupMessage;

    /// <summary>The handshake has failed after it may have begun to use a group.</summary>
    public sealed record Abandon(PeerSession Session, ulong Nonce) : ISessionMessage;

    /// <summary>A group tells its parent how many of the handshakes that it was sent, and of their connections, have ended, and whether it takes
    /// more. The parent counts: a number of those that are left would not know of a handshake that is on its way. Where the parent ends with all of
    /// its groups nobody is left to count.</summary>
    public sealed record Occupancy(PeerSession Session, uint Group, int Ended, bool TakesMore) : INoSerializationVerificationNeeded, IDeadLetterSuppression;

    /// <summary>A group tells its parent that it has been without connections for its delay. Answered by <see cref="EndGroup"/>, unless a
    /// handshake is on its way to it.</summary>
    public sealed record GroupIdle(PeerSession Session, uint Group) : INoSerializationVerificationNeeded;

    /// <summary>To a group: it takes no more connections, and asks to end when it has none. Its parent sends it none that it has not sent already.</summary>
    public sealed record Drain : INoSerializationVerificationNeeded
    {
        /// <summary>The one instance.</summary>
        public static readonly Drain Instance = new();
    }

    /// <summary>A group tells its parent that it has begun. Nothing is sent to it before.</summary>
    public sealed record GroupBegun : INoSerializationVerificationNeeded
    {
        /// <summary>The one instance.</summary>
        public static readonly GroupBegun Instance = new();
    }

    /// <summary>A group tells its parent that it cannot go on. Answered by <see cref="EndGroup"/>, behind all that is on its way to it.</summary>
    public sealed record GroupFailed(PeerSession Session, uint Group) : INoSerializationVerificationNeeded;

    /// <summary>Nothing is on its way to the group: it ends.</summary>
    public sealed record EndGroup : INoSerializationVerificationNeeded
    {
        /// <summary>The one instance.</summary>
        public static readonly EndGroup Instance = new();
    }
}
