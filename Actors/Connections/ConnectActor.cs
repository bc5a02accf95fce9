using System.Net;
using System.Net.Sockets;
using Akka.Actor;
using Akka.Event;
using Smc.Actors.Devices;
using Smc.Actors.Protocol;
using Smc.Actors.Settings;
using Smc.Actors.Telemetry;
using Smc.Transport;
using Smc.Transport.Interop.Linux;
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
///                                both: Proposal -> Proposed
/// Proposed   -                   -              -               -           -> Preparing, TCP    -            -               TimedOut
/// Preparing  -                   -              -               -           -                    Confirm      Decline, TCP    TimedOut
/// Probing    -                   Proposal       -               -           Decline, TCP; TCP    -            -               -> Plain, anew
///                                                                           anything else: -> Plain, anew
/// Plain      -                   TCP            -               -           -                    -            -               -
/// </code>
/// After the Proposal of an announced connection it fails with TimedOut, never falls back in silence, and never says cancel. A server that nobody
/// announced anything to may not know what a Proposal is: where it does not answer in SMC, that connection is given up, and a new one is plain
/// from its first byte.
/// </summary>
internal sealed class ConnectActor : UntypedActor, IWithTimers, LinkGroupProtocol.IStreamReceiver
{
    private readonly Connect _request;
    private readonly HandshakeSettings _settings;
    private readonly LoopbackDevice _device;
    private readonly IActorRef _directory;
    private readonly IActorRef _linkGroups;
    private readonly ConnectionTable _table;
    private readonly HandshakeJournal _journal;
    private readonly Announcements _announced;
    private readonly ClientHandshake _handshake;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private CancellationTokenRegistration _canceled;
    private Socket? _socket;
    private TcpConnector? _connector;
    private DescriptorWatch? _opening;
    private IPEndPoint? _local;
    private ClcChannel? _clc;
    private PeerSession? _session;
    private HandshakeDecision? _decision;   // for TCP, before the connection is made
    private bool _usesGroup;
    private bool _isOver;   // the caller has been answered, or a group owes it the answer

    public ConnectActor(
        Connect request, HandshakeSettings settings, LoopbackDevice device, IActorRef directory, IActorRef linkGroups, ConnectionTable table)
    {
        _request = request;
        _settings = settings;
        _device = device;
        _directory = directory;
        _linkGroups = linkGroups;
        _table = table;
        _journal = new HandshakeJournal(table.Events, ConnectionRole.Client, request.EndPoint, request.Start, this);
        _announced = new Announcements(new AttemptObserver(Self));
        _handshake = new ClientHandshake(device);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public void Deliver(SmcStream stream)
    {
        if (!_request.Promise.TrySetResult(stream)) stream.Abort();   // the caller has gone
    }

    public void Fail(SocketError reason) => _request.Promise.TrySetException(new SocketException((int)reason));

    protected override void PreStart()
    {
        IActorRef self = Self;
        _canceled = _request.CancellationToken.UnsafeRegister(_ => self.Tell(CallerCanceled.Instance, ActorRefs.NoSender), null);
        if (_device.Rendezvous is null)
        {
            ConnectPlain(_device.Down);
            return;
        }

        _journal.Step = HandshakeStep.LookUp;
        Timers.StartSingleTimer(Deadline.Instance, Deadline.Instance, _settings.ClcTimeout);   // a directory that is gone answers nothing
        _directory.Tell(new FindPeers(_request.EndPoint));
    }

    protected override void PostStop()
    {
        _canceled.Dispose();
        _announced.Unwatch();
        if (_usesGroup) _linkGroups.Tell(new LinkGroupProtocol.Abandon(_session!, _announced.Nonce));
        _clc?.Reset();
        _opening?.Dispose();
        _connector?.Dispose();
        _socket?.Dispose();

        // Stopped from above or crashed: the caller hears of it all the same.
        if (!_isOver) _journal.Fail(SocketError.OperationAborted);
    }

    protected override void OnReceive(object message) => Looking(message);

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
            case TcpConnected: OnOpening(_connector!.Finish()); break;
            case HandshakeProtocol.Matched matched:
                _session = matched.Session;
                _journal.Received(HandshakeMessageKind.Matched);
                if (_socket is not null) Propose();
                break;
            case Lost lost:
                _announced.Remove(lost.Session);
                if (_session == lost.Session) _session = null;
                if (_announced.Count == 0) OnAllLost();
                break;
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
            case Status.Failure { Cause: SocketException cause }: End(cause); break;
            case Deadline: End(new SocketException((int)SocketError.TimedOut)); break;
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
        SocketError error = TcpConnector.TryOpen(_request.EndPoint, out _connector);
        if (error != SocketError.Success)
        {
            End(new SocketException((int)error));
            return;
        }

        _journal.Step = HandshakeStep.Announcement;
        if (!_connector!.TryBind())
        {
            _connector.Dispose();
            ConnectPlain(SmcReason.BindFailed);
            return;
        }

        _local = _connector.Local;
        _journal.Local = _local;
        _journal.Sent(HandshakeMessageKind.Announce);
        _announced.Announce(sessions, _local, _request.EndPoint);
        _journal.Step = HandshakeStep.Match;
        Become(Matching);
        OnOpening(_connector.Begin());
    }

