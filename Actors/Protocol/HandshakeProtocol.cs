using System.Net;
using Akka.Actor;
using Smc.Actors.Telemetry;
using Smc.Transport;
using Smc.Transport.Paths.Smcd.Rendezvous;

namespace Smc.Actors.Protocol;

/// <summary>What handshakes hear of the directory, the device, the control sockets and their own I/O.</summary>
public static class HandshakeProtocol
{
    /// <summary>Opens a connection for a caller outside.</summary>
    public sealed record Connect(IPEndPoint EndPoint, TaskCompletionSource<SmcStream> Promise, CancellationToken CancellationToken)
        : INoSerializationVerificationNeeded
    {
        /// <summary>When it was asked for, and from within which activity.</summary>
        public HandshakeStart Start { get; init; } = HandshakeStart.Now();
    }

    /// <summary>Asks which processes listen where a connection to an endpoint arrives. Answered by <see cref="Sessions"/>.</summary>
    public sealed record FindPeers(IPEndPoint EndPoint) : INoSerializationVerificationNeeded;

    /// <summary>From the directory to the device: opens control sockets to these processes, for the sender.</summary>
    public sealed record OpenSessions(IReadOnlyList<RegistryEntry> Entries) : INoSerializationVerificationNeeded;

    /// <summary>The control sockets; none where the endpoint is not published, and then <paramref name="Reason"/> says why, and
    /// <paramref name="MayPropose"/> whether a handshake may begin without an announcement.</summary>
    public sealed record Sessions(IReadOnlyList<PeerSession> Open, SmcReason Reason, bool MayPropose = false) : INoSerializationVerificationNeeded;

    /// <summary>To the directory: this server answered a Proposal with something else, or not at all.</summary>
    public sealed record NoSmcAt(IPEndPoint EndPoint) : INoSerializationVerificationNeeded;

    /// <summary>The listener has accepted the announced connection.</summary>
    public sealed record Matched(PeerSession Session) : INoSerializationVerificationNeeded;

    /// <summary>The client goes on without SMC.</summary>
    public sealed record Canceled(SmcReason Reason) : INoSerializationVerificationNeeded;

    /// <summary>A control socket hung up.</summary>
    public sealed record Lost(PeerSession Session) : INoSerializationVerificationNeeded;

    /// <summary>The TCP connection is made.</summary>
    public sealed record TcpConnected : INoSerializationVerificationNeeded
    {
        /// <summary>The one instance.</summary>
        public static readonly TcpConnected Instance = new();
    }

    /// <summary>The timer of the state has fired.</summary>
    public sealed record Deadline : INoSerializationVerificationNeeded
    {
        /// <summary>The one instance.</summary>
        public static readonly Deadline Instance = new();
    }

    /// <summary>The caller does not want the connection any more.</summary>
    public sealed record CallerCanceled : INoSerializationVerificationNeeded
    {
        /// <summary>The one instance.</summary>
        public static readonly CallerCanceled Instance = new();
    }
}
