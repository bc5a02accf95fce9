using Akka.Actor;
using Akka.Event;
using Smc.Actors.Devices;
using Smc.Actors.Settings;
using Smc.Transport;
using Smc.Transport.Interop.Linux;
using Smc.Transport.Paths.Smcd;
using Smc.Transport.Paths.Smcd.Rendezvous;
using Smc.Transport.Wire.Rendezvous;
using static Smc.Actors.Protocol.LinkGroupProtocol;
using static Smc.Actors.Protocol.MutationProtocol;

namespace Smc.Actors.LinkGroups;

/// <summary>
/// The parent of all link groups: finds the group that a frame or a handshake means. The server begins groups (the handshake after the last
/// that one takes by its settings begins another), the client follows the offer of a control region. Frames and handshakes come
/// through here in one order, so that a registration sent before a CLC message is in its group before that message's handshake. A group hears
/// nothing before it has begun, and is forgotten with the message that ends it: what comes after that message is answered here, and none of it
/// meets a stopped group. When this actor crashes, its groups are started again with it, fail, and end: what is in their mailboxes is answered too.
/// What peers have sent for them meanwhile breaks no rule: which groups there were outlives the crash.
/// </summary>
internal sealed class LinkGroupsActor : ReceiveActor
{
    /// <summary>Group ids leave their low byte for a link number.</summary>
    private const int LinkNumberBits = 8;

    private readonly SmcSettings _settings;
    private readonly LoopbackDevice _device;
    private readonly LinkGroupFactory _factory;
    private readonly Dictionary<(PeerSession Session, uint Group), LinkGroupMember> _members = [];
    private readonly GroupRefusals _refused;
    private readonly AbandonedAttempts _abandoned = new();
    private readonly Dictionary<IActorRef, LinkGroupMember> _beginning = [];
    private readonly ILoggingAdapter _log = Context.GetLogger();

    /// <param name="settings">Of the whole runtime.</param>
    /// <param name="device">The loopback-ISM device.</param>
    /// <param name="refused">Kept for the next one by whoever starts this one again.</param>
    /// <param name="factory">Makes the groups.</param>
    public LinkGroupsActor(SmcSettings settings, LoopbackDevice device, GroupRefusals refused, LinkGroupFactory factory)
    {
        _settings = settings;
        _device = device;
        _refused = refused;
        _factory = factory;

        // The most specific type first: a group's message is a session's message too.
        Receive<SlabOffered>(OnOffer);
        Receive<DmbRegistered>(OnRegistered);
        Receive<GroupDeleted>(OnDeleted);
        Receive<IGroupMessage>(ToGroup);
        Receive<PrepareServer>(OnPrepareServer);
        Receive<Abandon>(OnAbandon);
        Receive<SessionLost>(OnLost);
        Receive<ISessionMessage>(ToAllOfSession);
        Receive<Occupancy>(report =>
        {
            if (!_members.TryGetValue((report.Session, report.Group), out LinkGroupMember? member)) return;
            member.Connections -= report.Ended;
            member.TakesMore &= report.TakesMore;
        });
        Receive<GroupIdle>(OnIdle);
        Receive<GroupBegun>(_ =>
        {
            if (_beginning.Remove(Sender, out LinkGroupMember? member)) member.Begin();
        });
        Receive<GroupFailed>(OnFailed);
        Receive<DrainLinkGroup>(OnDrain);
        Receive<GroupGone>(OnGone);
    }

    /// <inheritdoc />
    protected override SupervisorStrategy SupervisorStrategy() => SupervisorStrategies.RestartOnly;

    /// <summary>The message that it crashed at is answered. The groups stay, to be started again, and fail.</summary>
    protected override void PreRestart(Exception reason, object message)
    {
        LinkGroupAnswers.Reject(message, Sender);
        foreach ((PeerSession session, uint group) in _members.Keys) _refused.Remember(session, group, SmcReason.InternalError);
        if (message is SessionLost lost) _refused.Forget(lost.Session);
        foreach (LinkGroupMember member in _beginning.Values) LinkGroupAnswers.RejectHeld(member);
    }

    private void OnOffer(SlabOffered offered)
    {
        if (_members.TryGetValue((offered.Session, offered.Group), out LinkGroupMember? member))
        {
            member.Tell(offered, Sender);
            return;
        }

        SmcReason reason = TryFollow(offered);
        if (reason == SmcReason.None)
        {
            offered.Session.Send(new Mapped(offered.Group, offered.Offer.Slab));
            return;
        }

        offered.Session.Send(new Refused(offered.Group, offered.Offer.Slab, reason));
        if (offered.Offer.Kind != SlabKind.ControlRegion) return;
        _refused.Remember(offered.Session, offered.Group, reason);
    }

