using Akka.Actor;
using Akka.Event;
using Smc.Actors.Buffers;
using Smc.Actors.Devices;
using Smc.Actors.Inspection;
using Smc.Actors.Protocol;
using Smc.Transport;
using Smc.Transport.Memory;
using Smc.Transport.Paths.Smcd;
using Smc.Transport.Paths.Smcd.Rendezvous;
using Smc.Transport.Wire.Rendezvous;
using static Smc.Actors.Protocol.LinkGroupProtocol;

namespace Smc.Actors.LinkGroups;

/// <summary>
/// One link group: the connections of one control socket in one role, its DMBs and what the peer has registered. It holds
/// <see cref="LinkGroupMemory.MaxConnections"/> connections and ends, at its server's word, when it has been without any for its idle delay.
/// <code>
/// state     PrepareServer/Client  Establish      last connection gone    idle timer      EndGroup        GroupDeleted, SessionLost
/// Active    a DMB                 a connection   idle timer starts       asks to end     DELETE, stop    Ending
/// Draining  a DMB                 a connection   asks to end             -               DELETE, stop    Ending
/// Closed    a DMB                 a connection   asks to end             asks to end     DELETE, stop    Ending
/// Ending    Unavailable           reset          stop                    -               -               -
/// Failed    Unavailable           reset          -                       -               DELETE, stop    DELETE, stop
/// </code>
/// It is Draining after Drain or GroupOutOfSync, and Closed once a slab was refused: both are Active with a parent that has been told to send no
/// more. A group that crashed, whose buffer pool is gone, or one of whose connections ended out of order, has failed. It does not stop before its
/// parent, who sends it nothing more, has answered: nothing that is in its mailbox remains unanswered.
/// The mappings outlive this actor until the last connection is closed by its user. It is long because all its states share these attempts; what it
/// keeps of them, of slabs and of registrations stands beside it.
/// </summary>
internal sealed class LinkGroupActor : UntypedActor, IWithTimers
{
    private const string IdleTimer = "idle";

    private readonly LinkGroupParts _parts;
    private readonly PeerSession _session;
    private readonly BrokenRules _rules;
    private readonly uint _group;
    private readonly GroupBuffers _buffers;
    private readonly LinkGroupCounters _counters;
    private readonly BufferPoolFactory _poolFactory;
    private readonly ConnectionFactory _connectionFactory;
    private readonly GroupAttempts _attempts;
    private readonly PeerSlabs _peerSlabs;
    private readonly PeerRegistrations _registrations;
    private readonly OwnSlabs _ownSlabs;
    private readonly UnbegunChildren _unbegun = new(begun: Directive.Restart);
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private IActorRef _pool = ActorRefs.Nobody;
    private bool _takesMore = true;
    private bool _hasBegun;

    /// <summary>What the peer is told where this end stops first; null where the peer knows.</summary>
    private SmcReason? _farewell = SmcReason.InternalError;

    public LinkGroupActor(
        LinkGroupParts parts,
        BufferPoolFactory poolFactory,
        ConnectionFactory connectionFactory)
    {
        _parts = parts;
        _session = parts.Session;
        _rules = parts.Rules;
        _group = parts.Group;
        _buffers = parts.Buffers;
        _counters = parts.Counters;
        _attempts = new GroupAttempts(_buffers, _counters);
        _peerSlabs = new PeerSlabs(_session, _group, parts.Memory, _counters, _rules);
        _registrations = new PeerRegistrations(_session, _group, _peerSlabs, _rules);
        _ownSlabs = new OwnSlabs(_session, _group, _buffers, _peerSlabs);
        _poolFactory = poolFactory;
        _connectionFactory = connectionFactory;
    }

    /// <inheritdoc />
    public ITimerScheduler Timers { get; set; } = null!;

    private bool IsServer => _parts.Memory.Side == GroupSide.Server;

    /// <inheritdoc />
    protected override SupervisorStrategy SupervisorStrategy() => _unbegun.Strategy;

    /// <inheritdoc />
    protected override void PreStart()
    {
        _pool = _poolFactory(Context, _buffers, _parts.Memory);
        Context.WatchWith(_pool, PoolGone.Instance);
        if (_parts.Offer is { } offer) _ownSlabs.OfferControlRegion(offer);
        _parts.Groups.Add(_counters);
        Context.Parent.Tell(GroupBegun.Instance);
    }

    /// <summary>Ends what the crashed instance knew of, and answers what it crashed at. The memory is released, and the peer told, when its
    /// successor stops.</summary>
    protected override void PreRestart(Exception reason, object message)
    {
        if (!IsEstablished(message)) Answer(message);
        foreach (Attempt attempt in _attempts.All)
        {
            if (attempt.Connection is null) attempt.ReplyTo.Tell(new Unavailable(SmcReason.InternalError));
        }

        foreach (IActorRef child in Context.GetChildren())
        {
            Context.Unwatch(child);
            Context.Stop(child);
        }

        _buffers.Close();
    }

