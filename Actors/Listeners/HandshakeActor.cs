using System.Net.Sockets;
using Akka.Actor;
using Akka.Event;
using Smc.Actors.Connections;
using Smc.Actors.Devices;
using Smc.Actors.Protocol;
using Smc.Actors.Settings;
using Smc.Actors.Telemetry;
using Smc.Transport;
using Smc.Transport.Paths.Smcd.Rendezvous;
using Smc.Transport.Paths.Tcp;
using Smc.Transport.Wire;
using Smc.Transport.Wire.Clc;
using static Smc.Actors.Protocol.HandshakeProtocol;
using static Smc.Actors.Protocol.RuntimeEvents;

namespace Smc.Actors.Listeners;

/// <summary>
/// The server's side of one handshake (CLC: Proposal, Accept, Confirm; Decline instead of the second).
/// <code>
/// state        a Proposal's header   other first bytes   Canceled, Lost   Proposal      Prepared      Unavailable      Confirm       Decline   deadline
/// Announced    -> Proposed           plain TCP           plain TCP        -             -             -                -             -         reset
/// Sniffing     -> Proposed           plain TCP           -                -             -             -                -             -         to the application, unjudged
/// Proposed     -                     -                   (ignored)        -> Offering,  -             -                -             plain     reset
///                                                                         Decline
/// Offering     -                     -                   (ignored)        -             -> Accepted,  Decline, plain   -             -         reset
///                                                                                       Decline
/// Accepted     -                     -                   (ignored)        -             -             -                to the group  plain     reset
/// </code>
/// After the announcement was matched it leaves SMC only by cancel, hang-up, first bytes that are no Proposal, or Decline. At its deadline it
/// resets and never falls back. A connection that nobody announced is sniffed, and held back no longer than that takes. It is long because these
/// are its states; what it says stands beside it.
/// </summary>
internal sealed class HandshakeActor : UntypedActor, IWithTimers
{
    private readonly AcceptedConnection _accepted;
    private readonly Announcement? _announcement;
    private readonly HandshakeSettings _settings;
    private readonly LoopbackDevice _device;
    private readonly IActorRef _linkGroups;
    private readonly ConnectionTable _table;
    private readonly HandshakeJournal _journal;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private ServerDialogue _dialogue = null!;   // from Begin on, before which nothing comes
    private bool _ownsSocket = true;
    private bool _usesGroup;

