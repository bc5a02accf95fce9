using System.Net.Sockets;
using Akka.Actor;
using Smc.Actors.Buffers;
using Smc.Actors.LinkGroups;
using Smc.Actors.Listeners;
using Smc.Actors.Protocol;
using Smc.Transport.Interop.Linux;
using Smc.Transport.Paths.Smcd;
using Smc.Transport.Paths.Smcd.Rendezvous;

namespace Smc.Actors;

/// <summary>What an actor is made of: its class, and what its constructor takes.</summary>
internal delegate Props PropsFactory(Type actor, params object[] arguments);

/// <summary>Makes the actor of a listener.</summary>
internal delegate IActorRef ListenerFactory(IActorContext context, Socket socket, AcceptQueue queue);

/// <summary>Makes the actor of a server's handshake.</summary>
internal delegate IActorRef HandshakeFactory(IActorContext context, AcceptedConnection accepted);

/// <summary>Makes the actor of a client's handshake.</summary>
internal delegate IActorRef ConnectorFactory(IActorContext context, HandshakeProtocol.Connect request);

/// <summary>Makes the actor of a link group.</summary>
internal delegate IActorRef LinkGroupFactory(IActorContext context, PeerSession session, uint group, LinkGroupMemory memory, FileDescriptor? offer);

/// <summary>Makes the buffer pool of a link group.</summary>
internal delegate IActorRef BufferPoolFactory(IActorContext context, GroupBuffers buffers, LinkGroupMemory memory);

/// <summary>Makes the actor of a connection on shared memory.</summary>
internal delegate IActorRef ConnectionFactory(IActorContext context, ConnectionParts parts);

/// <summary>Makes the actor that trims the device's pool.</summary>
internal delegate IActorRef DevicePoolFactory(IActorContext context);
