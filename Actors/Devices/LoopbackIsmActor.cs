using Akka.Actor;
using Akka.Event;
using Smc.Actors.Dispatch;
using Smc.Actors.Protocol;
using Smc.Actors.Settings;
using Smc.Transport;
using Smc.Transport.Interop.Linux;
using Smc.Transport.Paths.Smcd.Rendezvous;
using Smc.Transport.Wire;
using Smc.Transport.Wire.Rendezvous;

namespace Smc.Actors.Devices;

/// <summary>
/// The loopback-ISM device: takes this process's place in the rendezvous folder, opens control sockets to others and passes what comes over
/// them to the link groups. A device that cannot start, or that crashes more than ten times in a minute, leaves the runtime on TCP, with a named
/// reason.
/// </summary>
internal sealed class LoopbackIsmActor : ReceiveActor
{
    private readonly SmcSettings _settings;
    private readonly LoopbackDevice _device;
    private readonly IActorRef _linkGroups;
    private readonly DevicePoolFactory _poolFactory;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private ControlTurns? _turns;

    /// <param name="settings">Where the rendezvous folder is.</param>
    /// <param name="device">What this actor keeps up.</param>
    /// <param name="linkGroups">Hears the frames of the control sockets.</param>
    /// <param name="poolFactory">Makes the actor that trims the device's pool.</param>
    public LoopbackIsmActor(SmcSettings settings, LoopbackDevice device, IActorRef linkGroups, DevicePoolFactory poolFactory)
    {
        _settings = settings;
        _device = device;
        _linkGroups = linkGroups;
        _poolFactory = poolFactory;
        Receive<HandshakeProtocol.OpenSessions>(Open);
        Receive<ReactorFailed>(OnReactorFailed);
    }

    /// <inheritdoc />
    protected override void PreStart()
    {
        if (_settings.Negotiation == Negotiation.Never)
        {
            _device.Stop(SmcReason.SmcDisabled);
            return;
        }

        ControlPlaneExecutor? executor = ControlPlaneExecutor.Current is { HasRoom: true } current ? current : null;
        HostRendezvous? rendezvous = TryStart(ownThread: executor is null, out string problem);
        if (rendezvous is null)
        {
            _device.Stop(OperatingSystem.IsLinux() ? SmcReason.RegistryUnavailable : SmcReason.UnsupportedPlatform);
            _log.Warning("No shared memory: {0}. Connections use TCP.", problem);
            return;
        }

        _poolFactory(Context);
        IActorRef self = Self;
        _device.Start(rendezvous);
        if (executor is not null)
        {
            _turns = new ControlTurns(
                rendezvous.WaitReadable, rendezvous.Handle, rendezvous.Wake, cause => self.Tell(new ReactorFailed(rendezvous, cause), ActorRefs.NoSender));
            executor.Attach(_turns);   // last of what may fail: what has not begun is not stopped
        }

        Context.Parent.Tell(ListenerProtocol.DeviceChanged.Instance);
        _log.Debug("loopback-ism {0} is up in {1}", rendezvous.Gid, _settings.Rendezvous.Folder);
    }

    /// <inheritdoc />
    protected override void PostStop()
    {
        if (_turns is not null) ControlPlaneExecutor.Current?.Detach(_turns);
        _device.Stop(SmcReason.NoSmcdDevice);
        Context.Parent.Tell(ListenerProtocol.DeviceChanged.Instance);
    }

    /// <summary>Whoever asked for control sockets hears that there are none; those that were open end with the device.</summary>
    protected override void PreRestart(Exception reason, object message)
    {
        if (message is HandshakeProtocol.OpenSessions) Sender.Tell(new HandshakeProtocol.Sessions([], SmcReason.NoSmcdDevice));
        base.PreRestart(reason, message);
    }

