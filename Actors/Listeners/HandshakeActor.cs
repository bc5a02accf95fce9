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
internal sealed record AnnouncedConnection(Socket Socket, PeerSession Session, ulong Nonce);

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
    private readonly AttemptObserver _attempt;
    private readonly CancellationTokenSource _giveUp = new();
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
        _clc = new ClcChannel(accepted.Socket);
        _attempt = new AttemptObserver(Self);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    private PeerSession Session => _accepted.Session;

    protected override void PreStart()
    {
        Timers.StartSingleTimer(Deadline.Instance, Deadline.Instance, _settings.ClcTimeout);
        if (!Session.TryWatch(_accepted.Nonce, _attempt)) _attempt.Lost(Session);
        Session.Send(new Transport.Wire.Rendezvous.Matched(_accepted.Nonce));
        _clc.ReadFirstAsync(_giveUp.Token).PipeTo(Self);
    }

    protected override void PostStop()
    {
        Session.Unwatch(_accepted.Nonce);
        if (_usesGroup) _linkGroups.Tell(new LinkGroupProtocol.Abandon(Session, _accepted.Nonce));
        if (_ownsSocket) Reset();
        _giveUp.Dispose();
    }

    protected override void OnReceive(object message) => Announced(message);

    private void Announced(object message)
    {
        switch (message)
        {
            case FirstBytes first: Judge(first.Count); break;
            case Canceled or Lost: _giveUp.Cancel(); break;   // the read ends, and what it has is the application's
            default: Always(message); break;
        }
    }

    private void Proposed(object message)
    {
        switch (message)
        {
            case ClcMessage { Header.Type: ClcType.Decline } decline: OnDecline(decline); break;
            case ClcMessage proposal: OnProposal(proposal.Bytes.Span); break;
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
            case ClcMessage { Header.Type: ClcType.Decline } decline: OnDecline(decline); break;
            case ClcMessage confirm: OnConfirm(confirm.Bytes.Span); break;
            default: Always(message); break;
        }
    }

    private void Always(object message)
    {
        switch (message)
        {
            case ClcFailed failed: Fail(failed); break;
            case Deadline: Fail(new ClcFailed(WireError.None, SocketError.TimedOut)); break;
            case Canceled or Lost: break;   // too late: the Proposal has come
            default: Unhandled(message); break;
        }
    }

    private void Judge(int count)
    {
        _device.Rendezvous?.Drain();   // a cancel was sent before the first plain byte, so it has been handled after this
        bool isProposal = count == ClcHeader.Size && ClcFraming.Sniff(_clc.Unread.Span) == ClcSniff.Proposal;
        if (_attempt.Ended != SmcReason.None)
        {
            GoPlain(_attempt.Ended);
        }
        else if (!isProposal)
        {
            GoPlain(SmcReason.PeerNoSmc);
        }
        else
        {
            Become(Proposed);
            _clc.ReadAsync(ClcType.Proposal).PipeTo(Self);
        }
    }

    private void OnProposal(ReadOnlySpan<byte> bytes)
    {
        WireError error = Proposal.TryWrap(bytes, out Proposal proposal);
        if (error != WireError.None)
        {
            Fail(new ClcFailed(error, SocketError.Success));
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
            Fail(new ClcFailed(WireError.None, SocketError.ConnectionReset));
            return;
        }

        Become(Accepted);
        _clc.ReadAsync(ClcType.Confirm).PipeTo(Self);
    }

    private void OnConfirm(ReadOnlySpan<byte> bytes)
    {
        WireError error = SmcdAccept.TryWrap(bytes, ClcType.Confirm, out SmcdAccept confirm);
        if (error == WireError.None) error = ClcChecks.CheckEcho(in confirm, in _accept, Session.Gid);
        if (error != WireError.None)
        {
            Fail(new ClcFailed(error, SocketError.Success));
            return;
        }

        if (_accept.FirstContact is { } contact && ClcChecks.CheckConfirmRelease(in confirm, contact.Release) is var reason && reason != SmcReason.None)
        {
            Decline(reason);
            return;
        }

        _device.Rendezvous?.Drain();   // the client's registration was sent before its Confirm
        _linkGroups.Tell(new LinkGroupProtocol.Establish(
            Session, _accept.LinkId, _accepted.Nonce, confirm.Token, confirm.SizeCode, _accepted.Socket, _receiver));
        _ownsSocket = false;
        _usesGroup = false;   // the group owns the attempt from here on, also where it fails
        Context.Stop(Self);
    }

    private void OnDecline(ClcMessage message)
    {
        WireError error = Transport.Wire.Clc.Decline.TryWrap(message.Bytes.Span, out Decline decline);
        if (error != WireError.None) Fail(new ClcFailed(error, SocketError.Success));
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
        else Fail(new ClcFailed(WireError.None, SocketError.ConnectionReset));
    }

    private void GoPlain(SmcReason reason)
    {
        _ownsSocket = false;
        _receiver.Deliver(TcpStreams.Create(_accepted.Socket, _clc.Unread.ToArray(), reason, _table));
        Context.Stop(Self);
    }

    private void Fail(ClcFailed failure)
    {
        EndPoint? peer = _accepted.Socket.RemoteEndPoint;
        if (failure.Error != WireError.None) _log.Warning("Handshake with {0} aborted: {1}", peer, failure.Error);
        else _log.Debug("Handshake with {0} ended: {1}", peer, failure.SocketError);
        Context.Stop(Self);
    }

    private void Reset()
    {
        _accepted.Socket.LingerState = new LingerOption(enable: true, seconds: 0);
        _accepted.Socket.Dispose();
    }
}
