using Smc.Actors.Protocol;
using Smc.Transport;
using Smc.Transport.Paths.Smcd;

namespace Smc.Actors.Inspection;

/// <summary>One connection, as it is at the moment of asking.</summary>
/// <param name="Id">Names it within the process.</param>
/// <param name="State">As smcss names states.</param>
/// <param name="Local">The local end of the TCP connection.</param>
/// <param name="Peer">Its remote end.</param>
/// <param name="Mode">What carries the bytes.</param>
/// <param name="Reason">Why it is TCP; None otherwise.</param>
/// <param name="Age">Since the handshake was complete.</param>
/// <param name="BytesSent">Written by the application.</param>
/// <param name="BytesReceived">Read by the application.</param>
/// <param name="LinkGroup">The link group, 8 hex digits; empty for TCP.</param>
public sealed record ConnectionReport(
    string Id,
    string State,
    string Local,
    string Peer,
    SmcMode Mode,
    SmcReason Reason,
    TimeSpan Age,
    long BytesSent,
    long BytesReceived,
    string LinkGroup)
{
    /// <summary>A peer that reads nothing for so long, with its buffer full, does not just read slowly.</summary>
    private static readonly TimeSpan StalledAfter = TimeSpan.FromSeconds(1);

    /// <summary>Which step of the handshake decided for the mode, at which end, and the peer's own reason where it gave one.</summary>
    public HandshakeDecision Decision { get; init; } = HandshakeDecision.Complete(ConnectionRole.Client);

    /// <summary>It is closed here, and its peer has not let go of its buffer yet.</summary>
    public bool IsClosing { get; init; }

    /// <summary>Of this end's DMB; 0 for TCP.</summary>
    public ulong Token { get; init; }

    /// <summary>A write waits for the peer, which has read nothing for a while: it is stopped, or its application does something else.</summary>
    public bool IsStalled => Path is { } path && !IsClosing && Stalls(path);

    /// <summary>The counters of the stream.</summary>
    public SmcStatistics Counters { get; init; }

    /// <summary>The data path, where it is shared memory.</summary>
    public PathSnapshot? Path { get; init; }

    /// <summary>True where a write has waited for longer than a reader at work takes.</summary>
    internal static bool Stalls(PathSnapshot path) => path.Writing.Held >= StalledAfter;
}

/// <summary>The names of states as smcss prints them.</summary>
internal static class StateNames
{
    public static string Of(SmcConnectionState state) => state switch
    {
        SmcConnectionState.Init => "INIT",
        SmcConnectionState.Active => "ACTIVE",
        SmcConnectionState.Closed => "CLOSED",
        SmcConnectionState.Listen => "LISTEN",
        SmcConnectionState.PeerCloseWait1 => "PEERCLW1",
        SmcConnectionState.PeerCloseWait2 => "PEERCLW2",
        SmcConnectionState.AppCloseWait1 => "APPLCLW1",
        SmcConnectionState.AppCloseWait2 => "APPLCLW2",
        SmcConnectionState.AppFinCloseWait => "APPLFINCLW",
        SmcConnectionState.PeerFinCloseWait => "PEERFINCLW",
        SmcConnectionState.PeerAbortWait => "PEERABORTW",
        SmcConnectionState.ProcessAbort => "PROCESSABORT",
        _ => "UNKNOWN",
    };
}
