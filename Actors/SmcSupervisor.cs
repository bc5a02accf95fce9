using System.Net.Sockets;
using Akka.Actor;
using Smc.Actors.Buffers;
using Smc.Actors.Connections;
using Smc.Actors.Devices;
using Smc.Actors.Directory;
using Smc.Actors.LinkGroups;
using Smc.Actors.Listeners;
using Smc.Actors.Protocol;
using Smc.Actors.Settings;
using Smc.Transport;
using Smc.Transport.Memory;
using Smc.Transport.Paths.Smcd;

namespace Smc.Actors;

/// <summary>
/// The root of a runtime, <c>/user/smc</c>: starts the rest, and is the one place that knows which actor is made of what. A child that fails
/// starts again in its place; README.md says what that costs. Without one of the three that make shared memory the runtime goes on with TCP,
/// without one of the two that serve its callers it ends.
/// </summary>
internal sealed class SmcSupervisor : ReceiveActor
{
    /// <summary>The dispatcher of the whole control plane.</summary>
    public const string Dispatcher = "smc.control-dispatcher";

    private readonly SmcSettings _settings;
    private readonly LoopbackDevice _device;
    private readonly ConnectionTable _table;
    private readonly LinkGroupTable _groupTable;
    private readonly ListenerTable _listening;
    private readonly PeerPolicy _policy;
    private readonly PropsFactory _props;
    private readonly Action _ended;
    private IActorRef _linkGroups = ActorRefs.Nobody;
    private IActorRef _directory = ActorRefs.Nobody;
    private IActorRef _loopbackIsm = ActorRefs.Nobody;
    private IActorRef _listeners = ActorRefs.Nobody;
    private IActorRef _connectors = ActorRefs.Nobody;

    /// <param name="settings">Of the whole runtime.</param>
    /// <param name="device">The loopback-ISM device.</param>
    /// <param name="table">Where connections are entered.</param>
    /// <param name="groups">Where link groups are entered.</param>
    /// <param name="listening">Where listeners are entered.</param>
    /// <param name="props">What each actor of the runtime is made of.</param>
    /// <param name="ended">Called when the runtime has ended: nobody keeps a promise any more.</param>
    public SmcSupervisor(
        SmcSettings settings, LoopbackDevice device, ConnectionTable table, LinkGroupTable groups, ListenerTable listening, PropsFactory props, Action ended)
    {
        _settings = settings;
        _device = device;
        _table = table;
        _groupTable = groups;
        _listening = listening;
        _props = props;
        _ended = ended;
        _policy = new PeerPolicy(settings.Negotiation, settings.Directory.Peers);
        Receive<ListenerProtocol.Listen>(request => _listeners.Forward(request));
        Receive<HandshakeProtocol.Connect>(request => _connectors.Forward(request));
        Receive<ListenerProtocol.DeviceChanged>(change =>
        {
            _listeners.Forward(change);
            _connectors.Forward(change);
        });
        Receive<SharedMemoryGone>(_ => StopDevice());
        Receive<ServiceGone>(_ => Context.Stop(Self));
    }

    /// <summary>An actor of the control plane.</summary>
    public static Props PropsOf(Type actor, params object[] arguments) => Props.Create(actor, arguments).WithDispatcher(Dispatcher);

    protected override void PreStart()
    {
        try
        {
            Begin();
        }
        catch
        {
            _ended();   // no hook runs after this, and somebody may be waiting
            throw;
        }
    }

    /// <summary>The caller whose request it failed at hears of it. The children stay, and are started again where they are.</summary>
    protected override void PreRestart(Exception reason, object message)
    {
        var failure = new SocketException((int)SocketError.OperationAborted);
        if (message is ListenerProtocol.Listen listen) listen.Promise.TrySetException(failure);
        if (message is HandshakeProtocol.Connect connect) connect.Promise.TrySetException(failure);
    }

    /// <summary>What it failed at may have been the news that a child is gone for good, and that comes once.</summary>
    protected override void PostRestart(Exception reason)
    {
        _linkGroups = Context.Child(Names.LinkGroups);
        _loopbackIsm = Context.Child(Names.LoopbackIsm);
        _directory = Context.Child(Names.Directory);
        _listeners = Context.Child(Names.Listeners);
        _connectors = Context.Child(Names.Connectors);
        if (_linkGroups.IsNobody() || _loopbackIsm.IsNobody() || _directory.IsNobody()) StopDevice();
        if (_listeners.IsNobody() || _connectors.IsNobody()) Context.Stop(Self);
    }

    protected override void PostStop() => _ended();

    protected override SupervisorStrategy SupervisorStrategy() => SupervisorStrategies.RestartOnly;

