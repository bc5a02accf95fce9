using System.Net;
using Smc.Actors.Protocol;
using Smc.Transport.Memory;
using Smc.Transport.Paths.Smcd;
using Smc.Transport.Paths.Smcd.Rendezvous;

namespace Smc.Actors.LinkGroups;

/// <summary>What a connection is made of.</summary>
internal sealed record ConnectionParts(
    PeerSession Session,
    uint Group,
    ulong Nonce,
    LinkGroupMemory Memory,
    int Slot,
    DmbRange Own,
    ulong OwnToken,
    DmbRange Peer,
    ulong PeerToken,
    SocketWatch Connection,
    IPEndPoint Local,
    IPEndPoint Remote,
    LinkGroupProtocol.IStreamReceiver Receiver);