    private void OnOpening(SocketError state)
    {
        if (state == SocketError.InProgress)
        {
            AwaitOpening();
        }
        else if (state != SocketError.Success)
        {
            End(new SocketException((int)state));
        }
        else
        {
            _opening?.Dispose();
            _socket = _connector!.Take();
            _journal.Sent(HandshakeMessageKind.Connected);
            Timers.StartSingleTimer(Deadline.Instance, Deadline.Instance, _settings.MatchTimeout);
            if (_session is not null) Propose();
            else if (_announced.Count == 0) Cancel(SmcReason.ControlSocketLost);
        }
    }

    private void AwaitOpening()
    {
        if (_opening is null && _device.Rendezvous is { } rendezvous)
        {
            IActorRef self = Self;
            _opening = rendezvous.Watch(_connector!.Handle);
            _opening.Ready = () => self.Tell(TcpConnected.Instance, ActorRefs.NoSender);
        }

        if (_opening is null) End(new SocketException((int)SocketError.NetworkDown));   // the device went down at this moment: nobody would say when it is open
        else if (!_opening.ArmForWriting()) End(new SocketException((int)SocketError.NoBufferSpaceAvailable));
    }

    /// <summary>Where the device went down, and not the peer, its reactor will not say when the connection is open: the next one does.</summary>
    private void OnAllLost()
    {
        if (_socket is not null)
        {
            Cancel(SmcReason.ControlSocketLost);
        }
        else if (_opening is not null)
        {
            _opening.Dispose();
            _opening = null;
            AwaitOpening();
        }
    }

    private void Propose()
    {
        Timers.StartSingleTimer(Deadline.Instance, Deadline.Instance, _settings.ClcTimeout);
        _announced.Cancel(SmcReason.PeerCancelled, except: _session);
        if (_device.Rendezvous is not { } rendezvous)
        {
            Cancel(_device.Down);
            return;
        }

        _usesGroup = true;   // from here on the server may register a DMB
        if (!TrySendProposal(rendezvous))
        {
            End(new SocketException((int)SocketError.ConnectionReset));
            return;
        }

        Become(Proposed);
        ReadAccept();
    }

    private bool TrySendProposal(HostRendezvous rendezvous)
    {
        _clc = new ClcChannel(_socket!, rendezvous, _device.ClcBuffers, Self);
        Span<byte> buffer = stackalloc byte[ClcFraming.MaxLength];
        if (!_clc.TryWrite(buffer[.._handshake.WriteProposal(buffer)])) return false;
        _journal.Sent(HandshakeMessageKind.Proposal);
        _journal.Step = HandshakeStep.Proposal;
        return true;
    }

    private void Probe()
    {
        _journal.Sent(HandshakeMessageKind.Connected);
        if (_device.Rendezvous is not { } rendezvous)
        {
            GoPlain(_journal.Decide(_device.Down));
            return;
        }

        Timers.StartSingleTimer(Deadline.Instance, Deadline.Instance, _settings.MatchTimeout);
        if (TrySendProposal(rendezvous)) ReadAnswer();
        else ConnectAnew();
    }

    /// <summary>Only a Decline can be meant: without a control socket there is no memory to accept.</summary>
    private void ReadAnswer()
    {
        ClcRead read = _clc!.TryRead(ClcType.Decline);
        bool isDecline = read switch
        {
            ClcRead.Done => Transport.Wire.Clc.Decline.TryWrap(_clc.Message, out _) == WireError.None,
            ClcRead.Waiting => _clc.Unread.Length >= ClcHeader.Size || ClcFraming.CouldBegin(_clc.Unread, ClcType.Decline),
            _ => false,
        };
        if (!isDecline) ConnectAnew();
        else if (read == ClcRead.Done) OnDecline();
    }

    private void ConnectAnew()
    {
        _directory.Tell(new NoSmcAt(_request.EndPoint));
        _clc!.Reset();
        _clc = null;
        ConnectPlain(SmcReason.PeerNoSmc);
        _decision = _journal.DecidedByPeer(SmcReason.PeerNoSmc);   // it answered with something else, or not at all
    }

    private void ReadAccept()
    {
        switch (_clc!.TryRead(ClcType.Accept))
        {
            case ClcRead.Failed: Abort(_clc.Failure); break;
            case ClcRead.Done when _clc.Header.Type == ClcType.Decline: OnDecline(); break;
            case ClcRead.Done: OnAccept(_clc.Header, _clc.Message); break;
        }
    }