    /// <inheritdoc />
    protected override void PostRestart(Exception reason)
    {
        if (_device.Restarts.TryTake(Context.System.Scheduler.MonotonicClock)) base.PostRestart(reason);
        else _log.Error("loopback-ism failed more than {0} times in a minute, and stays down. Connections use TCP.", LoopbackDevice.MostRestarts);
    }

    /// <summary>News of a reactor that this device has no more is old: the device has failed at something else and come up since.</summary>
    private void OnReactorFailed(ReactorFailed failed)
    {
        if (failed.Rendezvous == _device.Rendezvous)
            throw new InvalidOperationException($"The reactor of loopback-ism {failed.Rendezvous.Gid} has failed.", failed.Cause);
    }

    private HostRendezvous? TryStart(bool ownThread, out string problem)
    {
        try
        {
            return HostRendezvous.TryStart(_settings.Rendezvous.Folder, SmcGid.NewRandom(), new FrameForwarder(_linkGroups, _device.Rules), ownThread, out problem);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            problem = e.Message;
            return null;
        }
    }

    private void Open(HandshakeProtocol.OpenSessions request)
    {
        var open = new List<PeerSession>(request.Entries.Count);
        SmcReason reason = _device.Down;
        foreach (RegistryEntry entry in request.Entries)
        {
            if (_device.Rendezvous?.TryOpenSession(entry, out reason) is { } session) open.Add(session);
        }

        Sender.Tell(new HandshakeProtocol.Sessions(open, open.Count == 0 ? reason : SmcReason.None));
    }

    /// <summary>Without its reactor the device hears nothing any more: it has failed too, and comes up anew.</summary>
    /// <param name="Rendezvous">Whose reactor it is.</param>
    /// <param name="Cause">What it has thrown.</param>
    internal sealed record ReactorFailed(HostRendezvous Rendezvous, Exception Cause) : INoSerializationVerificationNeeded;

    /// <summary>Turns frames into messages of the link groups, and counts what is none.</summary>
    private sealed class FrameForwarder(IActorRef linkGroups, BrokenRules rules) : IGroupFrameObserver
    {
        public void FrameRefused(PeerCredentials peer, WireError problem) => rules.CountBadFrame(peer, problem);

        public void UserRefused(PeerCredentials peer) => rules.CountForeignUser(peer);

        public void FramesUnread(PeerCredentials peer) => rules.CountFramesUnread(peer);

        public void SocketRefused(PeerCredentials peer) => rules.CountSocketRefused(peer);

        public void Offered(PeerSession session, OfferSlab offer, FileDescriptor? descriptor) =>
            linkGroups.Tell(new LinkGroupProtocol.SlabOffered(session, offer, descriptor), ActorRefs.NoSender);

        public void Mapped(PeerSession session, Mapped answer) =>
            linkGroups.Tell(new LinkGroupProtocol.SlabMapped(session, answer.Group, answer.Slab), ActorRefs.NoSender);

        public void Refused(PeerSession session, Refused answer) =>
            linkGroups.Tell(new LinkGroupProtocol.SlabRefused(session, answer.Group, answer.Slab, SmcReasons.FromPeer(answer.Reason)), ActorRefs.NoSender);

        public void Registered(PeerSession session, Register registration) =>
            linkGroups.Tell(new LinkGroupProtocol.DmbRegistered(session, registration), ActorRefs.NoSender);

        public void Detached(PeerSession session, Detach detach) =>
            linkGroups.Tell(new LinkGroupProtocol.DmbDetached(session, detach.Group, detach.Token), ActorRefs.NoSender);

        public void GroupDeleted(PeerSession session, DeleteGroup deletion) =>
            linkGroups.Tell(new LinkGroupProtocol.GroupDeleted(session, deletion.Group, SmcReasons.FromPeer(deletion.Reason)), ActorRefs.NoSender);

        public void SessionLost(PeerSession session) => linkGroups.Tell(new LinkGroupProtocol.SessionLost(session), ActorRefs.NoSender);
    }
}