    /// <summary>The successor of a crashed instance only answers, and ends.</summary>
    protected override void PostRestart(Exception reason)
    {
        _counters.ShowFailed();
        Context.Parent.Tell(new GroupFailed(_session, _group));
        Become(Failed);
    }

    /// <inheritdoc />
    protected override void PostStop()
    {
        if (_farewell is { } reason) _session.Send(new DeleteGroup(_group, reason));
        _parts.Groups.Remove(_counters);
        _buffers.Close();
        _parts.Memory.Release();
    }

    /// <inheritdoc />
    protected override void OnReceive(object message) => Active(message);

    private void Active(object message)
    {
        switch (message)
        {
            case PrepareServer prepare: Prepare(prepare.Nonce); break;
            case PrepareClient prepare: Prepare(prepare.Nonce, prepare); break;
            case BufferProtocol.Grown grown: OnGrown(grown); break;
            case BufferProtocol.NoBuffer none: OnNoBuffer(none); break;
            case Establish establish: OnEstablish(establish); break;
            case IdleDelayOver: AskToEnd(); break;
            case EndGroup: EndIdle(); break;
            case Drain or GroupOutOfSync: OnDrain(); break;
            case GroupDeleted or SessionLost: End(); break;
            default: Always(message); break;
        }
    }

    private void Ending(object message)
    {
        switch (message)
        {
            case PrepareServer or PrepareClient: Sender.Tell(new Unavailable(SmcReason.ControlSocketLost)); break;
            case Establish establish: Reset(establish); break;
            case BufferProtocol.Grown: _buffers.TakePending()?.Dispose(); break;
            case BufferProtocol.NoBuffer or IdleDelayOver or EndGroup or Drain or GroupOutOfSync or GroupDeleted or SessionLost: break;
            default: Always(message); break;
        }

        if (_attempts.Count == 0) Context.Stop(Self);
    }

    private void Failed(object message)
    {
        switch (message)
        {
            case EndGroup or GroupDeleted or SessionLost: Context.Stop(Self); break;   // whichever was the parent's last word
            default: Answer(message); break;
        }
    }

    /// <summary>Nothing begins any more: whoever waits for an answer gets it, and what a message carries is closed. The peer hears of it by DeleteGroup
    /// alone: what the group has crashed at may have been answered, and no answer comes twice.</summary>
    private void Answer(object message)
    {
        switch (message)
        {
            case Establish establish: Reset(establish); break;
            case BufferProtocol.Grown: _buffers.TakePending()?.Dispose(); break;
            default: LinkGroupAnswers.Answer(message, Sender); break;
        }
    }

    /// <summary>The connection has what the message carries: it ends by itself.</summary>
    private bool IsEstablished(object message) =>
        message is Establish establish && _attempts.Find(establish.Nonce) is { Connection: not null };

    private void Always(object message)
    {
        switch (message)
        {
            case SlabOffered offered: CloseUnless(_peerSlabs.TryTake(offered), PeerExcess.TooManySlabs); break;
            case SlabMapped mapped: CloseUnless(TryMap(mapped.Slab), PeerExcess.TooManyAnswers); break;
            case SlabRefused refused: CloseUnless(TryRetire(refused), PeerExcess.TooManyAnswers); break;
            case DmbRegistered registered: CloseUnless(_registrations.TryAdd(registered.Registration), PeerExcess.TooManyRegistrations); break;
            case DmbDetached detached: OnDetached(detached.Token); break;
            case Abandon abandon: OnAbandon(abandon.Nonce); break;
            case ConnectionProtocol.DetachPeer detach: DetachPeer(detach.Nonce); break;
            case ConnectionProtocol.ConnectionEnded ended: OnEnded(ended); break;
            case ConnectionStopped stopped when _unbegun.Remove(stopped.Connection): OnUnbegun(stopped.Establish); break;
            case ConnectionStopped stopped: OnStopped(stopped.Establish.Nonce); break;
            case PoolGone: Fail(); break;
            default: Unhandled(message); break;
        }
    }

    private void Prepare(ulong nonce, PrepareClient? accepted = null)
    {
        int slot = SlotSet.None;
        SmcReason reason = SmcReason.SyncError;
        if (_attempts.Find(nonce) is not null)
        {
            // Two handshakes of one name: the second has no place.
        }
        else if (IsServer)
        {
            slot = _attempts.TakeSlot();
        }
        else
        {
            reason = _registrations.TryTakeSlot(accepted!, _attempts, out slot);
        }

        if (slot == SlotSet.None)
        {
            Sender.Tell(new Unavailable(reason));
            TellOccupancy(ended: 1);
            return;
        }

        Timers.Cancel(IdleTimer);
        TakeDmb(_attempts.Begin(nonce, Sender, slot), _buffers.Wanted);
    }