    private void Begin()
    {
        Context.ActorOf(Of<PnetTableActor>(_device.Ueids), Names.Pnet);   // without it nobody can change UEIDs, and all else goes on
        _linkGroups = Begin(Of<LinkGroupsActor>(_settings, _device, new GroupRefusals(), LinkGroups()), Names.LinkGroups, SharedMemoryGone.Instance);
        _loopbackIsm = Begin(Of<LoopbackIsmActor>(_settings, _device, _linkGroups, (DevicePoolFactory)NewDevicePool), Names.LoopbackIsm, SharedMemoryGone.Instance);
        _directory = Begin(
            Of<CapabilityDirectoryActor>(_device, _loopbackIsm, _policy, _settings.Directory, TimeProvider.System), Names.Directory, SharedMemoryGone.Instance);
        _listeners = Begin(Of<ListenersActor>(_settings.Listener, _settings.ShutdownTimeout, _listening, Listeners()), Names.Listeners, ServiceGone.Instance);
        _connectors = Begin(Of<ConnectorsActor>((ConnectorFactory)NewConnector), Names.Connectors, ServiceGone.Instance);
    }

    private static IActorRef Begin(Props props, string name, object gone) => Context.WatchWith(Context.ActorOf(props, name), gone);

    /// <summary>The device's end is the end of all control sockets, and so of all link groups. Where it is its own end already, who waits for it
    /// hears so.</summary>
    private void StopDevice()
    {
        Context.Stop(_loopbackIsm);
        if (!_device.Decided.IsCompleted) _device.Stop(SmcReason.NoSmcdDevice);
    }

    private Props Of<TActor>(params object[] arguments)
        where TActor : ActorBase => _props(typeof(TActor), arguments);

    /// <summary>They are numbered on their parent's turns: one may bind an endpoint whose last listener has not quite ended.</summary>
    private ListenerFactory Listeners()
    {
        int last = 0;
        return (context, socket, queue) =>
        {
            HandshakeFactory handshakes = (listener, accepted) => listener.ActorOf(
                Of<HandshakeActor>(accepted, _settings.Handshake, _device, _linkGroups, _table, queue));
            Props props = Of<ListenerActor>(socket, queue, _settings.Listener, _device, _policy, _table, _listening, handshakes);
            return context.ActorOf(props, $"{Uri.EscapeDataString(socket.LocalEndPoint!.ToString()!)}-{++last}");
        };
    }

    private IActorRef NewConnector(IActorContext context, HandshakeProtocol.Connect request) =>
        context.ActorOf(Of<ConnectActor>(request, _settings.Handshake, _device, _directory, _linkGroups, _table));

    /// <summary>They are numbered on their parent's turns: one of another peer may have the same id.</summary>
    private LinkGroupFactory LinkGroups()
    {
        int last = 0;
        return (context, session, group, memory, offer) =>
        {
            var buffers = new GroupBuffers(_settings.Buffers, _device.Dmbs.ShareOf(session), new DmbPool());
            var parts = new LinkGroupParts(session, group, memory, buffers, offer, _settings.LinkGroup.IdleDelay, _groupTable, _device.Rules);
            Props props = Of<LinkGroupActor>(parts, (BufferPoolFactory)NewBufferPool, (ConnectionFactory)NewConnection);
            return context.ActorOf(props, $"{group:x8}-{++last}");
        };
    }

    private IActorRef NewBufferPool(IActorContext context, GroupBuffers buffers, LinkGroupMemory memory) =>
        context.ActorOf(Of<BufferPoolActor>(_settings.Buffers, buffers, memory, (DmbSlabMaker)DmbSlab.TryCreate), "buffers");

    private IActorRef NewDevicePool(IActorContext context) => context.ActorOf(Of<DevicePoolActor>(_settings.Buffers, _device.ClcBuffers), "buffers");

    private IActorRef NewConnection(IActorContext context, ConnectionParts parts) =>
        context.ActorOf(Of<ConnectionActor>(parts, _table, _table.NextId()), $"conn-{parts.OwnToken:x16}");

    /// <summary>Of its children.</summary>
    public static class Names
    {
        public const string Pnet = "pnet";
        public const string LinkGroups = "linkgroups";
        public const string LoopbackIsm = "loopback-ism";
        public const string Directory = "directory";
        public const string Listeners = "listeners";
        public const string Connectors = "connectors";
    }

    /// <summary>One of those is gone for good without which there is no shared memory.</summary>
    private sealed record SharedMemoryGone : INoSerializationVerificationNeeded
    {
        public static readonly SharedMemoryGone Instance = new();
    }

    /// <summary>One of those is gone for good that serve the runtime's callers.</summary>
    private sealed record ServiceGone : INoSerializationVerificationNeeded
    {
        public static readonly ServiceGone Instance = new();
    }
}