    private void ToGroup(IGroupMessage message)
    {
        if (_members.TryGetValue((message.Session, message.Group), out LinkGroupMember? member)) member.Tell(message, Sender);
        else Unroutable(message);
    }

    /// <summary>A registration for a handshake that has failed here meanwhile: its peer must not wait for a detach.</summary>
    private void OnRegistered(DmbRegistered registered)
    {
        if (_abandoned.TryRemove(registered.Session, registered.Registration.Nonce))
            registered.Session.Send(new Detach(registered.Group, registered.Registration.Token));
        else
            ToGroup(registered);
    }

    private void OnAbandon(Abandon abandon)
    {
        _abandoned.Add(abandon.Session, abandon.Nonce);
        ToAllOfSession(abandon);
    }

    /// <summary>Ends a group only if no handshake is on its way to it: one that reached it too late would be without an answer.</summary>
    private void OnIdle(GroupIdle idle)
    {
        if (!_members.TryGetValue((idle.Session, idle.Group), out LinkGroupMember? member) || member.Connections > 0) return;
        End((idle.Session, idle.Group), EndGroup.Instance);
    }

    private void OnDeleted(GroupDeleted deleted) => End((deleted.Session, deleted.Group), deleted);

    private void OnLost(SessionLost lost)
    {
        _abandoned.Forget(lost.Session);
        foreach ((PeerSession Session, uint Group) key in _members.Keys.Where(k => k.Session == lost.Session).ToArray()) End(key, lost);
        _refused.Forget(lost.Session);
    }

    private void End((PeerSession Session, uint Group) key, object lastMessage)
    {
        if (!_members.Remove(key, out LinkGroupMember? member)) return;
        if (!key.Session.IsClient) _refused.Remember(key.Session, key.Group, SmcReason.SyncError);   // its id was given here, and is not given again
        member.Tell(lastMessage, Self);
    }

    /// <summary>It may have been told already, and crashed at that; or it is a group of this actor's crashed predecessor.</summary>
    private void OnFailed(GroupFailed failed)
    {
        Forget((failed.Session, failed.Group), Sender);
        _refused.Remember(failed.Session, failed.Group, SmcReason.InternalError);
        Sender.Tell(EndGroup.Instance);
    }

    private void OnGone(GroupGone gone)
    {
        Forget((gone.Session, gone.Group), gone.Actor);
        if (!_beginning.Remove(gone.Actor, out LinkGroupMember? unbegun)) return;
        unbegun.Release();
        _refused.Remember(gone.Session, gone.Group, SmcReason.InternalError);
        LinkGroupAnswers.RejectHeld(unbegun);
    }

    /// <summary>Ids that were given here are given once; those of others' groups may be equal to them, and to each other.</summary>
    private void OnDrain(DrainLinkGroup drain)
    {
        KeyValuePair<(PeerSession Session, uint Group), LinkGroupMember>[] named = [.. _members.Where(m => m.Key.Group == drain.Group)];
        KeyValuePair<(PeerSession Session, uint Group), LinkGroupMember>[] own = [.. named.Where(m => !m.Key.Session.IsClient)];
        if (own is [var one])
        {
            one.Value.TakesMore = false;
            one.Value.Tell(Drain.Instance, Self);
            PeerSession session = one.Key.Session;
            bool isLimitReached = GroupsOf(session) >= _settings.LinkGroup.MaxPerPeer && !_members.Any(m => m.Key.Session == session && HasRoom(m.Value));
            Sender.Tell(DrainOutcome.Done(drain.Group, one.Value.Connections, isLimitReached));
        }
        else
        {
            Sender.Tell(named is [var other, ..] ? DrainOutcome.Elsewhere(drain.Group, other.Key.Session.Credentials.ProcessId) : DrainOutcome.Unknown(drain.Group));
        }
    }

    /// <summary>The id may be another group's by now.</summary>
    private void Forget((PeerSession Session, uint Group) key, IActorRef actor)
    {
        if (_members.TryGetValue(key, out LinkGroupMember? member) && member.Actor.Equals(actor)) _members.Remove(key);
    }

