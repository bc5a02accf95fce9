using System.Net.Sockets;
using Akka.Actor;
using Akka.Event;
using Smc.Actors.Devices;
using Smc.Actors.Protocol;
using Smc.Actors.Settings;
using Smc.Actors.Telemetry;
using Smc.Transport;
using Smc.Transport.Paths.Smcd.Rendezvous;
using Smc.Transport.Wire;
using Smc.Transport.Wire.Clc;
using static Smc.Actors.Protocol.HandshakeProtocol;
using static Smc.Actors.Protocol.RuntimeEvents;

namespace Smc.Actors.Connections;

/// <summary>
/// The client's side of one connection: looks the endpoint up, announces, connects, and runs the handshake (CLC: Proposal, Accept, Confirm;
/// Decline instead of the third).
/// <code>
/// state      Sessions            TcpConnected   Matched         Lost (all)  Accept, Decline      Prepared     Unavailable     deadline
/// Looking    some: -> Matching   -              -               -           -                    -            -               -> Plain
///            none: -> Plain, or -> Probing; the device goes down: -> Plain
/// Matching   -                   (noted)        (noted)         TCP         -                    -            -               cancel, TCP
///                                both: Proposal -> Proposed; not connected, and the device goes down: -> Plain, anew
/// Proposed   -                   -              -               -           -> Preparing, TCP    -            -               TimedOut
/// Preparing  -                   -              -               -           -                    Confirm      Decline, TCP    TimedOut
/// Probing    -                   Proposal       -               -           Decline, TCP; TCP    -            -               -> Plain, anew
///                                                                           anything else: -> Plain, anew
/// Plain      -                   TCP            -               -           -                    -            -               -
/// </code>
/// After the Proposal of an announced connection it fails with TimedOut, never falls back in silence, and never says cancel. A server that nobody
/// announced anything to may not know what a Proposal is: where it does not answer in SMC, that connection is given up, and a new one is plain
/// from its first byte. It is long because these are its states; what it says and opens stands beside it.
/// </summary>
internal sealed class ConnectActor : UntypedActor, IWithTimers
{
    private readonly Connect _request;
    private readonly HandshakeSettings _settings;
    private readonly LoopbackDevice _device;
    private readonly IActorRef _directory;
    private readonly IActorRef _linkGroups;
    private readonly ConnectionTable _table;
    private readonly CallerAnswer _answer;
    private readonly HandshakeJournal _journal;
    private readonly AnnouncedOpening _opening;
    private readonly ClientDialogue _dialogue;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private CancellationTokenRegistration _canceled;
    private Socket? _socket;
    private HandshakeDecision? _decision;   // for TCP, before the connection is made
    private bool _usesGroup;