    private void OnAccept(ClcHeader header, ReadOnlySpan<byte> message)
    {
        _journal.Received(HandshakeMessageKind.Accept);
        _journal.Step = HandshakeStep.Accept;
        var (decline, breach) = _handshake.Judge(header, message, _session!.Gid);
        if (decline != SmcReason.None)
        {
            if (breach != WireError.None) Count(breach);
            Decline(decline);
            return;
        }

        if (breach != WireError.None)
        {
            Abort(new ClcFailure(breach, SocketError.Success));
            return;
        }

        _device.Rendezvous?.Drain();   // the server's registration was sent before its Accept
        _journal.Step = HandshakeStep.Confirm;
        Become(Preparing);
        SmcdAcceptFields accept = _handshake.Accept;
        _linkGroups.Tell(new LinkGroupProtocol.PrepareClient(_session!, accept.LinkId, _announced.Nonce, accept.Token, accept.SizeCode));
    }

    private void Confirm(LinkGroupProtocol.Prepared prepared)
    {
        Span<byte> buffer = stackalloc byte[ClcFraming.MaxLength];
        if (!_clc!.TryWrite(buffer[.._handshake.WriteConfirm(buffer, prepared)]))
        {
            End(new SocketException((int)SocketError.ConnectionReset));
            return;
        }

        _journal.Sent(HandshakeMessageKind.Confirm);
        SmcdAcceptFields accept = _handshake.Accept;
        _linkGroups.Tell(new LinkGroupProtocol.Establish(
            _session!, accept.LinkId, _announced.Nonce, accept.Token, accept.SizeCode, _clc.TakeWatch(), _local!, _request.EndPoint, _journal));
        _socket = null;
        _clc = null;
        _usesGroup = false;   // the group owns the attempt from here on, also where it fails
        _isOver = true;
        Context.Stop(Self);
    }

    private void OnDecline()
    {
        WireError error = Transport.Wire.Clc.Decline.TryWrap(_clc!.Message, out Decline decline);
        if (error != WireError.None)
        {
            Abort(new ClcFailure(error, SocketError.Success));
            return;
        }

        _log.Debug("{0} declines: {1}", _request.EndPoint, decline.Diagnosis);
        _journal.Received(HandshakeMessageKind.Decline);
        GoPlain(_journal.DecidedByPeer(SmcReason.PeerDeclined, decline.Diagnosis));
    }

    private void Decline(SmcReason reason)
    {
        Span<byte> buffer = stackalloc byte[ClcFraming.MaxLength];
        if (_clc!.TryWrite(buffer[..ClcWriter.Write(buffer, new DeclineFields(2, reason))]))
        {
            _journal.Sent(HandshakeMessageKind.Decline);
            GoPlain(_journal.Decide(reason));
        }
        else
        {
            End(new SocketException((int)SocketError.ConnectionReset));
        }
    }

    /// <summary>Gives SMC up before the Proposal: the listeners hear of it before the first plain byte.</summary>
    private void Cancel(SmcReason reason)
    {
        _announced.Cancel(reason);
        if (_announced.Count > 0) _journal.Sent(HandshakeMessageKind.Cancel);
        GoPlain(_journal.Decide(reason));
    }

    private void GoPlain(HandshakeDecision decision)
    {
        Socket socket = _socket!;
        _socket = null;
        byte[] early = _clc?.Release() ?? [];
        _clc = null;
        socket.Blocking = true;
        if (TcpStreams.TryCreate(socket, early, decision, _table) is { } stream) _journal.Deliver(stream, decision);
        else _journal.Fail(SocketError.ConnectionReset);
        _isOver = true;
        Context.Stop(Self);
    }

    private void Abort(ClcFailure failure)
    {
        if (failure.Error != WireError.None) Count(failure.Error);
        SocketError error = failure.SocketError switch
        {
            SocketError.Success => SocketError.ConnectionAborted,
            SocketError.Disconnecting => SocketError.ConnectionReset,
            _ => failure.SocketError,
        };
        _journal.Failed(failure.ToString());
        End(new SocketException((int)error));
    }

    private void Count(WireError error)
    {
        if (_table.Count(error, _request.EndPoint.Address))
            _log.Warning("{0} broke a rule of the handshake: {1}. More of this are counted only.", _request.EndPoint, error);
    }

    /// <summary>Fails. Before its Proposal it says cancel; after it that would call the Proposal plain bytes, which a server that has not read
    /// it yet would give to its application.</summary>
    private void End(Exception failure)
    {
        if (_clc is null)
        {
            _announced.Cancel(SmcReason.PeerCancelled);
            if (_announced.Count > 0) _journal.Sent(HandshakeMessageKind.Cancel);
        }

        _journal.Failed(failure is SocketException { SocketErrorCode: var error } ? error.ToString() : "Canceled");
        _request.Promise.TrySetException(failure);
        _isOver = true;
        Context.Stop(Self);
    }

    private static Exception Unwrap(Exception e) => e is AggregateException { InnerException: { } inner } ? inner : e;
}