    private SmcReason TryFollow(SlabOffered offered)
    {
        if (offered.Session.IsLost)
        {
            offered.Descriptor?.Dispose();   // it lost its group on the way, and broke no rule
            return SmcReason.ControlSocketLost;
        }

        if (offered.Offer.Kind == SlabKind.Dmb && _refused.TryRefuseSlab(offered.Session, offered.Group, out SmcReason refused, out bool isExcess))
        {
            offered.Descriptor?.Dispose();   // behind a control region that this end could not map, or to a group that has ended at this end meanwhile
            if (isExcess) _device.Rules.Close(offered.Session, PeerExcess.TooManySlabs);
            return refused;
        }

        if (offered.Descriptor is null) return SmcReason.DescriptorsExhausted;

        if (!offered.Session.IsClient || offered.Offer.Kind != SlabKind.ControlRegion)
            return _device.Rules.RefuseOffer(offered.Session, offered.Descriptor);

        if (GroupsOf(offered.Session) >= LinkGroupSettings.MostOfServer)
        {
            offered.Descriptor.Dispose();
            _device.Rules.Close(offered.Session, PeerExcess.TooManyGroups);
            return SmcReason.LimitReached;
        }

        MemoryError error = LinkGroupMemory.TryOpen(
            offered.Descriptor, (long)offered.Offer.Bytes, _settings.Wait, _device.Wake, _device.Mappings.Of(offered.Session), out LinkGroupMemory? memory);
        if (error != MemoryError.None)
        {
            _log.Debug("Control region of group {0:x8} refused: {1}", offered.Group, error);   // the broken rule, or the fallback, is warned of
            return _device.Rules.Refuse(offered.Session, error);
        }

        Begin(offered.Session, offered.Group, memory!, null);
        return SmcReason.None;
    }

    private void OnPrepareServer(PrepareServer request)
    {
        if (request.Session.IsLost)
        {
            Sender.Tell(new Unavailable(SmcReason.ControlSocketLost));
            return;
        }

        foreach (((PeerSession session, _), LinkGroupMember member) in _members)
        {
            if (session != request.Session || !HasRoom(member)) continue;
            member.Connections++;
            member.Tell(request, Sender);
            return;
        }

        if (GroupsOf(request.Session) >= _settings.LinkGroup.MaxPerPeer)
        {
            Sender.Tell(new Unavailable(SmcReason.LimitReached));
            return;
        }

        MemoryError error = LinkGroupMemory.TryCreate(
            _settings.Wait, _device.Wake, _device.Mappings.Of(request.Session), out LinkGroupMemory? memory, out FileDescriptor? descriptor);
        if (error != MemoryError.None)
        {
            Sender.Tell(new Unavailable(error == MemoryError.DescriptorsExhausted ? SmcReason.DescriptorsExhausted : SmcReason.OutOfMemory));
            return;
        }

        LinkGroupMember created = Begin(request.Session, _device.NextGroup() << LinkNumberBits, memory!, descriptor);
        created.Connections = 1;
        created.Tell(request, Sender);
    }

    private bool HasRoom(LinkGroupMember member) => member.TakesMore && member.Connections < _settings.LinkGroup.MaxConnections;

    private int GroupsOf(PeerSession session) => _members.Keys.Count(key => key.Session == session);

    private LinkGroupMember Begin(PeerSession session, uint group, LinkGroupMemory memory, FileDescriptor? offer)
    {
        IActorRef actor;
        try
        {
            actor = _factory(Context, session, group, memory, offer);
        }
        catch
        {
            memory.Release();   // nobody else has it yet
            offer?.Dispose();
            throw;
        }

        var member = new LinkGroupMember(actor, memory, offer);
        Context.WatchWith(actor, new GroupGone(session, group, actor));
        _members.Add((session, group), member);
        _beginning.Add(actor, member);
        return member;
    }

    private void ToAllOfSession(ISessionMessage message)
    {
        foreach (((PeerSession session, _), LinkGroupMember member) in _members)
        {
            if (session == message.Session) member.Tell(message, Sender);
        }
    }

    private void Unroutable(IGroupMessage message)
    {
        switch (message)
        {
            case PrepareClient:
                SmcReason reason = message.Session.IsLost ? SmcReason.ControlSocketLost : SmcReason.SyncError;
                Sender.Tell(new Unavailable(_refused.Find(message.Session, message.Group) ?? reason));
                break;
            case Establish establish:
                _abandoned.Add(establish.Session, establish.Nonce);
                LinkGroupAnswers.Reset(establish);
                break;
            case DmbRegistered registered:
                // The group has ended here: its peer must not wait for a detach.
                registered.Session.Send(new Detach(registered.Group, registered.Registration.Token));
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private sealed record GroupGone(PeerSession Session, uint Group, IActorRef Actor) : INoSerializationVerificationNeeded;
}