    /// <summary>A DMB without a message where one is idle; else the pool is asked for more.</summary>
    /// <param name="attempt">The handshake.</param>
    /// <param name="smallest">What it has to do with.</param>
    private void TakeDmb(Attempt attempt, SizeClass smallest)
    {
        if (!_buffers.TryTake(smallest, out Dmb? dmb, out bool isAtLimit))
        {
            if (isAtLimit) Refuse(attempt, SmcReason.MaxDmb);
            else if (_attempts.Await(attempt)) _pool.Tell(new BufferProtocol.Grow());
            return;
        }

        attempt.Take(dmb);

        // Fallback ends at Confirm: a client must know before it that its slab is mapped. A server hears of a refusal by Decline.
        if (IsServer || _ownSlabs.IsMapped(dmb.Slab)) Announce(attempt);
    }

    private void OnGrown(BufferProtocol.Grown grown)
    {
        if (grown.Slab is { } slab) _ownSlabs.Offer(slab);
        foreach (Attempt attempt in _attempts.TakeWaiting()) TakeDmb(attempt, grown.Size);
    }

    private void OnNoBuffer(BufferProtocol.NoBuffer none)
    {
        foreach (Attempt attempt in _attempts.TakeWaiting()) Refuse(attempt, none.Reason);
    }

    private void Announce(Attempt attempt)
    {
        DmbSlab slab = attempt.Dmb!.Slab;
        _session.Send(new Register(attempt.Nonce, attempt.Token, _group, slab.Id, attempt.Dmb.Index, (ushort)attempt.Slot));
        attempt.Register();
        var prepared = new Prepared(_group, attempt.Token, slab.SizeClass.Code, !_hasBegun);
        _hasBegun = true;
        (IActorRef handshake, IActorRef self) = (attempt.ReplyTo, Self);
        _session.WhenSent(() => handshake.Tell(prepared, self));   // its Accept or Confirm is not to come before the registration
    }

    /// <returns>False where nobody has asked.</returns>
    private bool TryMap(uint slab)
    {
        if (!_ownSlabs.TryMap(slab)) return false;
        foreach (Attempt attempt in _attempts.Unregistered(slab)) Announce(attempt);
        return true;
    }

    /// <returns>As <see cref="TryMap"/>.</returns>
    private bool TryRetire(SlabRefused refused)
    {
        if (!_ownSlabs.TryRetire(refused.Slab)) return false;
        if (_parts.Groups.IsFirstRefusal(refused.Reason))
            _log.Warning("The peer refused a slab of group {0:x8}: {1}. More of this are counted only, as fallbacks.", _group, refused.Reason);
        if (_takesMore) _counters.State = LinkGroupState.Closed;   // else it is draining or ending already, and says so
        _takesMore = false;
        foreach (Attempt attempt in _attempts.Unregistered(refused.Slab)) Refuse(attempt, refused.Reason);
        TellOccupancy(ended: 0);
        return true;
    }

    private void Refuse(Attempt attempt, SmcReason reason)
    {
        attempt.ReplyTo.Tell(new Unavailable(reason));
        Forget(attempt);
    }

    /// <summary>Past a limit that no runtime reaches, nothing of the peer's is worth keeping.</summary>
    private void CloseUnless(bool isWithin, PeerExcess excess)
    {
        if (!isWithin) _rules.Close(_session, excess);
    }

    private void OnEstablish(Establish establish)
    {
        if (_attempts.Find(establish.Nonce) is not { Dmb: { } own } attempt)
        {
            _rules.CountWrongToken(_session);
            Reset(establish);
            return;
        }

        if (!_registrations.TryTake(establish, attempt.Slot, out DmbRange peer))
        {
            Reset(establish);
            return;
        }

        _attempts.AttachPeer(attempt, establish.PeerToken, peer);
        var parts = new ConnectionParts(
            _session, _group, establish.Nonce, _parts.Memory, attempt.Slot, own.Range, attempt.Token, peer, establish.PeerToken, establish.Connection,
            establish.Local, establish.Remote, establish.Receiver);
        IActorRef connection = _connectionFactory(Context, parts);
        _attempts.Establish(attempt, connection);
        Context.WatchWith(connection, new ConnectionStopped(connection, establish));

        // A peer that was quicker has closed already, and says so once.
        if (attempt.IsPeerDetached) connection.Tell(ConnectionProtocol.PeerDetached.Instance);
    }

