using Smc.Actors.Devices;
using Smc.Transport;
using Smc.Transport.Memory;
using Smc.Transport.Paths.Smcd;
using Smc.Transport.Paths.Smcd.Rendezvous;
using Smc.Transport.Wire.Rendezvous;
using static Smc.Actors.Protocol.LinkGroupProtocol;

namespace Smc.Actors.LinkGroups;

/// <summary>The DMBs that the peer of a link group has registered for handshakes to come. Each counts once, and for the handshake that it was registered
/// for; what an Accept or a Confirm says of them is checked here.</summary>
internal sealed class PeerRegistrations(PeerSession session, uint group, PeerSlabs slabs, BrokenRules rules)
{
    /// <summary>Those of a full group, and as many again that are being given up.</summary>
    private static readonly int Most = 2 * LinkGroupMemory.MaxConnections;

    private readonly Dictionary<ulong, Register> _registrations = [];

    /// <returns>False where there are more than any runtime has.</returns>
    public bool TryAdd(Register registration)
    {
        _registrations[registration.Token] = registration;
        return _registrations.Count <= Most;
    }

    /// <summary>Takes the slot of the DMB that an Accept names. The DMB stays registered until its connection begins.</summary>
    /// <returns>None, or why the handshake falls back: before Confirm it can, after it there is a reset.</returns>
    public SmcReason TryTakeSlot(PrepareClient accepted, GroupAttempts attempts, out int slot)
    {
        slot = SlotSet.None;
        if (!TryFind(accepted.Nonce, accepted.ServerToken, out Register registration)) return SmcReason.SyncError;
        if (slabs.IsRefused(registration.Slab, out SmcReason refusal)) return refusal;
        if (slabs.TryAttach(registration, accepted.ServerSizeCode, out _) && attempts.TryTakeSlot(registration.Slot))
        {
            slot = registration.Slot;
            return SmcReason.None;
        }

        rules.CountWrongDmb(session);
        return SmcReason.SyncError;
    }

    /// <summary>Takes the DMB that a complete handshake names.</summary>
    /// <param name="establish">The handshake.</param>
    /// <param name="slot">Its slot.</param>
    /// <param name="peer">The DMB.</param>
    /// <returns>False where it cannot have it.</returns>
    public bool TryTake(Establish establish, int slot, out DmbRange peer)
    {
        peer = default;
        if (!TryFind(establish.Nonce, establish.PeerToken, out Register registration)) return false;   // another handshake's stays that one's
        _registrations.Remove(establish.PeerToken);
        if (registration.Slot == slot && slabs.TryAttach(registration, establish.PeerSizeCode, out peer)) return true;
        rules.CountWrongDmb(session);
        session.Send(new Detach(group, establish.PeerToken));
        return false;
    }

    /// <summary>A handshake has failed: the peer has back what it has registered for it.</summary>
    public void Detach(ulong nonce)
    {
        foreach (ulong token in _registrations.Values.Where(r => r.Nonce == nonce).Select(r => r.Token).ToArray())
        {
            _registrations.Remove(token);
            session.Send(new Detach(group, token));
        }
    }

    private bool TryFind(ulong nonce, ulong token, out Register registration)
    {
        if (_registrations.TryGetValue(token, out registration) && registration.Nonce == nonce) return true;
        rules.CountWrongToken(session);
        return false;
    }
}
