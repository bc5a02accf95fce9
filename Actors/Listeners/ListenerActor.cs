using System.Net;
using System.Net.Sockets;
using Akka.Actor;
using Akka.Event;
using Smc.Actors.Connections;
using Smc.Actors.Devices;
using Smc.Actors.Directory;
using Smc.Actors.Protocol;
using Smc.Actors.Settings;
using Smc.Actors.Telemetry;
using Smc.Transport;
using Smc.Transport.Paths.Smcd.Rendezvous;
using Smc.Transport.Paths.Tcp;
using static Smc.Actors.Protocol.ListenerProtocol;

namespace Smc.Actors.Listeners;

/// <summary>
/// Accepts the connections of one endpoint. One that was announced gets a handshake; one of a host that speaks SMC, as far as anybody knows, is
/// sniffed; any other is plain TCP, at once and untouched.
/// Publishes the endpoint in the host registry as long as it lives. A device that goes down takes its reactor and its registry entry along:
/// without one the listener waits by a task, and a new one is told the endpoint again. A listener that crashes starts again on the same socket:
/// only handshakes that were under way are reset.
/// </summary>
internal sealed class ListenerActor : UntypedActor, IWithTimers
{
    /// <summary>How long to wait where the process has no descriptor left for the next connection.</summary>
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(100);

    private readonly Socket _socket;
    private readonly IPEndPoint _endPoint;
    private readonly AcceptQueue _queue;
    private readonly ListenerSettings _settings;
    private readonly LoopbackDevice _device;
    private readonly PeerPolicy _policy;
    private readonly ConnectionTable _table;
    private readonly HandshakeFactory _handshakeFactory;
    private readonly ListenerTable _listeners;
    private readonly Acceptor _acceptor;
    private readonly HandshakeAdmission _admission;
    private readonly UnbegunChildren _unbegun = new(begun: Directive.Stop);
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly WarningPace _pace = new();
    private readonly ListenerCounters _counters;
    private HostRendezvous? _rendezvous;

