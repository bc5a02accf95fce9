using Akka.Actor;
using Smc.Actors.Buffers;
using Smc.Transport.Memory;

namespace Smc.Actors.LinkGroups;

/// <summary>
/// The connections of a link group, by the names of their handshakes: each has a slot of the control region and a DMB, or waits for the pool to grow,
/// and keeps both until neither end touches them any more. What there is of them is shown in the group's counters.
/// </summary>
/// <param name="buffers">Where a DMB goes back to.</param>
/// <param name="counters">What the group shows.</param>
internal sealed class GroupAttempts(GroupBuffers buffers, LinkGroupCounters counters)
{
    private readonly Dictionary<ulong, Attempt> _attempts = [];
    private readonly Queue<ulong> _waiting = [];
    private readonly SlotSet _slots = new();

    public int Count => _attempts.Count;

    /// <summary>A copy: whoever goes through them may end them.</summary>
    public Attempt[] All => [.. _attempts.Values];

    public Attempt? Find(ulong nonce) => _attempts.GetValueOrDefault(nonce);

    /// <summary>The one whose DMB the peer knows by this token.</summary>
    public Attempt? FindRegistered(ulong token) => _attempts.Values.FirstOrDefault(attempt => attempt.IsRegistered && attempt.Token == token);

    /// <summary>Those whose DMB is of this slab, and not known to the peer.</summary>
    public Attempt[] Unregistered(uint slab) => [.. _attempts.Values.Where(attempt => attempt.Dmb?.Slab.Id == slab && !attempt.IsRegistered)];

    /// <summary>Takes a slot, at the server.</summary>
    /// <returns><see cref="SlotSet.None"/> where all are taken.</returns>
    public int TakeSlot() => _slots.Take();

    /// <summary>Takes the slot that the server has given out, at the client.</summary>
    public bool TryTakeSlot(int slot) => _slots.TryTake(slot);

    /// <summary>Begins one in a slot that was taken for it.</summary>
    public Attempt Begin(ulong nonce, IActorRef replyTo, int slot)
    {
        var attempt = new Attempt(nonce, replyTo, slot);
        _attempts.Add(nonce, attempt);
        counters.Attempts++;
        return attempt;
    }

    /// <summary>It waits for the pool to grow.</summary>
    /// <returns>False where another does already, and growth has been asked for.</returns>
    public bool Await(Attempt attempt)
    {
        attempt.Await();
        _waiting.Enqueue(attempt.Nonce);
        return _waiting.Count == 1;
    }

    /// <summary>Takes out those that wait for growth; not those that have been abandoned meanwhile.</summary>
    public List<Attempt> TakeWaiting()
    {
        var waiting = new List<Attempt>(_waiting.Count);
        while (_waiting.TryDequeue(out ulong nonce))
        {
            if (Find(nonce) is { } attempt && attempt.TryEndWait()) waiting.Add(attempt);
        }

        return waiting;
    }

    /// <summary>It holds the peer's DMB from now on.</summary>
    public void AttachPeer(Attempt attempt, ulong token, DmbRange peer)
    {
        attempt.AttachPeer(token, SizeClass.ForSmcd(peer.Bytes));
        counters.PeerDmbs.Attach(attempt.PeerSize);
    }

    /// <summary>It does not any more: its own DMB is done with here, and the peer may still write to it.</summary>
    /// <param name="attempt">Which.</param>
    /// <param name="keepsSlot">True at the server, which gives the slot out again: not before the peer has detached, too.</param>
    public void DetachPeer(Attempt attempt, bool keepsSlot)
    {
        attempt.DetachPeer();
        counters.PeerDmbs.Detach(attempt.PeerSize);
        if (!keepsSlot) ReturnSlot(attempt);
        if (!attempt.IsPeerDetached) Quarantine(attempt);
    }

    /// <summary>Its handshake is complete.</summary>
    public void Establish(Attempt attempt, IActorRef connection)
    {
        attempt.Establish(connection);
        counters.Connections++;
    }

    /// <summary>Its connection has failed before it touched anything.</summary>
    public void TakeBack(Attempt attempt)
    {
        attempt.TakeBack();
        counters.Connections--;
    }

    /// <summary>This end has done with its DMB, and the peer may still write to it.</summary>
    public void Quarantine(Attempt attempt)
    {
        if (attempt.TryQuarantine()) counters.Quarantined++;
    }

    /// <summary>The peer will not write to its DMB any more.</summary>
    public void Release(Attempt attempt)
    {
        if (attempt.TryRelease()) counters.Quarantined--;
    }

    /// <summary>Neither end touches anything of it any more: its DMB and its slot are free.</summary>
    public void Remove(Attempt attempt)
    {
        _attempts.Remove(attempt.Nonce);
        counters.Attempts--;
        if (attempt.Connection is not null) counters.Connections--;
        Release(attempt);
        if (attempt.Dmb is { } dmb) buffers.Return(dmb, attempt.TouchedBytes, attempt.UsedBytes);
        ReturnSlot(attempt);
    }

    private void ReturnSlot(Attempt attempt)
    {
        if (attempt.TryLeaveSlot()) _slots.Return(attempt.Slot);
    }
}
