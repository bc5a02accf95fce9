using System.Net;
using System.Net.Sockets;
using Smc.Actors.Connections;
using Smc.Transport.Paths.Smcd.Rendezvous;

namespace Smc.Actors.Listeners;

/// <summary>What a client said of its connection over a control socket before it opened it.</summary>
internal sealed record Announcement(PeerSession Session, ulong Nonce, AttemptObserver Attempt);

/// <summary>An accepted connection that may be SMC: it was announced, or its first bytes will tell.</summary>
internal sealed record AcceptedConnection(Socket Socket, IPEndPoint Local, IPEndPoint Remote, HostRendezvous Rendezvous, Announcement? Announcement);
