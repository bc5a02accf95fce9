using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using Akka.Actor;
using Akka.Event;
using Smc.Actors.Connections;
using Smc.Actors.Devices;
using Smc.Actors.Settings;
using Smc.Transport;
using Smc.Transport.Paths.Smcd.Rendezvous;
using static Smc.Actors.Protocol.ListenerProtocol;

namespace Smc.Actors.Listeners;

/// <summary>
/// Accepts the connections of one endpoint. One that was announced gets a handshake; any other is plain TCP, at once and untouched.
/// Publishes the endpoint in the host registry as long as it lives, and again with each device that comes up.
/// </summary>
internal sealed class ListenerActor : UntypedActor, IWithTimers
{
    /// <summary>How long to wait where the process has no descriptor left for the next connection.</summary>
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(100);

    /// <summary>Sessions whose handshakes together are as many as the accept queue holds.</summary>
    private const int SharesOfQueue = 4;

    private readonly Socket _socket;
    private readonly IPEndPoint _endPoint;
    private readonly AcceptQueue _queue;
    private readonly ListenerSettings _settings;
    private readonly LoopbackDevice _device;
    private readonly ConnectionTable _table;
    private readonly HandshakeFactory _handshakeFactory;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly HandshakeShares _handshakes;
    private readonly Action _onDeviceChanged;
    private HostRendezvous? _rendezvous;
    private SocketWatch? _watch;
    private bool _isAccepting;

    public ListenerActor(
        Socket socket,
        AcceptQueue queue,
        ListenerSettings settings,
        LoopbackDevice device,
        ConnectionTable table,
        HandshakeFactory handshakeFactory)
    {
        _socket = socket;
        _endPoint = (IPEndPoint)socket.LocalEndPoint!;
        _queue = queue;
        _settings = settings;
        _device = device;
        _table = table;
        _handshakeFactory = handshakeFactory;
        _handshakes = new HandshakeShares(Math.Max(1, settings.AcceptQueue / SharesOfQueue), 2 * settings.AcceptQueue);
        IActorRef self = Self;
        _queue.Taken = () => self.Tell(Taken.Instance, ActorRefs.NoSender);
        _onDeviceChanged = () => self.Tell(DeviceChanged.Instance, ActorRefs.NoSender);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart()
    {
        _device.Changed += _onDeviceChanged;
        FollowDevice();
        Accept();
    }

    protected override void PostStop()
    {
        _device.Changed -= _onDeviceChanged;
        _watch?.Dispose();
        _socket.Dispose();
        _queue.Close();
        foreach (AnnouncedConnection left in _handshakes.TakeWaiting()) left.Socket.Dispose();
        try
        {
            _device.Rendezvous?.Unpublish(_endPoint);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _log.Warning("{0} stays published: {1} Whoever connects there finds out and uses TCP.", _endPoint, e.Message);
        }
    }

    protected override SupervisorStrategy SupervisorStrategy() => SupervisorStrategies.StopOnly;

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Acceptable:
                _isAccepting = false;
                AcceptReady();
                Accept();
                break;
            case Accepted accepted:
                _isAccepting = false;
                Sort(accepted.Socket);
                Accept();
                break;
            case AcceptFailed { Error: SocketError.OperationAborted }:
                break;   // the listener is closing
            case AcceptFailed failed:
                _isAccepting = false;
                _log.Warning("Accepting on {0} failed: {1}. Trying again.", _endPoint, failed.Error);
                Timers.StartSingleTimer(Retry.Instance, Retry.Instance, RetryDelay);
                break;
            case HandshakeOver over:
                if (_handshakes.End(over.Session) is { } next) Begin(next);
                break;
            case DeviceChanged:
                FollowDevice();
                Accept();
                break;
            case Retry:
                _isAccepting = false;
                Accept();
                break;
            case Listening listening:
                listening.Promise.TrySetResult(listening.Listener);   // published: whoever connects from now on meets shared memory
                break;
            case Taken:
                Accept();
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    /// <summary>Watches on the turns of the device that is up, if one is. What a device that has ended was to tell will never be told.</summary>
    private void FollowDevice()
    {
        HostRendezvous? rendezvous = _device.Rendezvous;
        if (rendezvous == _rendezvous) return;
        _rendezvous = rendezvous;
        if (_watch is not null) _isAccepting = false;
        _watch?.Dispose();
        _watch = null;
        if (rendezvous is null) return;
        _socket.Blocking = false;
        IActorRef self = Self;
        _watch = rendezvous.Watch(_socket);
        _watch.Ready = () => self.Tell(Acceptable.Instance, ActorRefs.NoSender);
        try
        {
            rendezvous.Publish(_endPoint);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _log.Warning("{0} cannot be published: {1} Its connections use TCP.", _endPoint, e.Message);
        }
    }

    private void Accept()
    {
        if (_isAccepting || _queue.Count >= _settings.AcceptQueue) return;
        _isAccepting = true;
        if (_watch is not null) _watch.Arm();
        else AcceptAsync(_socket).PipeTo(Self);
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
            _isAccepting = true;   // until the retry
            _log.Warning("Accepting on {0} failed: {1}. Trying again.", _endPoint, e.SocketErrorCode);
            Timers.StartSingleTimer(Retry.Instance, Retry.Instance, RetryDelay);
        }
    }

    private static async Task<object> AcceptAsync(Socket listener)
    {
        try
        {
            return new Accepted(await listener.AcceptAsync().ConfigureAwait(false));
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
        socket.NoDelay = true;
        SmcReason reason = _device.Rendezvous is null ? _device.Down : SmcReason.PeerNoSmc;
        if (_device.Rendezvous is { } rendezvous && TryFindAnnouncement(rendezvous, socket, out AnnouncedConnection? announced))
        {
            bool isTaken = _handshakes.TryAdd(announced, out bool begins);
            if (begins) Begin(announced);
            if (isTaken) return;
            announced.Session.Unwatch(announced.Nonce);   // its client hears nothing, and goes on with TCP
            reason = SmcReason.LimitReached;
        }

        if (TcpStreams.TryCreate(socket, default, reason, _table) is { } stream) _queue.Deliver(stream);
    }

    private void Begin(AnnouncedConnection announced) =>
        Context.WatchWith(_handshakeFactory(Context, announced), new HandshakeOver(announced.Session));

    private static bool TryFindAnnouncement(HostRendezvous rendezvous, Socket socket, [NotNullWhen(true)] out AnnouncedConnection? announced)
    {
        announced = null;
        if (!SocketEndPoints.TryGet(socket, out IPEndPoint? local, out IPEndPoint? remote)) return false;
        rendezvous.Drain();
        var attempt = new AttemptObserver();
        if (!rendezvous.TryTakeAnnouncement(remote, local, attempt, out PeerSession? session, out ulong nonce)) return false;
        announced = new AnnouncedConnection(socket, local, remote, rendezvous, session, nonce, attempt);
        return true;
    }

    private sealed record Acceptable
    {
        public static readonly Acceptable Instance = new();
    }

    private sealed record HandshakeOver(PeerSession Session);

    private sealed record DeviceChanged
    {
        public static readonly DeviceChanged Instance = new();
    }
}
