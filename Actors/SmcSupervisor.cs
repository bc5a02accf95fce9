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
using Smc.Transport.Interop.Linux;
using Smc.Transport.Paths.Smcd;
using Smc.Transport.Paths.Smcd.Rendezvous;

namespace Smc.Actors;

/// <summary>
/// The root of a runtime, <c>/user/smc</c>: starts the rest, and is the one place that knows which actor is made of what. A device that fails
/// is started again, and the listeners hear of it; a runtime never is.
/// </summary>
internal sealed class SmcSupervisor : ReceiveActor
{
    /// <summary>The dispatcher of the whole control plane.</summary>
    public const string Dispatcher = "smc.control-dispatcher";

    private readonly SmcSettings _settings;
    private readonly LoopbackDevice _device;
    private readonly ConnectionTable _table;
    private readonly PeerPolicy _policy;
    private IActorRef _linkGroups = ActorRefs.Nobody;
    private IActorRef _directory = ActorRefs.Nobody;
    private IActorRef _listeners = ActorRefs.Nobody;
    private IActorRef _connectors = ActorRefs.Nobody;
    private int _groups;   // link groups are made on their parent's turns only

    public SmcSupervisor(SmcSettings settings, LoopbackDevice device, ConnectionTable table)
    {
        _settings = settings;
        _device = device;
        _table = table;
        _policy = new PeerPolicy(settings.Negotiation, settings.Directory.Peers);
        Receive<ListenerProtocol.Listen>(request => _listeners.Forward(request));
        Receive<HandshakeProtocol.Connect>(request => _connectors.Forward(request));
        Receive<ListenerProtocol.DeviceChanged>(change => _listeners.Forward(change));
    }

    protected override void PreStart()
    {
        _linkGroups = Context.ActorOf(Of<LinkGroupsActor>(_settings, _device, (LinkGroupFactory)NewLinkGroup), "linkgroups");
        IActorRef loopbackIsm = Context.ActorOf(Of<LoopbackIsmActor>(_settings, _device, _linkGroups), "loopback-ism");
        _directory = Context.ActorOf(Of<CapabilityDirectoryActor>(_device, loopbackIsm, _policy, _settings.Directory), "directory");
        _listeners = Context.ActorOf(Of<ListenersActor>(_settings.Listener, _settings.ShutdownTimeout, (ListenerFactory)NewListener), "listeners");
        _connectors = Context.ActorOf(Of<ConnectorsActor>((ConnectorFactory)NewConnector), "connectors");
    }

    protected override SupervisorStrategy SupervisorStrategy() => SupervisorStrategies.RestartOnly;

    private static Props Of<TActor>(params object[] arguments)
        where TActor : ActorBase => Props.Create<TActor>(arguments).WithDispatcher(Dispatcher);

    private IActorRef NewListener(IActorContext context, Socket socket, AcceptQueue queue)
    {
        HandshakeFactory handshakes = (listener, accepted) => listener.ActorOf(
            Of<HandshakeActor>(accepted, _settings.Handshake, _device, _linkGroups, _table, queue));
        Props props = Of<ListenerActor>(socket, queue, _settings.Listener, _device, _policy, _table, handshakes);
        return context.ActorOf(props, Uri.EscapeDataString(socket.LocalEndPoint!.ToString()!));
    }

    private IActorRef NewConnector(IActorContext context, HandshakeProtocol.Connect request) =>
        context.ActorOf(Of<ConnectActor>(request, _settings.Handshake, _device, _directory, _linkGroups, _table));

    private IActorRef NewLinkGroup(IActorContext context, PeerSession session, uint group, LinkGroupMemory memory, FileDescriptor? offer)
    {
        var parts = new LinkGroupParts(session, group, memory, offer, _settings.LinkGroup.IdleDelay);
        Props props = Of<LinkGroupActor>(parts, (BufferPoolFactory)NewBufferPool, (ConnectionFactory)NewConnection);
        return context.ActorOf(props, $"{group:x8}-{++_groups}");
    }

    private IActorRef NewBufferPool(IActorContext context, LinkGroupMemory memory) =>
        context.ActorOf(Of<BufferPoolActor>(_settings.Buffers, _device, memory), "buffers");

    private IActorRef NewConnection(IActorContext context, ConnectionParts parts) =>
        context.ActorOf(Of<ConnectionActor>(parts, _table), $"conn-{parts.OwnToken:x16}");
}
