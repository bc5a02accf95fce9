using System.Net;
using System.Net.Sockets;
using Akka.Actor;
using Akka.Event;
using Smc.Actors.Connections;
using Smc.Actors.Devices;
using Smc.Actors.Protocol;
using Smc.Actors.Settings;
using Smc.Transport;
using Smc.Transport.Paths.Smcd.Rendezvous;
using Smc.Transport.Wire;
using Smc.Transport.Wire.Clc;
using static Smc.Actors.Protocol.HandshakeProtocol;

namespace Smc.Actors.Listeners;

/// <summary>An accepted connection that was announced.</summary>
internal sealed record AnnouncedConnection(
    Socket Socket, IPEndPoint Local, IPEndPoint Remote, HostRendezvous Rendezvous, PeerSession Session, ulong Nonce, AttemptObserver Attempt);

/// <summary>
/// The server's side of one handshake (CLC: Proposal, Accept, Confirm; Decline instead of the second).
/// <code>
/// state        first bytes    Canceled, Lost   Proposal    Prepared    Unavailable      Confirm       Decline   deadline, error
/// Announced    -> Judging     plain TCP        -           -           -                -             -         reset
/// Proposed     -              (ignored)        -> Offering -           -                -             plain     reset
/// Offering     -              (ignored)        -           -> Accepted Decline, plain   -             -         reset
/// Accepted     -              (ignored)        -           -           -                -> Joining    plain     reset
/// Joining      -              (ignored)        -           -           reset            -             -         reset
/// </code>
/// After the announcement was matched it leaves SMC only by cancel, hang-up, first bytes that are no Proposal, or Decline. At its deadline it
/// resets and never falls back.
/// </summary>
internal sealed class HandshakeActor : UntypedActor, IWithTimers
{
    private readonly AnnouncedConnection _accepted;
    private readonly HandshakeSettings _settings;
    private readonly LoopbackDevice _device;
    private readonly IActorRef _linkGroups;
    private readonly ConnectionTable _table;
    private readonly LinkGroupProtocol.IStreamReceiver _receiver;
    private readonly ClcChannel _clc;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private SmcdAcceptFields _accept;
    private bool _ownsSocket = true;
    private bool _usesGroup;

