using System.Security.Cryptography;
using Akka.Actor;
using Smc.Transport.Memory;

namespace Smc.Actors.LinkGroups;

/// <summary>One connection of a group, from its handshake's request for a DMB until that DMB may be used again.</summary>
internal sealed class Attempt(ulong nonce, IActorRef replyTo, int slot)
{
    private bool _holdsSlot = true;
    private bool _isWaiting;
    private bool _isAbandoned;
    private bool _isQuarantined;

    /// <summary>Names the handshake.</summary>
    public ulong Nonce { get; } = nonce;

    /// <summary>The handshake.</summary>
    public IActorRef ReplyTo { get; } = replyTo;

    /// <summary>The connection's slot in the control region.</summary>
    public int Slot { get; } = slot;

    /// <summary>This end's DMB, once it has one.</summary>
    public Dmb? Dmb { get; private set; }

    /// <summary>Its token.</summary>
    public ulong Token { get; private set; }

    /// <summary>The token of the peer's DMB, once attached.</summary>
    public ulong PeerToken { get; private set; }

    /// <summary>The size of the peer's DMB, once attached.</summary>
    public SizeClass PeerSize { get; private set; }

    /// <summary>The connection, once established.</summary>
    public IActorRef? Connection { get; private set; }

    /// <summary>The peer's DMB is attached.</summary>
    public bool HoldsPeer { get; private set; }

    /// <summary>The peer knows the token, and so may write.</summary>
    public bool IsRegistered { get; private set; }

    /// <summary>The peer will not write any more.</summary>
    public bool IsPeerDetached { get; private set; }

    /// <summary>The connection has ended in order, at both ends.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>Bytes of the DMB's data area to be zeroed: all once the peer may write, until an ended connection knows better.</summary>
    public uint TouchedBytes { get; private set; }

    /// <summary>Those of them that the peer says it has written.</summary>
    public uint UsedBytes { get; private set; }

    /// <summary>The handshake has failed, and the peer does not write: it has never been told the token, or has detached.</summary>
    public bool MayBeForgotten => _isAbandoned && (!IsRegistered || IsPeerDetached);

    /// <summary>It waits for its pool to grow.</summary>
    public void Await() => _isWaiting = true;

    /// <summary>The pool has answered.</summary>
    /// <returns>False where it does not wait for it.</returns>
    public bool TryEndWait() => Change(ref _isWaiting, to: false);

    /// <summary>It has a DMB, and a token that nobody can guess.</summary>
    public void Take(Dmb dmb)
    {
        Span<byte> random = stackalloc byte[sizeof(ulong)];
        RandomNumberGenerator.Fill(random);
        (Dmb, Token) = (dmb, BitConverter.ToUInt64(random));
    }

    /// <summary>The peer is told the token, and may write from now on, whether there ever is a connection or not.</summary>
    public void Register() => (IsRegistered, TouchedBytes) = (true, (uint)Dmb!.Range.Bytes);

    /// <summary>It holds the peer's DMB.</summary>
    public void AttachPeer(ulong token, SizeClass size) => (PeerToken, PeerSize, HoldsPeer) = (token, size, true);

    /// <summary>It does not any more.</summary>
    public void DetachPeer() => HoldsPeer = false;

    /// <summary>There is a connection.</summary>
    public void Establish(IActorRef connection) => Connection = connection;

    /// <summary>There is none after all.</summary>
    public void TakeBack() => Connection = null;

    /// <summary>The peer will not write any more.</summary>
    public void PeerDetached() => IsPeerDetached = true;

    /// <summary>The handshake has failed.</summary>
    public void Abandon() => _isAbandoned = true;

    /// <summary>The connection has ended in order, at both ends.</summary>
    /// <param name="touchedBytes">To be zeroed.</param>
    /// <param name="usedBytes">That the peer says it has written.</param>
    public void End(uint touchedBytes, uint usedBytes) => (HasEnded, TouchedBytes, UsedBytes) = (true, touchedBytes, usedBytes);

    /// <summary>It counts as a DMB that waits for the peer.</summary>
    /// <returns>False where it did already.</returns>
    public bool TryQuarantine() => Change(ref _isQuarantined, to: true);

    /// <summary>It does not any more.</summary>
    /// <returns>False where it did not.</returns>
    public bool TryRelease() => Change(ref _isQuarantined, to: false);

    /// <summary>The slot is not its own any more.</summary>
    /// <returns>False where it was not.</returns>
    public bool TryLeaveSlot() => Change(ref _holdsSlot, to: false);

    private static bool Change(ref bool flag, bool to)
    {
        bool changes = flag != to;
        flag = to;
        return changes;
    }
}