    /// <summary>Its handshake has failed: what the peer has registered for it, or still will, is detached.</summary>
    private void Reset(Establish establish)
    {
        LinkGroupAnswers.Reset(establish);
        Context.Parent.Tell(new Abandon(_session, establish.Nonce));
    }

    private void OnDetached(ulong token)
    {
        if (_attempts.FindRegistered(token) is not { } attempt)
        {
            _rules.CountWrongToken(_session);
            return;
        }

        attempt.PeerDetached();
        _attempts.Release(attempt);
        if (attempt.Connection is { } connection) connection.Tell(ConnectionProtocol.PeerDetached.Instance);
        else if (attempt.MayBeForgotten) Forget(attempt);
    }

    /// <summary>A handshake failed: what the peer registered for it is detached; what this end registered is kept until the peer detaches.</summary>
    private void OnAbandon(ulong nonce)
    {
        _registrations.Detach(nonce);
        if (_attempts.Find(nonce) is not { Connection: null } attempt) return;
        attempt.Abandon();
        if (attempt.MayBeForgotten) Forget(attempt);
        else _attempts.Quarantine(attempt);
    }

    /// <summary>Nobody here touches the peer's DMB and the control slot any more. At the client this frees the slot: only the server gives it out
    /// again, and not before it has read this frame.</summary>
    private void DetachPeer(ulong nonce)
    {
        if (_attempts.Find(nonce) is not { HoldsPeer: true } attempt) return;
        _attempts.DetachPeer(attempt, keepsSlot: IsServer);
        _session.Send(new Detach(_group, attempt.PeerToken));
    }

    private void OnEnded(ConnectionProtocol.ConnectionEnded ended)
    {
        _attempts.Find(ended.Nonce)?.End(ended.TouchedBytes, ended.UsedBytes);
    }

    /// <summary>A connection that failed before it touched anything: its handshake has failed.</summary>
    private void OnUnbegun(Establish establish)
    {
        DetachPeer(establish.Nonce);
        if (_attempts.Find(establish.Nonce) is { } attempt) _attempts.TakeBack(attempt);
        Reset(establish);
    }

    private void OnStopped(ulong nonce)
    {
        if (_attempts.Find(nonce) is not { } attempt) return;
        if (attempt.HasEnded) Forget(attempt);
        else Fail();   // nobody knows who here still touches its DMB and its slot: they end with the group
    }

    private void Forget(Attempt attempt)
    {
        _attempts.Remove(attempt);
        TellOccupancy(ended: 1);
        if (_attempts.Count > 0 || !IsServer) return;
        if (_takesMore) Timers.StartSingleTimer(IdleTimer, IdleDelayOver.Instance, _parts.IdleDelay);
        else AskToEnd();   // nobody comes any more: kept, it would count as one of the peer's groups
    }

    private void TellOccupancy(int ended)
    {
        if (IsServer) Context.Parent.Tell(new Occupancy(_session, _group, ended, _takesMore));
    }

    private void AskToEnd()
    {
        if (_attempts.Count == 0) Context.Parent.Tell(new GroupIdle(_session, _group));
    }

    private void OnDrain()
    {
        _takesMore = false;
        _counters.State = LinkGroupState.Draining;
        Timers.Cancel(IdleTimer);
        TellOccupancy(ended: 0);
        AskToEnd();
    }

    private void EndIdle()
    {
        _farewell = SmcReason.None;
        Context.Stop(Self);
    }

    private void End()
    {
        _farewell = null;
        _takesMore = false;
        _buffers.Retire();
        _counters.State = LinkGroupState.Ending;
        TellOccupancy(ended: 0);
        foreach (Attempt attempt in _attempts.All)
        {
            if (attempt.Connection is { } connection) connection.Tell(ConnectionProtocol.PeerLost.Instance);
            else Refuse(attempt, SmcReason.ControlSocketLost);
        }

        if (_attempts.Count == 0) Context.Stop(Self);
        else Become(Ending);
    }

    /// <summary>Nobody would answer the next handshake.</summary>
    private void Fail()
    {
        _buffers.Retire();
        foreach (Attempt attempt in _attempts.All)
        {
            if (attempt.Connection is null) Refuse(attempt, SmcReason.InternalError);
        }

        _counters.ShowFailed();
        Context.Parent.Tell(new GroupFailed(_session, _group));
        Become(Failed);
    }

    private sealed record ConnectionStopped(IActorRef Connection, Establish Establish) : INoSerializationVerificationNeeded;

    private sealed record PoolGone : INoSerializationVerificationNeeded
    {
        public static readonly PoolGone Instance = new();
    }

    private sealed record IdleDelayOver : INoSerializationVerificationNeeded
    {
        public static readonly IdleDelayOver Instance = new();
    }
}