    public HandshakeActor(
        AnnouncedConnection accepted,
        HandshakeSettings settings,
        LoopbackDevice device,
        IActorRef linkGroups,
        ConnectionTable table,
        LinkGroupProtocol.IStreamReceiver receiver)
    {
        _accepted = accepted;
        _settings = settings;
        _device = device;
        _linkGroups = linkGroups;
        _table = table;
        _receiver = receiver;
        _clc = new ClcChannel(accepted.Socket, accepted.Rendezvous, Self);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    private PeerSession Session => _accepted.Session;

    private AttemptObserver Attempt => _accepted.Attempt;

    protected override void PreStart()
    {
        Timers.StartSingleTimer(Deadline.Instance, Deadline.Instance, _settings.ClcTimeout);
        Attempt.TellTo(Self);
        Session.Send(new Transport.Wire.Rendezvous.Matched(_accepted.Nonce));
        ReadFirst();
    }

    protected override void PostStop()
    {
        Session.Unwatch(_accepted.Nonce);
        if (_usesGroup) _linkGroups.Tell(new LinkGroupProtocol.Abandon(Session, _accepted.Nonce));
        if (_ownsSocket) _clc.Reset();
    }

    protected override void OnReceive(object message) => Announced(message);

    private void Announced(object message)
    {
        switch (message)
        {
            case ClcReadable: ReadFirst(); break;
            case Canceled or Lost when !ReadFirst(): GoPlain(Attempt.Ended); break;   // less than a header has come, and is the application's
            case Canceled or Lost: break;
            default: Always(message); break;
        }
    }

    private void Proposed(object message)
    {
        switch (message)
        {
            case ClcReadable: ReadProposal(); break;
            default: Always(message); break;
        }
    }

    private void Offering(object message)
    {
        switch (message)
        {
            case LinkGroupProtocol.Prepared prepared: SendAccept(prepared); break;
            case LinkGroupProtocol.Unavailable unavailable: Decline(unavailable.Reason); break;
            default: Always(message); break;
        }
    }

    private void Accepted(object message)
    {
        switch (message)
        {
            case ClcReadable: ReadConfirm(); break;
            default: Always(message); break;
        }
    }

    private void Always(object message)
    {
        switch (message)
        {
            case Deadline: Fail(new ClcFailure(WireError.None, SocketError.TimedOut)); break;
            case Canceled or Lost: break;   // too late: the Proposal has come
            default: Unhandled(message); break;
        }
    }

    /// <returns>False where too little has come to judge.</returns>
    private bool ReadFirst()
    {
        ClcRead read = _clc.TryReadFirst();
        if (read == ClcRead.Done) Judge();
        else if (read == ClcRead.Failed) Fail(_clc.Failure);
        return read != ClcRead.Waiting;
    }

    private void ReadProposal()
    {
        switch (_clc.TryRead(ClcType.Proposal))
        {
            case ClcRead.Failed: Fail(_clc.Failure); break;
            case ClcRead.Done when _clc.Header.Type == ClcType.Decline: OnDecline(); break;
            case ClcRead.Done: OnProposal(_clc.Message); break;
        }
    }

    private void ReadConfirm()
    {
        switch (_clc.TryRead(ClcType.Confirm))
        {
            case ClcRead.Failed: Fail(_clc.Failure); break;
            case ClcRead.Done when _clc.Header.Type == ClcType.Decline: OnDecline(); break;
            case ClcRead.Done: OnConfirm(_clc.Message); break;
        }
    }

    private void Judge()
    {
        _device.Rendezvous?.Drain();   // a cancel was sent before the first plain byte, so it has been handled after this
        bool isProposal = ClcFraming.Sniff(_clc.Unread) == ClcSniff.Proposal;
        if (Attempt.Ended == SmcReason.PeerCancelled || !isProposal)
        {
            GoPlain(Attempt.Ended == SmcReason.None ? SmcReason.PeerNoSmc : Attempt.Ended);
        }
        else
        {
            // Also where the control socket has hung up since: a Proposal was sent before, and is not for the application. It gets a Decline.
            Become(Proposed);
            ReadProposal();
        }
    }

    private void OnProposal(ReadOnlySpan<byte> bytes)
    {
        WireError error = Proposal.TryWrap(bytes, out Proposal proposal);
        if (error != WireError.None)
        {
            Fail(new ClcFailure(error, SocketError.Success));
            return;
        }

        SmcReason reason = ClcChecks.CheckOffer(in proposal, hasIsmV2: true, out byte release);
        if (reason == SmcReason.None) reason = ClcChecks.CheckDevice(in proposal, new SmcdDeviceId(Session.Gid, SmcdDeviceId.LoopbackChid));
        Ueid eid = default;
        if (reason == SmcReason.None && !ClcChecks.TryMatchEid(in proposal, [.. _settings.Ueids], default, out eid)) reason = ClcChecks.NoCommonEid(in proposal);
        if (reason != SmcReason.None || _device.Rendezvous is not { } rendezvous)
        {
            Decline(reason == SmcReason.None ? _device.Down : reason);
            return;
        }

        ClcFeatures features = proposal.Features & ClcFeatures.EmulatedIsm;
        _accept = new SmcdAcceptFields(
            ClcType.Accept, new SmcdDeviceId(rendezvous.Gid, SmcdDeviceId.LoopbackChid), 0, 0, 0, 0, eid, ClcIdentity.FirstContact(release, features));
        _usesGroup = true;
        Become(Offering);
        _linkGroups.Tell(new LinkGroupProtocol.PrepareServer(Session, _accepted.Nonce));
    }

    private void SendAccept(LinkGroupProtocol.Prepared prepared)
    {
        _accept = _accept with
        {
            Token = prepared.Token,
            SizeCode = prepared.SizeCode,
            LinkId = prepared.Group,
            FirstContact = prepared.IsFirstContact ? _accept.FirstContact : null,
        };
        Span<byte> buffer = stackalloc byte[ClcFraming.MaxLength];
        if (!_clc.TryWrite(buffer[..ClcWriter.Write(buffer, in _accept)]))
        {
            Fail(new ClcFailure(WireError.None, SocketError.ConnectionReset));
            return;
        }

        Become(Accepted);
        ReadConfirm();
    }

    private void OnConfirm(ReadOnlySpan<byte> bytes)
    {
        WireError error = SmcdAccept.TryWrap(bytes, ClcType.Confirm, out SmcdAccept confirm);
        if (error == WireError.None) error = ClcChecks.CheckEcho(in confirm, in _accept, Session.Gid);
        if (error != WireError.None)
        {
            Fail(new ClcFailure(error, SocketError.Success));
            return;
        }

        if (_accept.FirstContact is { } contact && ClcChecks.CheckConfirmRelease(in confirm, contact.Release) is var reason && reason != SmcReason.None)
        {
            Decline(reason);
            return;
        }

        _device.Rendezvous?.Drain();   // the client's registration was sent before its Confirm
        _linkGroups.Tell(new LinkGroupProtocol.Establish(
            Session, _accept.LinkId, _accepted.Nonce, confirm.Token, confirm.SizeCode, _clc.TakeWatch(), _accepted.Local, _accepted.Remote, _receiver));
        _ownsSocket = false;
        _usesGroup = false;   // the group owns the attempt from here on, also where it fails
        Context.Stop(Self);
    }

    private void OnDecline()
    {
        WireError error = Transport.Wire.Clc.Decline.TryWrap(_clc.Message, out Decline decline);
        if (error != WireError.None) Fail(new ClcFailure(error, SocketError.Success));
        else
        {
            _log.Debug("The client declines: {0}", decline.Diagnosis);
            GoPlain(SmcReason.PeerDeclined);
        }
    }

    private void Decline(SmcReason reason)
    {
        Span<byte> buffer = stackalloc byte[ClcFraming.MaxLength];
        if (_clc.TryWrite(buffer[..ClcWriter.Write(buffer, new DeclineFields(2, reason))])) GoPlain(reason);
        else Fail(new ClcFailure(WireError.None, SocketError.ConnectionReset));
    }

    private void GoPlain(SmcReason reason)
    {
        _ownsSocket = false;
        if (TcpStreams.TryCreate(_accepted.Socket, _clc.Release(), reason, _table) is { } stream) _receiver.Deliver(stream);
        Context.Stop(Self);
    }

    private void Fail(ClcFailure failure)
    {
        if (failure.Error != WireError.None) _log.Warning("Handshake with {0} aborted: {1}", _accepted.Remote, failure.Error);
        else _log.Debug("Handshake with {0} ended: {1}", _accepted.Remote, failure.SocketError);
        Context.Stop(Self);
    }
}
