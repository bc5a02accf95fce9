using System.Security.Cryptography;
using Akka.Actor;
using Smc.Transport.Memory;

namespace Smc.Actors.LinkGroups;

/// <summary>One connection of a group, from its handshake's request for a DMB until that DMB may be used again.</summary>
internal sealed class Attempt(ulong nonce, IActorRef replyTo, int slot)
{
    /// <summary>Names the handshake.</summary>
    public ulong Nonce { get; } = nonce;

    /// <summary>The handshake.</summary>
    public IActorRef ReplyTo { get; } = replyTo;

    /// <summary>The connection's slot in the control region.</summary>
    public int Slot { get; } = slot;

    /// <summary>It waits for its pool to grow.</summary>
    public bool IsWaiting { get; set; }

    /// <summary>This end's DMB, once it has one.</summary>
    public Dmb? Dmb { get; private set; }

    /// <summary>Its token.</summary>
    public ulong Token { get; private set; }

    /// <summary>The token of the peer's DMB, once attached.</summary>
    public ulong PeerToken { get; set; }

    /// <summary>The size of the peer's DMB, once attached.</summary>
    public SizeClass PeerSize { get; set; }

    /// <summary>The connection, once established.</summary>
    public IActorRef? Connection { get; set; }

    /// <summary>The slot is this connection's.</summary>
    public bool HoldsSlot { get; set; } = true;

    /// <summary>The peer's DMB is attached.</summary>
    public bool HoldsPeer { get; set; }

    /// <summary>The peer knows the token, and so may write.</summary>
    public bool IsRegistered { get; private set; }

    /// <summary>The peer will not write any more.</summary>
    public bool IsPeerDetached { get; set; }

    /// <summary>The handshake has failed.</summary>
    public bool IsAbandoned { get; set; }

    /// <summary>It counts as a DMB that waits for the peer.</summary>
    public bool IsQuarantined { get; set; }

    /// <summary>The connection has ended in order, at both ends.</summary>
    public bool HasEnded { get; set; }

    /// <summary>Bytes of the DMB's data area to be zeroed: all once the peer may write, until an ended connection knows better.</summary>
    public uint TouchedBytes { get; set; }

    /// <summary>Those of them that the peer says it has written.</summary>
    public uint UsedBytes { get; set; }

    /// <summary>It has a DMB, and a token that nobody can guess.</summary>
    public void Take(Dmb dmb)
    {
        Span<byte> random = stackalloc byte[sizeof(ulong)];
        RandomNumberGenerator.Fill(random);
        (Dmb, Token) = (dmb, BitConverter.ToUInt64(random));
    }

    /// <summary>The peer is told the token, and may write from now on, whether there ever is a connection or not.</summary>
    public void Register() => (IsRegistered, TouchedBytes) = (true, (uint)Dmb!.Range.Bytes);
}
