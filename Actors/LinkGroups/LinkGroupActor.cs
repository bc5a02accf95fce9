using System.Net.Sockets;
using System.Security.Cryptography;
using Akka.Actor;
using Akka.Event;
using Smc.Actors.Buffers;
using Smc.Actors.Devices;
using Smc.Actors.Inspection;
using Smc.Actors.Protocol;
using Smc.Transport;
using Smc.Transport.Interop.Linux;
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
/// The mappings outlive this actor until the last connection is closed by its user.
/// </summary>
internal sealed class LinkGroupActor : UntypedActor, IWithTimers
{
    private const string IdleTimer = "idle";

    /// <summary>DMBs that a peer has registered for handshakes to come: those of a full group, and as many again that are being given up.</summary>
    private static readonly int MaxRegistrations = 2 * LinkGroupMemory.MaxConnections;

    private readonly PeerSession _session;
    private readonly LinkGroupTable _groups;
    private readonly BrokenRules _rules;
    private readonly uint _group;
    private readonly LinkGroupMemory _memory;
    private readonly GroupBuffers _buffers;
    private readonly TimeSpan _idleDelay;
    private readonly LinkGroupCounters _counters;
    private readonly FileDescriptor? _offer;
    private readonly BufferPoolFactory _poolFactory;
    private readonly ConnectionFactory _connectionFactory;
    private readonly Dictionary<ulong, Attempt> _attempts = [];
    private readonly Queue<ulong> _waiting = [];
    private readonly Dictionary<ulong, Register> _registrations = [];
    private readonly PeerSlabs _peerSlabs;
    private readonly HashSet<uint> _unmapped = [];
    private readonly SlotSet _slots = new();
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
        _session = parts.Session;
        _groups = parts.Groups;
        _rules = parts.Rules;
        _group = parts.Group;
        _memory = parts.Memory;
        _buffers = parts.Buffers;
        _idleDelay = parts.IdleDelay;
        _counters = parts.Counters;
        _connectionFactory = connectionFactory;
        _offer = parts.Offer;
        _peerSlabs = new PeerSlabs(_session, _group, _memory, _counters, _rules);
        _poolFactory = poolFactory;
    }

    /// <inheritdoc />
    public ITimerScheduler Timers { get; set; } = null!;

    private bool IsServer => _memory.Side == GroupSide.Server;

    /// <inheritdoc />
    protected override SupervisorStrategy SupervisorStrategy() => _unbegun.Strategy;

    /// <inheritdoc />
    protected override void PreStart()
    {
        _pool = _poolFactory(Context, _buffers, _memory);
        Context.WatchWith(_pool, PoolGone.Instance);
        if (_offer is { } offer)
            _session.Send(new OfferSlab(_group, 0, SlabKind.ControlRegion, 0, (ushort)LinkGroupMemory.MaxConnections, (ulong)LinkGroupMemory.ControlBytes), offer);
        _groups.Add(_counters);
        Context.Parent.Tell(GroupBegun.Instance);
    }

    /// <summary>Ends what the crashed instance knew of, and answers what it crashed at. The memory is released, and the peer told, when its
    /// successor stops.</summary>
    protected override void PreRestart(Exception reason, object message)
    {
        if (!IsEstablished(message)) Answer(message);
        foreach (Attempt attempt in _attempts.Values)
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
        ShowFailed();
        Context.Parent.Tell(new GroupFailed(_session, _group));
        Become(Failed);
    }

    /// <inheritdoc />
    protected override void PostStop()
    {
        if (_farewell is { } reason) _session.Send(new DeleteGroup(_group, reason));
        _groups.Remove(_counters);
        _buffers.Close();
        _memory.Release();
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
            case BufferProtocol.Grown grown: grown.Slab?.Descriptor.Dispose(); break;
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

    /// <summary>Nothing begins any more: whoever waits for an answer gets it, and what a message carries is closed.</summary>
    private void Answer(object message)
    {
        switch (message)
        {
            case PrepareServer or PrepareClient: Sender.Tell(new Unavailable(SmcReason.InternalError)); break;
            case Establish establish: Reset(establish); break;
            case BufferProtocol.Grown grown: grown.Slab?.Descriptor.Dispose(); break;
            case SlabOffered offered: offered.Descriptor?.Dispose(); break;
            default: break;   // all else is over
        }
    }

    /// <summary>The connection has what the message carries: it ends by itself.</summary>
    private bool IsEstablished(object message) =>
        message is Establish establish && _attempts.TryGetValue(establish.Nonce, out Attempt? attempt) && attempt.Connection is not null;

    private void Always(object message)
    {
        switch (message)
        {
            case SlabOffered offered: OnOffer(offered); break;
            case SlabMapped mapped: OnMapped(mapped.Slab); break;
            case SlabRefused refused: OnRefused(refused); break;
            case DmbRegistered registered: OnRegistered(registered.Registration); break;
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
        if (_attempts.ContainsKey(nonce))
        {
            // Two handshakes of one name: the second has no place.
        }
        else if (IsServer)
        {
            slot = _slots.Take();
        }
        else if (!_registrations.TryGetValue(accepted!.ServerToken, out Register registration) || registration.Nonce != nonce)
        {
            _rules.CountWrongToken(_session);
        }
        else if (_peerSlabs.IsRefused(registration.Slab, out SmcReason refusal))
        {
            reason = refusal;   // before Confirm there is a fallback, after it a reset
        }
        else if (_peerSlabs.TryAttach(registration, accepted.ServerSizeCode, out _) && _slots.TryTake(registration.Slot))
        {
            slot = registration.Slot;
        }
        else
        {
            _rules.CountWrongDmb(_session);
        }

        if (slot == SlotSet.None)
        {
            Sender.Tell(new Unavailable(reason));
            TellOccupancy(ended: 1);
            return;
        }

        var attempt = new Attempt(Sender, slot);
        _attempts.Add(nonce, attempt);
        _counters.Attempts++;
        Timers.Cancel(IdleTimer);
        TakeDmb(nonce, attempt, _buffers.Wanted);
    }

    /// <summary>A DMB without a message where one is idle; else the pool is asked for more.</summary>
    /// <param name="nonce">Of the handshake.</param>
    /// <param name="attempt">The handshake.</param>
    /// <param name="smallest">What it has to do with.</param>
    private void TakeDmb(ulong nonce, Attempt attempt, SizeClass smallest)
    {
        if (!_buffers.TryTake(smallest, out Dmb? dmb, out bool isAtLimit))
        {
            if (isAtLimit) Refuse(nonce, SmcReason.MaxDmb);
            else AwaitGrowth(nonce, attempt);
            return;
        }

        attempt.Dmb = dmb;
        attempt.Token = NewToken();

        // Fallback ends at Confirm: a client must know before it that its slab is mapped. A server hears of a refusal by Decline.
        if (IsServer || !_unmapped.Contains(dmb.Slab.Id)) Announce(nonce, attempt);
    }

    private void AwaitGrowth(ulong nonce, Attempt attempt)
    {
        if (_waiting.Count == 0) _pool.Tell(new BufferProtocol.Grow());   // else it has been asked
        _waiting.Enqueue(nonce);
        attempt.IsWaiting = true;
    }

    private void OnGrown(BufferProtocol.Grown grown)
    {
        if (grown.Slab is var (slab, descriptor))
        {
            _unmapped.Add(slab.Id);
            _peerSlabs.TakeNoMore(descriptor);
            _session.Send(new OfferSlab(_group, slab.Id, SlabKind.Dmb, slab.SizeClass.Code, (ushort)slab.Count, (ulong)slab.Bytes), descriptor);
            bool isAdded = _buffers.Pool.TryAdd(slab);   // the pool's actor has seen that there is room; behind the offer, because what is idle is registered at once
            System.Diagnostics.Debug.Assert(isAdded);
        }

        foreach ((ulong nonce, Attempt attempt) in TakeWaiting()) TakeDmb(nonce, attempt, grown.Size);
    }

    private void OnNoBuffer(BufferProtocol.NoBuffer none)
    {
        foreach ((ulong nonce, _) in TakeWaiting()) Refuse(nonce, none.Reason);
    }

    /// <summary>The handshakes that wait for growth; not those that have been abandoned meanwhile.</summary>
    private List<(ulong Nonce, Attempt Attempt)> TakeWaiting()
    {
        var waiting = new List<(ulong, Attempt)>(_waiting.Count);
        while (_waiting.TryDequeue(out ulong nonce))
        {
            if (!_attempts.TryGetValue(nonce, out Attempt? attempt) || !attempt.IsWaiting) continue;
            attempt.IsWaiting = false;
            waiting.Add((nonce, attempt));
        }

        return waiting;
    }

    private void Announce(ulong nonce, Attempt attempt)
    {
        DmbSlab slab = attempt.Dmb!.Slab;
        _session.Send(new Register(nonce, attempt.Token, _group, slab.Id, attempt.Dmb.Index, (ushort)attempt.Slot));
        (attempt.IsRegistered, attempt.TouchedBytes) = (true, (uint)attempt.Dmb.Range.Bytes);   // whether there ever is a connection or not
        attempt.ReplyTo.Tell(new Prepared(_group, attempt.Token, slab.SizeClass.Code, !_hasBegun));
        _hasBegun = true;
    }

    private void OnMapped(uint slab)
    {
        if (!_unmapped.Remove(slab)) return;
        foreach ((ulong nonce, Attempt attempt) in _attempts)
        {
            if (attempt.Dmb?.Slab.Id == slab && !attempt.IsRegistered) Announce(nonce, attempt);
        }
    }

    private void OnRegistered(Register registration)
    {
        _registrations[registration.Token] = registration;
        if (_registrations.Count > MaxRegistrations) CloseFor(PeerExcess.TooManyRegistrations);
    }

    private void CloseFor(PeerExcess excess)
    {
        if (_rules.TryClose(_session, excess)) _log.Warning("The control socket of group {0:x8} is closed: {1} of {2}", _group, excess, _session.Gid);
    }

    private void OnRefused(SlabRefused refused)
    {
        _log.Warning("The peer refused a slab of group {0:x8}: {1}", _group, refused.Reason);
        if (_takesMore) _counters.State = LinkGroupState.Closed;   // else it is draining or ending already, and says so
        _takesMore = false;
        _buffers.Pool.Retire(refused.Slab);
        _unmapped.Remove(refused.Slab);
        foreach (ulong nonce in _attempts.Where(a => a.Value.Dmb?.Slab.Id == refused.Slab && !a.Value.IsRegistered).Select(a => a.Key).ToArray())
            Refuse(nonce, refused.Reason);
        TellOccupancy(ended: 0);
    }

    private void Refuse(ulong nonce, SmcReason reason)
    {
        if (!_attempts.TryGetValue(nonce, out Attempt? attempt)) return;
        attempt.ReplyTo.Tell(new Unavailable(reason));
        Forget(nonce, attempt);
    }

    private void OnEstablish(Establish establish)
    {
        if (!_attempts.TryGetValue(establish.Nonce, out Attempt? attempt) || attempt.Dmb is null
            || !_registrations.TryGetValue(establish.PeerToken, out Register registration) || registration.Nonce != establish.Nonce)
        {
            _rules.CountWrongToken(_session);   // another handshake's stays that one's
            Reset(establish);
            return;
        }

        _registrations.Remove(establish.PeerToken);

        if (registration.Slot != attempt.Slot || !_peerSlabs.TryAttach(registration, establish.PeerSizeCode, out DmbRange peer))
        {
            _rules.CountWrongDmb(_session);
            _session.Send(new Detach(_group, establish.PeerToken));
            Reset(establish);
            return;
        }

        attempt.PeerToken = establish.PeerToken;
        attempt.HoldsPeer = true;
        attempt.PeerSize = SizeClass.ForSmcd(peer.Bytes);
        _counters.PeerDmbs.Attach(attempt.PeerSize);
        var parts = new ConnectionParts(
            _session, _group, establish.Nonce, _memory, attempt.Slot, attempt.Dmb.Range, attempt.Token, peer, establish.PeerToken, establish.Connection,
            establish.Local, establish.Remote, establish.Receiver);
        attempt.Connection = _connectionFactory(Context, parts);
        Context.WatchWith(attempt.Connection, new ConnectionStopped(attempt.Connection, establish));
        _counters.Connections++;

        // A peer that was quicker has closed already, and says so once.
        if (attempt.IsPeerDetached) attempt.Connection.Tell(ConnectionProtocol.PeerDetached.Instance);
    }

    /// <summary>Past Confirm there is no fallback: both ends see a reset.</summary>
    private void Reset(Establish establish)
    {
        establish.Connection.Reset();
        Context.Parent.Tell(new Abandon(_session, establish.Nonce));
        establish.Receiver.Fail(SocketError.ConnectionReset);
    }

    private void OnOffer(SlabOffered offered)
    {
        if (!_peerSlabs.TryTake(offered)) CloseFor(PeerExcess.TooManySlabs);
    }

    private void OnDetached(ulong token)
    {
        foreach ((ulong nonce, Attempt attempt) in _attempts)
        {
            if (attempt.Token != token || !attempt.IsRegistered) continue;
            attempt.IsPeerDetached = true;
            Release(attempt);
            if (attempt.Connection is { } connection) connection.Tell(ConnectionProtocol.PeerDetached.Instance);
            else if (attempt.IsAbandoned) Forget(nonce, attempt);
            return;
        }

        _rules.CountWrongToken(_session);
    }

    /// <summary>A handshake failed: what the peer registered for it is detached; what this end registered is kept until the peer detaches.</summary>
    private void OnAbandon(ulong nonce)
    {
        ulong[] tokens = [.. _registrations.Values.Where(r => r.Nonce == nonce).Select(r => r.Token)];
        foreach (ulong token in tokens)
        {
            _registrations.Remove(token);
            _session.Send(new Detach(_group, token));
        }

        if (!_attempts.TryGetValue(nonce, out Attempt? attempt) || attempt.Connection is not null) return;
        attempt.IsAbandoned = true;
        if (!attempt.IsRegistered || attempt.IsPeerDetached) Forget(nonce, attempt);
        else Quarantine(attempt);
    }

    /// <summary>Nobody here touches the peer's DMB and the control slot any more. At the client this frees the slot: only the server gives it out
    /// again, and not before it has read this frame.</summary>
    private void DetachPeer(ulong nonce)
    {
        if (!_attempts.TryGetValue(nonce, out Attempt? attempt) || !attempt.HoldsPeer) return;
        attempt.HoldsPeer = false;
        _counters.PeerDmbs.Detach(attempt.PeerSize);
        if (!IsServer) ReturnSlot(attempt);
        if (!attempt.IsPeerDetached) Quarantine(attempt);
        _session.Send(new Detach(_group, attempt.PeerToken));
    }

    /// <summary>This end has done with its DMB, and the peer may still write to it.</summary>
    private void Quarantine(Attempt attempt)
    {
        if (attempt.IsQuarantined) return;
        attempt.IsQuarantined = true;
        _counters.Quarantined++;
    }

    private void Release(Attempt attempt)
    {
        if (!attempt.IsQuarantined) return;
        attempt.IsQuarantined = false;
        _counters.Quarantined--;
    }

    private void ReturnSlot(Attempt attempt)
    {
        if (!attempt.HoldsSlot) return;
        attempt.HoldsSlot = false;
        _slots.Return(attempt.Slot);
    }

    private void OnEnded(ConnectionProtocol.ConnectionEnded ended)
    {
        if (!_attempts.TryGetValue(ended.Nonce, out Attempt? attempt)) return;
        (attempt.TouchedBytes, attempt.UsedBytes) = (ended.TouchedBytes, ended.UsedBytes);
        attempt.HasEnded = true;
    }

    /// <summary>A connection that failed before it touched anything: its handshake has failed.</summary>
    private void OnUnbegun(Establish establish)
    {
        DetachPeer(establish.Nonce);
        if (_attempts.TryGetValue(establish.Nonce, out Attempt? attempt))
        {
            attempt.Connection = null;
            _counters.Connections--;
        }

        Reset(establish);
    }

    private void OnStopped(ulong nonce)
    {
        if (!_attempts.TryGetValue(nonce, out Attempt? attempt)) return;
        if (attempt.HasEnded) Forget(nonce, attempt);
        else Fail();   // nobody knows who here still touches its DMB and its slot: they end with the group
    }

    private void Forget(ulong nonce, Attempt attempt)
    {
        _attempts.Remove(nonce);
        _counters.Attempts--;
        if (attempt.Connection is not null) _counters.Connections--;
        Release(attempt);
        if (attempt.Dmb is { } dmb) _buffers.Return(dmb, attempt.TouchedBytes, attempt.UsedBytes);
        ReturnSlot(attempt);
        TellOccupancy(ended: 1);
        if (_attempts.Count > 0 || !IsServer) return;
        if (_takesMore) Timers.StartSingleTimer(IdleTimer, IdleDelayOver.Instance, _idleDelay);
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
        _counters.State = LinkGroupState.Ending;
        TellOccupancy(ended: 0);
        foreach ((ulong nonce, Attempt attempt) in _attempts.ToArray())
        {
            if (attempt.Connection is { } connection) connection.Tell(ConnectionProtocol.PeerLost.Instance);
            else Refuse(nonce, SmcReason.ControlSocketLost);
        }

        if (_attempts.Count == 0) Context.Stop(Self);
        else Become(Ending);
    }

    /// <summary>Nobody would answer the next handshake.</summary>
    private void Fail()
    {
        foreach ((ulong nonce, Attempt attempt) in _attempts.ToArray())
        {
            if (attempt.Connection is null) Refuse(nonce, SmcReason.InternalError);
        }

        ShowFailed();
        Context.Parent.Tell(new GroupFailed(_session, _group));
        Become(Failed);
    }

    private void ShowFailed()
    {
        (_counters.State, _counters.Attempts, _counters.Connections, _counters.Quarantined) = (LinkGroupState.Failed, 0, 0, 0);
        _counters.PeerDmbs.DetachAll();
    }

    private static ulong NewToken()
    {
        Span<byte> random = stackalloc byte[sizeof(ulong)];
        RandomNumberGenerator.Fill(random);
        return BitConverter.ToUInt64(random);
    }

    private sealed record ConnectionStopped(IActorRef Connection, Establish Establish);

    private sealed record PoolGone
    {
        public static readonly PoolGone Instance = new();
    }

    private sealed record IdleDelayOver
    {
        public static readonly IdleDelayOver Instance = new();
    }
}