    public ListenerActor(
        Socket socket,
        AcceptQueue queue,
        ListenerSettings settings,
        LoopbackDevice device,
        PeerPolicy policy,
        ConnectionTable table,
        ListenerTable listeners,
        HandshakeFactory handshakeFactory)
    {
        _socket = socket;
        _endPoint = (IPEndPoint)socket.LocalEndPoint!;
        _queue = queue;
        _settings = settings;
        _device = device;
        _policy = policy;
        _table = table;
        _handshakeFactory = handshakeFactory;
        _listeners = listeners;
        _counters = listeners.Add(queue, _endPoint, settings.AcceptQueue);
        _admission = new HandshakeAdmission(settings.AcceptQueue);
        IActorRef self = Self;
        _acceptor = new Acceptor(socket, self);
        _queue.Taken = () => self.Tell(Taken.Instance, ActorRefs.NoSender);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart()
    {
        try
        {
            FollowDevice();
            Accept();
            Publish();
        }
        catch
        {
            Close();   // no hook runs after this
            throw;
        }
    }

    /// <summary>The socket, and what waits to be taken, are the successor's. What was handed out is not asked for again.</summary>
    protected override void PreRestart(Exception reason, object message)
    {
        _acceptor.Close();
        if (message is Listening listening) listening.Promise.TrySetResult(listening.Listener);
        _admission.ResetWaiting();
        foreach (IActorRef handshake in Context.GetChildren())
        {
            Context.Unwatch(handshake);
            Context.Stop(handshake);
        }
    }

    protected override void PostStop()
    {
        Close();
        _queue.Close();
    }

    protected override SupervisorStrategy SupervisorStrategy() => _unbegun.Strategy;

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Acceptable ready when _acceptor.IsOwn(ready):
                _acceptor.End();
                AcceptReady();
                Accept();
                break;
            case Acceptable:
                break;   // of a device that has gone down since
            case Accepted accepted when accepted.Acceptor == _acceptor:
                _acceptor.End();
                if (_acceptor.Take() is { } come) Sort(come);
                Accept();
                break;
            case AcceptFailed failed when failed.Acceptor == _acceptor && failed.Error != SocketError.OperationAborted:
                RetryLater(failed.Error);
                break;
            case Accepted or AcceptFailed:
                break;   // the listener is closing, or the one that waited has crashed
            case HandshakeOver over:
                if (_unbegun.Remove(over.Handshake)) over.Accepted.Reset();   // one that had not begun did not take its connection over
                if (_admission.End(over.Accepted) is { } next) Begin(next);
                break;
            case Retry:
                _acceptor.End();
                Accept();
                break;
            case DeviceChanged when _device.Rendezvous != _rendezvous:
                FollowDevice();
                Accept();
                Publish();
                break;
            case DeviceChanged:
                break;   // it has gone and come meanwhile, and was followed then
            case Listening listening:
                // Published: whoever connects from now on meets shared memory. Where the user has given up or been told of a failure, nobody has this.
                if (!listening.Promise.TrySetResult(listening.Listener)) Context.Stop(Self);
                break;
            case Taken:
                Accept();
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    /// <summary>Ends what its successor has no use for. A queue of a listener that has not begun is closed by its parent, which knows why.</summary>
    private void Close()
    {
        _listeners.Remove(_queue);
        _acceptor.Close();
        _socket.Dispose();
        _admission.ResetWaiting();
        try
        {
            _device.Rendezvous?.Unpublish(_endPoint);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _log.Warning("{0} stays published: {1} Whoever connects there finds out and uses TCP.", _endPoint, e.Message);
        }
    }

    private void FollowDevice()
    {
        _rendezvous = _device.Rendezvous;
        _acceptor.Follow(_rendezvous);
    }

    private void Publish()
    {
        try
        {
            _rendezvous?.Publish(_endPoint);
            _counters.Unpublished = _rendezvous is null ? _device.Down : SmcReason.None;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _counters.Unpublished = SmcReason.RegistryUnavailable;
            _log.Warning("{0} cannot be published: {1} Its connections use TCP.", _endPoint, e.Message);
        }
    }

    private void Accept()
    {
        if (_queue.Count < _settings.AcceptQueue && !_acceptor.TryAwait()) RetryLater(SocketError.NoBufferSpaceAvailable);
    }

    /// <summary>Takes what the kernel holds, as far as the queue has room.</summary>
    private void AcceptReady()
    {
        try
        {
            while (_queue.Count < _settings.AcceptQueue && _socket.Poll(0, SelectMode.SelectRead)) Sort(_socket.Accept());
        }
        catch (SocketException e)
        {
            if (e.SocketErrorCode is SocketError.WouldBlock or SocketError.ConnectionAborted) return;   // gone before it could be taken
            RetryLater(e.SocketErrorCode);
        }
    }

    private void RetryLater(SocketError error)
    {
        _acceptor.Pause();
        if (_pace.TryTake(Context.System.Scheduler.MonotonicClock, out long heldBack))
            _log.Warning("Accepting on {0} failed: {1}. Trying again. Not told since the last warning: {2} like it.", _endPoint, error, heldBack);
        Timers.StartSingleTimer(Retry.Instance, Retry.Instance, RetryDelay);
    }

    private void Sort(Socket socket)
    {
        try
        {
            Place(socket);
        }
        catch
        {
            socket.Reset();
            throw;
        }
    }

    private void Place(Socket socket)
    {
        _counters.Accepted++;
        socket.NoDelay = true;
        if (!SocketEndPoints.TryGet(socket, out IPEndPoint? local, out IPEndPoint? remote))
        {
            socket.Dispose();   // gone before anybody could ask where it came from
            return;
        }

        HostRendezvous? rendezvous = _device.Rendezvous;
        Announcement? announcement = rendezvous is null ? null : Announcement.Take(rendezvous, local, remote);
        bool isSniffed = announcement is null && _policy.Sniffs(remote.Address);
        if (rendezvous is not null && (announcement is not null || isSniffed) && TryBegin(new AcceptedConnection(socket, local, remote, rendezvous, announcement)))
            return;
        announcement?.Session.Unwatch(announcement.Nonce);   // its client hears nothing, and goes on with TCP
        HandshakeDecision decision = Decide(rendezvous is not null, announcement is not null);
        SmcStream? stream = isSniffed ? TcpStreams.TryCreateUnjudged(socket, default, decision, _table) : TcpStreams.TryCreate(socket, default, decision, _table);
        if (stream is not null) _queue.Deliver(stream);
    }

    /// <summary>Why a connection is plain TCP at once.</summary>
    private HandshakeDecision Decide(bool isUp, bool isAnnounced)
    {
        const ConnectionRole Own = ConnectionRole.Server;
        if (!isUp) return new HandshakeDecision(Own, HandshakeStep.Device, Own, _device.Down);
        if (isAnnounced) return new HandshakeDecision(Own, HandshakeStep.Admission, Own, SmcReason.LimitReached);
        return _counters.Unpublished != SmcReason.None
            ? new HandshakeDecision(Own, HandshakeStep.LookUp, Own, _counters.Unpublished)   // nobody can have found it
            : new HandshakeDecision(Own, HandshakeStep.LookUp, ConnectionRole.Client, SmcReason.PeerNoSmc);
    }

    private bool TryBegin(AcceptedConnection accepted)
    {
        bool isTaken = _admission.TryAdd(accepted, out bool begins);
        if (isTaken && begins) Begin(accepted);
        return isTaken;
    }

    private void Begin(AcceptedConnection accepted)
    {
        IActorRef handshake;
        try
        {
            handshake = _handshakeFactory(Context, accepted);
        }
        catch
        {
            accepted.Reset();
            throw;
        }

        Context.WatchWith(handshake, new HandshakeOver(handshake, accepted));
    }

    private sealed record HandshakeOver(IActorRef Handshake, AcceptedConnection Accepted) : INoSerializationVerificationNeeded;
}
