using System.Net;
using Smc.Transport;

namespace Smc.Actors.Protocol;

/// <summary>Which end of a TCP connection.</summary>
public enum ConnectionRole : byte
{
    /// <summary>The end that connected.</summary>
    Client,

    /// <summary>The end that accepted.</summary>
    Server,
}

/// <summary>The steps of a handshake, in their order: each can decide for TCP.</summary>
public enum HandshakeStep : byte
{
    /// <summary>Before it: whether this process has a device that is up.</summary>
    Device,

    /// <summary>Who listens there, and whether their control sockets open; at a server whether the connection was announced.</summary>
    LookUp,

    /// <summary>At a server: how many handshakes it runs at once.</summary>
    Admission,

    /// <summary>The client binds its port and tells the listener.</summary>
    Announcement,

    /// <summary>The listener accepts the announced connection.</summary>
    Match,

    /// <summary>The listener looks whether the first bytes are a Proposal.</summary>
    FirstBytes,

    /// <summary>The server chooses version and device.</summary>
    Proposal,

    /// <summary>The server registers its DMB; the client judges what it gets.</summary>
    Accept,

    /// <summary>The client registers its DMB, and the server has mapped it. After it there is no fallback.</summary>
    Confirm,
}

/// <summary>What a handshake decided about a connection, and where.</summary>
/// <param name="Role">This end's.</param>
/// <param name="Step">The step that decided; where the peer did, the one whose message it answered.</param>
/// <param name="DecidedBy">The end that decided.</param>
/// <param name="Reason">Why the connection is TCP; None where it is not, or is none.</param>
/// <param name="PeerReason">What the peer gave as its own reason; None where it gave none. A peer may give any value.</param>
public sealed record HandshakeDecision(ConnectionRole Role, HandshakeStep Step, ConnectionRole DecidedBy, SmcReason Reason, SmcReason PeerReason = SmcReason.None)
{
    /// <summary>The handshake was complete.</summary>
    public static HandshakeDecision Complete(ConnectionRole role) => new(role, HandshakeStep.Confirm, ConnectionRole.Client, SmcReason.None);

    /// <summary>The peer as tables and warnings name it: a client's is a server, with its port; a server's is a host, which connects from any.</summary>
    internal string PeerOf(IPEndPoint remote) => Role == ConnectionRole.Client ? remote.ToString() : remote.Address.ToString();
}
