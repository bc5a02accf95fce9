using System.Net;
using System.Net.Sockets;
using Akka.Actor;
using Akka.Event;
using Smc.Actors.Connections;
using Smc.Actors.Devices;
using Smc.Actors.Directory;
using Smc.Actors.Protocol;
using Smc.Actors.Settings;
using Smc.Transport;
using Smc.Transport.Paths.Smcd.Rendezvous;
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

    /// <summary>Parties whose handshakes together are as many as the accept queue holds.</summary>
    private const int SharesOfQueue = 4;

    private readonly Socket _socket;
    private readonly IPEndPoint _endPoint;
    private readonly AcceptQueue _queue;
    private readonly ListenerSettings _settings;
    private readonly LoopbackDevice _device;
    private readonly PeerPolicy _policy;
    private readonly ConnectionTable _table;
    private readonly HandshakeFactory _handshakeFactory;
    private readonly ListenerTable _listeners;
    private readonly HandshakeShares<PeerSession> _handshakes;
    private readonly HandshakeShares<IPAddress> _sniffed;   // of their own: strangers take nothing from the processes of this host
    private readonly UnbegunChildren _unbegun = new(begun: Directive.Stop);
    private readonly CancellationTokenSource _crashed = new();
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly ListenerCounters _counters;
    private HostRendezvous? _rendezvous;
    private SocketWatch? _watch;
    private Waiting _waiting;

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
        int share = Math.Max(1, settings.AcceptQueue / SharesOfQueue);
        _handshakes = new HandshakeShares<PeerSession>(share, 2 * settings.AcceptQueue);
        _sniffed = new HandshakeShares<IPAddress>(share, settings.AcceptQueue);
        IActorRef self = Self;
        _queue.Taken = () => self.Tell(Taken.Instance, ActorRefs.NoSender);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart()
    {
        FollowDevice();
        Accept();
        Publish();
    }

    /// <summary>The socket, and what waits to be taken, are the successor's. What was handed out is not asked for again.</summary>
    protected override void PreRestart(Exception reason, object message)
    {
        _crashed.Cancel();
        _watch?.Dispose();
        if (message is Accepted accepted) Reset(accepted.Socket);
        if (message is Listening listening) listening.Promise.TrySetResult(listening.Listener);
        foreach (AcceptedConnection left in _handshakes.TakeWaiting()) Reset(left);
        foreach (IActorRef handshake in Context.GetChildren())
        {
            Context.Unwatch(handshake);
            Context.Stop(handshake);
        }
    }

    protected override void PostStop()
    {
        _listeners.Remove(_queue);
        _watch?.Dispose();
        _socket.Dispose();
        _queue.Close();
        foreach (AcceptedConnection left in _handshakes.TakeWaiting()) Reset(left);
        try
        {
            _device.Rendezvous?.Unpublish(_endPoint);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _log.Warning("{0} stays published: {1} Whoever connects there finds out and uses TCP.", _endPoint, e.Message);
        }
    }

    protected override SupervisorStrategy SupervisorStrategy() => _unbegun.Strategy;

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Acceptable ready when ready.Watch == _watch:
                _waiting = Waiting.Nothing;
                AcceptReady();
                Accept();
                break;
            case Acceptable:
                break;   // of a device that has gone down since
            case Accepted accepted:
                _waiting = Waiting.Nothing;
                Sort(accepted.Socket);
                Accept();
                break;
            case AcceptFailed { Error: SocketError.OperationAborted }:
                break;   // the listener is closing, or the one that waited has crashed
            case AcceptFailed failed:
                RetryLater(failed.Error);
                break;
            case HandshakeOver over:
                ResetUnbegun(over.Handshake, over.Accepted);
                if (_handshakes.End(over.Session) is { } next) Begin(over.Session, next);
                break;
            case SniffOver over:
                ResetUnbegun(over.Handshake, over.Accepted);
                _sniffed.End(over.Network);
                break;
            case Retry:
                _waiting = Waiting.Nothing;
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

    /// <summary>Waits by the reactor of the device that is up now. A task or a pause that is under way comes to its end first.</summary>
    private void FollowDevice()
    {
        _watch?.Dispose();
        _watch = null;
        if (_waiting == Waiting.Watch) _waiting = Waiting.Nothing;
        _rendezvous = _device.Rendezvous;
        if (_rendezvous is null) return;
        _socket.Blocking = false;
        _watch = _rendezvous.Watch(_socket);
        IActorRef self = Self;
        var ready = new Acceptable(_watch);
        _watch.Ready = () => self.Tell(ready, ActorRefs.NoSender);
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
        if (_waiting != Waiting.Nothing || _queue.Count >= _settings.AcceptQueue) return;
        if (_watch is not null)
        {
            _waiting = Waiting.Watch;
            if (!_watch.Arm()) RetryLater(SocketError.NoBufferSpaceAvailable);
        }
        else
        {
            _waiting = Waiting.Task;
            AcceptAsync(_socket, _crashed.Token).PipeTo(Self);
        }
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
        _waiting = Waiting.Pause;
        _log.Warning("Accepting on {0} failed: {1}. Trying again.", _endPoint, error);
        Timers.StartSingleTimer(Retry.Instance, Retry.Instance, RetryDelay);
    }

    private static async Task<object> AcceptAsync(Socket listener, CancellationToken crashed)
    {
        try
        {
            return new Accepted(await listener.AcceptAsync(crashed).ConfigureAwait(false));
        }
        catch (OperationCanceledException)
        {
            return new AcceptFailed(SocketError.OperationAborted);
        }
        catch (SocketException e)
        {
            return new AcceptFailed(e.SocketErrorCode);
        }
        catch (ObjectDisposedException)
        {
            return new AcceptFailed(SocketError.OperationAborted);
        }
    }

    private void Sort(Socket socket)
    {
        try
        {
            Place(socket);
        }
        catch
        {
            Reset(socket);
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
        Announcement? announcement = rendezvous is null ? null : FindAnnouncement(rendezvous, local, remote);
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
        return isAnnounced
            ? new HandshakeDecision(Own, HandshakeStep.Admission, Own, SmcReason.LimitReached)
            : new HandshakeDecision(Own, HandshakeStep.LookUp, ConnectionRole.Client, SmcReason.PeerNoSmc);
    }

    private bool TryBegin(AcceptedConnection accepted)
    {
        if (accepted.Announcement is not { } announcement) return TrySniff(NetworkOf(accepted.Remote.Address), accepted);
        bool isTaken = _handshakes.TryAdd(announcement.Session, accepted, out bool begins);
        if (begins) Begin(announcement.Session, accepted);
        return isTaken;
    }

    private void Begin(PeerSession session, AcceptedConnection accepted) =>
        Begin(accepted, handshake => new HandshakeOver(handshake, accepted, session));

    private bool TrySniff(IPAddress network, AcceptedConnection accepted)
    {
        bool isTaken = _sniffed.TryAdd(network, accepted, out _);
        if (isTaken) Begin(accepted, handshake => new SniffOver(handshake, accepted, network));
        return isTaken;
    }

    private void Begin(AcceptedConnection accepted, Func<IActorRef, object> over)
    {
        IActorRef handshake;
        try
        {
            handshake = _handshakeFactory(Context, accepted);
        }
        catch
        {
            Reset(accepted);
            throw;
        }

        Context.WatchWith(handshake, over(handshake));
    }

    /// <summary>A handshake that had not begun did not take its connection over.</summary>
    private void ResetUnbegun(IActorRef handshake, AcceptedConnection accepted)
    {
        if (_unbegun.Remove(handshake)) Reset(accepted);
    }

    /// <summary>A host of IPv4, or the /64 that a host of IPv6 chooses its addresses from.</summary>
    private static IPAddress NetworkOf(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6) return address.MapToIPv4();
        if (address.AddressFamily == AddressFamily.InterNetwork) return address;
        byte[] bytes = address.GetAddressBytes();
        bytes.AsSpan(bytes.Length / 2).Clear();
        return new IPAddress(bytes);
    }

    /// <summary>A client whose turn had not come hears that the connection is gone, not that it is plain. It hears so at once: it looks at the
    /// connection as soon as it is matched.</summary>
    private static void Reset(AcceptedConnection waiting)
    {
        Reset(waiting.Socket);
        if (waiting.Announcement is not { } announcement) return;
        announcement.Session.Unwatch(announcement.Nonce);
        announcement.Session.Send(new Transport.Wire.Rendezvous.Matched(announcement.Nonce));
    }

    /// <summary>Also where that has been done before.</summary>
    private static void Reset(Socket socket)
    {
        try
        {
            socket.LingerState = new LingerOption(enable: true, seconds: 0);
        }
        catch (ObjectDisposedException)
        {
            return;
        }

        socket.Dispose();
    }

    private static Announcement? FindAnnouncement(HostRendezvous rendezvous, IPEndPoint local, IPEndPoint remote)
    {
        rendezvous.Drain();
        var attempt = new AttemptObserver();
        return rendezvous.TryTakeAnnouncement(remote, local, attempt, out PeerSession? session, out ulong nonce)
            ? new Announcement(session, nonce, attempt)
            : null;
    }

    /// <summary>What will say that there is something to accept.</summary>
    private enum Waiting
    {
        /// <summary>Nothing: the queue is full.</summary>
        Nothing,

        /// <summary>The reactor of the device.</summary>
        Watch,

        /// <summary>A task, where there is no device.</summary>
        Task,

        /// <summary>The timer, after a failure.</summary>
        Pause,
    }

    private sealed record Acceptable(SocketWatch Watch);

    private sealed record HandshakeOver(IActorRef Handshake, AcceptedConnection Accepted, PeerSession Session);

    private sealed record SniffOver(IActorRef Handshake, AcceptedConnection Accepted, IPAddress Network);
}