    public HandshakeActor(
        AcceptedConnection accepted,
        HandshakeSettings settings,
        LoopbackDevice device,
        IActorRef linkGroups,
        ConnectionTable table,
        LinkGroupProtocol.IStreamReceiver receiver)
    {
        _accepted = accepted;
        _announcement = accepted.Announcement;
        _settings = settings;
        _device = device;
        _linkGroups = linkGroups;
        _table = table;
        _journal = new HandshakeJournal(table.Events, ConnectionRole.Server, accepted.Remote, HandshakeStart.Now(), receiver)
        {
            Local = accepted.Local,
            Step = HandshakeStep.FirstBytes,
        };
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart()
    {
        try
        {
            Begin();
        }
        catch
        {
            Close();   // no hook runs after this
            throw;
        }
    }

    protected override void PostStop() => Close();

    protected override void OnReceive(object message) => Announced(message);

    private void Begin()
    {
        _dialogue = new ServerDialogue(_accepted, _device, _journal, Self);
        if (_announcement is { } announcement)
        {
            Await(_settings.ClcTimeout);
            announcement.Attempt.TellTo(Self);
            announcement.Session.Send(new Transport.Wire.Rendezvous.Matched(announcement.Nonce));
            _journal.Received(HandshakeMessageKind.Announce);
            _journal.Sent(HandshakeMessageKind.Matched);
            ReadFirst();
        }
        else
        {
            Await(_settings.SniffTimeout);
            Become(Sniffing);
            Sniff();
        }
    }

    private void Close()
    {
        _announcement?.Session.Unwatch(_announcement.Nonce);
        if (_usesGroup) _linkGroups.Tell(new LinkGroupProtocol.Abandon(_announcement!.Session, _announcement.Nonce));
        if (!_ownsSocket) return;
        _journal.Failed(nameof(SocketError.OperationAborted));   // stopped from above or crashed
        _dialogue?.Reset();
        _accepted.Socket.Reset();   // also where the dialogue has let go of it for a stream that could not be made
    }

    private void Announced(object message)
    {
        switch (message)
        {
            case ClcReadable: ReadFirst(); break;
            case Canceled or Lost: OnEnded(); break;
            default: Always(message); break;
        }
    }

    private void Sniffing(object message)
    {
        switch (message)
        {
            case ClcReadable: Sniff(); break;
            case Deadline: DeliverUnjudged(); break;
            default: Always(message); break;
        }
    }

    private void Proposed(object message)
    {
        switch (message)
        {
            case ClcReadable: Read(ClcType.Proposal); break;
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
            case ClcReadable: Read(ClcType.Confirm); break;
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

    /// <summary>The client has left SMC. Less than a header, where no more has come, is the application's.</summary>
    private void OnEnded()
    {
        if (!ReadFirst()) GoPlain(_announcement!.DecidedByEnd(_journal));
    }

    /// <returns>False where too little has come to judge.</returns>
    private bool ReadFirst()
    {
        ClcRead read = _dialogue.ReadFirst();
        if (read == ClcRead.Done) Judge();
        else if (read == ClcRead.Failed) Fail(_dialogue.Failure);
        return read != ClcRead.Waiting;
    }

    private void Sniff()
    {
        ClcRead read = _dialogue.ReadFirst();
        if (read == ClcRead.Failed)
        {
            Fail(_dialogue.Failure);
            return;
        }

        switch (_dialogue.FirstBytes)
        {
            case ClcSniff.Proposal:
                Await(_settings.ClcTimeout);
                Become(Proposed);
                Read(ClcType.Proposal);
                break;
            case ClcSniff.Undecided when read == ClcRead.Waiting:
                break;
            default:
                GoPlain(_journal.DecidedByPeer(SmcReason.PeerNoSmc));
                break;
        }
    }

    private void Read(ClcType awaited)
    {
        switch (_dialogue.Read(awaited))
        {
            case ClcHeard.Good when awaited == ClcType.Proposal: Prepare(); break;
            case ClcHeard.Good: Establish(); break;
            case ClcHeard.Unfit: Decline(_dialogue.Verdict.Decline); break;
            case ClcHeard.Decline: OnDecline(); break;
            case ClcHeard.Broken: Fail(_dialogue.Failure); break;
        }
    }

    private void Judge()
    {
        _device.Rendezvous?.Drain();   // a cancel was sent before the first plain byte, so it has been handled after this
        bool isProposal = _dialogue.FirstBytes == ClcSniff.Proposal;
        SmcReason ended = _announcement!.Attempt.Ended;
        if (ended == SmcReason.PeerCancelled || !isProposal)
        {
            GoPlain(ended == SmcReason.None ? _journal.DecidedByPeer(SmcReason.PeerNoSmc) : _announcement.DecidedByEnd(_journal));
        }
        else
        {
            // Also where the control socket has hung up since: a Proposal was sent before, and is not for the application. It gets a Decline.
            Become(Proposed);
            Read(ClcType.Proposal);
        }
    }

    private void Prepare()
    {
        _usesGroup = true;
        _journal.Step = HandshakeStep.Accept;
        Become(Offering);
        _linkGroups.Tell(new LinkGroupProtocol.PrepareServer(_announcement!.Session, _announcement.Nonce));
    }

    private void SendAccept(LinkGroupProtocol.Prepared prepared)
    {
        if (!_dialogue.TryReserveWatch())
        {
            Decline(SmcReason.OutOfMemory);
            return;
        }

        if (!_dialogue.TryAccept(prepared))
        {
            Fail(new ClcFailure(WireError.None, SocketError.ConnectionReset));
            return;
        }

        Become(Accepted);
        Read(ClcType.Confirm);
    }

    private void Establish()
    {
        _device.Rendezvous?.Drain();   // the client's registration was sent before its Confirm
        (PeerSession session, ulong nonce, _) = _announcement!;
        (ulong token, byte sizeCode) = _dialogue.Confirmed;
        _linkGroups.Tell(new LinkGroupProtocol.Establish(
            session, _dialogue.Accept.LinkId, nonce, token, sizeCode, _dialogue.TakeWatch(), _accepted.Local, _accepted.Remote, _journal));
        _ownsSocket = false;
        _usesGroup = false;   // the group owns the attempt from here on, also where it fails
        Context.Stop(Self);
    }

    private void OnDecline()
    {
        HandshakeDecision decision = _dialogue.Declined!;
        _log.Debug("{0} declines: {1}", _accepted.Remote, decision.PeerReason);
        if (_dialogue.IsOutOfSync && _usesGroup) _linkGroups.Tell(new LinkGroupProtocol.GroupOutOfSync(_announcement!.Session, _dialogue.Accept.LinkId));
        GoPlain(decision);
    }

    private void Decline(SmcReason reason)
    {
        if (_dialogue.TryDecline(reason)) GoPlain(_journal.Decide(reason));
        else Fail(new ClcFailure(WireError.None, SocketError.ConnectionReset));
    }

    private void GoPlain(HandshakeDecision decision) => Deliver(TcpStreams.TryCreate(_accepted.Socket, _dialogue.Release(), decision, _table), decision);

    private void DeliverUnjudged()
    {
        HandshakeDecision decision = _journal.DecidedByPeer(SmcReason.PeerNoSmc);
        Deliver(TcpStreams.TryCreateUnjudged(_accepted.Socket, _dialogue.Release(), decision, _table), decision);
    }

    private void Deliver(SmcStream? stream, HandshakeDecision decision)
    {
        _ownsSocket = false;
        if (stream is not null) _journal.Deliver(stream, decision);
        else _journal.Failed(nameof(SocketError.ConnectionReset));
        Context.Stop(Self);
    }

    private void Await(TimeSpan time) => Timers.StartSingleTimer(Deadline.Instance, Deadline.Instance, time);

    private void Fail(ClcFailure failure)
    {
        _journal.Failed(failure.ToString());
        if (failure.Error == WireError.None) _log.Debug("Handshake with {0} ended: {1}", _accepted.Remote, failure.SocketError);
        else _table.Count(failure.Error, _accepted.Remote, _log);
        Context.Stop(Self);
    }
}