    public ConnectActor(
        Connect request, HandshakeSettings settings, LoopbackDevice device, IActorRef directory, IActorRef linkGroups, ConnectionTable table)
    {
        _request = request;
        _settings = settings;
        _device = device;
        _directory = directory;
        _linkGroups = linkGroups;
        _table = table;
        _answer = new CallerAnswer(request, table);
        _journal = _answer.Journal;
        _opening = new AnnouncedOpening(request.EndPoint, device, _journal, Self);
        _dialogue = new ClientDialogue(device, _journal, Self);
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

    protected override void OnReceive(object message) => Looking(message);

    private void Begin()
    {
        IActorRef self = Self;
        _canceled = _request.CancellationToken.UnsafeRegister(_ => self.Tell(CallerCanceled.Instance, ActorRefs.NoSender), null);
        if (_device.Rendezvous is null)
        {
            ConnectPlain(_device.Down);
            return;
        }

        _journal.Step = HandshakeStep.LookUp;
        Await(_settings.ClcTimeout);   // a directory that is gone answers nothing
        _directory.Tell(new FindPeers(_request.EndPoint));
    }

    private void Close()
    {
        _canceled.Dispose();
        _opening.Dispose();
        if (_usesGroup) _linkGroups.Tell(new LinkGroupProtocol.Abandon(_opening.Session!, _opening.Nonce));
        _dialogue.Reset();
        _socket?.Dispose();

        // Stopped from above or crashed: the caller hears of it all the same.
        if (!_answer.IsSettled) _journal.Fail(SocketError.OperationAborted);
    }

    private void Looking(object message)
    {
        switch (message)
        {
            case Sessions { Open.Count: 0, MayPropose: true } none:
                Timers.Cancel(Deadline.Instance);
                Become(Probing);
                Connect(none.Reason);
                break;
            case Sessions { Open.Count: 0 } none: ConnectPlain(none.Reason); break;
            case Sessions found:
                Timers.Cancel(Deadline.Instance);
                Announce(found.Open);
                break;
            case ListenerProtocol.DeviceChanged when _device.Rendezvous is null: ConnectPlain(_device.Down); break;   // nobody may be left to answer
            case Deadline: ConnectPlain(SmcReason.RegistryUnavailable); break;
            default: Always(message); break;
        }
    }

    private void Matching(object message)
    {
        switch (message)
        {
            case TcpConnected: Take(_opening.OnConnected()); break;
            case HandshakeProtocol.Matched matched: Take(_opening.OnMatched(matched.Session)); break;
            case Lost lost: Take(_opening.OnLost(lost.Session)); break;
            case Deadline: Cancel(SmcReason.MatchTimeout); break;
            default: Always(message); break;
        }
    }

    private void Proposed(object message)
    {
        switch (message)
        {
            case ClcReadable: ReadAccept(); break;
            default: Always(message); break;
        }
    }

    private void Preparing(object message)
    {
        switch (message)
        {
            case LinkGroupProtocol.Prepared prepared: Confirm(prepared); break;
            case LinkGroupProtocol.Unavailable unavailable: Decline(unavailable.Reason); break;
            default: Always(message); break;
        }
    }

    private void Probing(object message)
    {
        switch (message)
        {
            case TcpConnected: Probe(); break;
            case ClcReadable: ReadAnswer(); break;
            case Deadline: ConnectAnew(); break;
            default: Always(message); break;
        }
    }

    private void Plain(object message)
    {
        if (message is not TcpConnected)
        {
            Always(message);
            return;
        }

        _journal.Sent(HandshakeMessageKind.Connected);
        GoPlain(_decision!);
    }

    private void Always(object message)
    {
        switch (message)
        {
            case Status.Failure failure: End(failure.Cause as SocketException ?? new SocketException((int)SocketError.OperationAborted)); break;
            case Deadline: End(SocketError.TimedOut); break;
            case CallerCanceled: End(new OperationCanceledException(_request.CancellationToken)); break;
            case HandshakeProtocol.Matched or Lost or Sessions: break;   // another listener of the endpoint, or too late to matter
            case ListenerProtocol.DeviceChanged: break;      // what is open of it says so itself
            case ClcReadable: break;                         // of a connection that was given up
            default: Unhandled(message); break;
        }
    }

    /// <summary>Plain TCP from its first byte.</summary>
    private void ConnectPlain(SmcReason reason)
    {
        Timers.Cancel(Deadline.Instance);
        Become(Plain);
        Connect(reason);
    }

    /// <summary>Connects without an announcement.</summary>
    /// <param name="reason">Why it will be plain TCP, if it will.</param>
    private void Connect(SmcReason reason)
    {
        _decision = _journal.Decide(reason);
        try
        {
            _socket = new Socket(_request.EndPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            _socket.ConnectAsync(_request.EndPoint)
                .PipeTo(Self, success: static () => TcpConnected.Instance, failure: static e => new Status.Failure(Unwrap(e)));
        }
        catch (SocketException e)
        {
            End(e);
        }
    }

    private void Announce(IReadOnlyList<PeerSession> sessions)
    {
        if (!_opening.TryBind(out bool isBound)) End(_opening.Failure);
        else if (!isBound) ConnectPlain(SmcReason.BindFailed);
        else Match(sessions);
    }

    private void Match(IReadOnlyList<PeerSession> sessions)
    {
        Become(Matching);
        Take(_opening.Begin(sessions));
    }

    private void Take(OpeningStep step)
    {
        _socket = _opening.Socket;
        switch (step)
        {
            case OpeningStep.Match: Await(_settings.MatchTimeout); break;
            case OpeningStep.Propose: Propose(); break;
            case OpeningStep.Cancel: Cancel(SmcReason.ControlSocketLost); break;
            case OpeningStep.GiveUp: GiveUp(); break;
            case OpeningStep.Fail: End(_opening.Failure); break;
        }
    }

    /// <summary>The announced connection is given up, and another is made.</summary>
    private void GiveUp()
    {
        _opening.Cancel(_device.Down);
        _opening.Dispose();
        ConnectPlain(_device.Down);
    }

    private void Propose()
    {
        Await(_settings.ClcTimeout);
        _opening.CancelOthers();
        if (_device.Rendezvous is not { } rendezvous)
        {
            Cancel(_device.Down);
            return;
        }

        _usesGroup = true;   // from here on the server may register a DMB
        if (!_dialogue.TryPropose(_socket!, rendezvous))
        {
            End(SocketError.ConnectionReset);
            return;
        }

        Become(Proposed);
        ReadAccept();
    }

    private void Probe()
    {
        _journal.Sent(HandshakeMessageKind.Connected);
        if (_device.Rendezvous is not { } rendezvous)
        {
            GoPlain(_journal.Decide(_device.Down));
            return;
        }

        Await(_settings.MatchTimeout);
        if (_dialogue.TryPropose(_socket!, rendezvous)) ReadAnswer();
        else ConnectAnew();
    }

    private void ReadAnswer()
    {
        switch (_dialogue.ReadDecline())
        {
            case ClcHeard.Waiting: break;
            case ClcHeard.Decline: OnDecline(); break;
            default: ConnectAnew(); break;
        }
    }

    private void ConnectAnew()
    {
        _directory.Tell(new NoSmcAt(_request.EndPoint));
        _dialogue.Reset();
        ConnectPlain(SmcReason.PeerNoSmc);
        _decision = _journal.DecidedByPeer(SmcReason.PeerNoSmc);   // it answered with something else, or not at all
    }

    private void ReadAccept()
    {
        switch (_dialogue.Read(_opening.Session!.Gid))
        {
            case ClcHeard.Good: Prepare(_dialogue.Accept); break;
            case ClcHeard.Unfit:
                if (_dialogue.Verdict.Breach != WireError.None) _table.Count(_dialogue.Verdict.Breach, _request.EndPoint, _log);
                Decline(_dialogue.Verdict.Decline);
                break;
            case ClcHeard.Decline: OnDecline(); break;
            case ClcHeard.Broken: Abort(_dialogue.Failure); break;
        }
    }

    private void Prepare(SmcdAcceptFields accept)
    {
        _device.Rendezvous?.Drain();   // the server's registration was sent before its Accept
        _journal.Step = HandshakeStep.Confirm;
        Become(Preparing);
        _linkGroups.Tell(new LinkGroupProtocol.PrepareClient(_opening.Session!, accept.LinkId, _opening.Nonce, accept.Token, accept.SizeCode));
    }

    private void Confirm(LinkGroupProtocol.Prepared prepared)
    {
        if (!_dialogue.TryReserveWatch())
        {
            Decline(SmcReason.OutOfMemory);
            return;
        }

        if (!_dialogue.TryConfirm(prepared))
        {
            End(SocketError.ConnectionReset);
            return;
        }

        SmcdAcceptFields accept = _dialogue.Accept;
        _linkGroups.Tell(new LinkGroupProtocol.Establish(
            _opening.Session!, accept.LinkId, _opening.Nonce, accept.Token, accept.SizeCode, _dialogue.TakeWatch(), _opening.Local, _request.EndPoint, _answer.LeaveToGroup()));
        _socket = null;
        _usesGroup = false;   // the group owns the attempt from here on, also where it fails
        Context.Stop(Self);
    }

    private void OnDecline()
    {
        HandshakeDecision decision = _dialogue.Declined!;
        _log.Debug("{0} declines: {1}", _request.EndPoint, decision.PeerReason);
        GoPlain(decision);
    }

    private void Decline(SmcReason reason)
    {
        if (_dialogue.TryDecline(reason)) GoPlain(_journal.Decide(reason));
        else End(SocketError.ConnectionReset);
    }

    /// <summary>Gives SMC up before the Proposal: the listeners hear of it before the first plain byte.</summary>
    private void Cancel(SmcReason reason)
    {
        _opening.Cancel(reason);
        GoPlain(_journal.Decide(reason));
    }

    private void GoPlain(HandshakeDecision decision)
    {
        _answer.GivePlain(_socket!, _dialogue.Release(), decision);
        _socket = null;   // until then it is this actor that closes it
        Context.Stop(Self);
    }

    private void Abort(ClcFailure failure)
    {
        if (failure.Error != WireError.None) _table.Count(failure.Error, _request.EndPoint, _log);
        _journal.Failed(failure.ToString());
        End(failure.Outcome);
    }

    private void Await(TimeSpan time) => Timers.StartSingleTimer(Deadline.Instance, Deadline.Instance, time);

    private void End(SocketError error) => End(new SocketException((int)error));

    /// <summary>Fails. Before its Proposal it says cancel; after it that would call the Proposal plain bytes, which a server that has not read
    /// it yet would give to its application.</summary>
    private void End(Exception failure)
    {
        if (!_dialogue.IsOpen) _opening.Cancel(SmcReason.PeerCancelled);
        _answer.GiveFailure(failure);
        Context.Stop(Self);
    }

    private static Exception Unwrap(Exception e) => e is AggregateException { InnerException: { } inner } ? inner : e;
}
