using Smc.Transport.Paths.Smcd;

namespace Smc.Transport;

/// <summary>The states of a connection, by the numbers that diagnosis reports. Names as RFC 7609 and the tools have them.</summary>
public enum SmcConnectionState
{
    /// <summary>Both directions are open.</summary>
    Active = 1,

    /// <summary>The handshake is not complete.</summary>
    Init = 2,

    /// <summary>Over.</summary>
    Closed = 7,

    /// <summary>A listener.</summary>
    Listen = 10,

    /// <summary>This end has ended its direction or closed; nothing of the kind has come from the peer.</summary>
    PeerCloseWait1 = 20,

    /// <summary>This end ended its direction first, then the peer did.</summary>
    PeerCloseWait2 = 21,

    /// <summary>The peer has ended its direction or closed; this end has not.</summary>
    AppCloseWait1 = 22,

    /// <summary>The peer ended its direction first, then this end did.</summary>
    AppCloseWait2 = 23,

    /// <summary>The peer has closed and this end has only ended its direction.</summary>
    AppFinCloseWait = 24,

    /// <summary>This end has closed; the peer had only ended its direction.</summary>
    PeerFinCloseWait = 25,

    /// <summary>This end broke off and waits for the peer to notice.</summary>
    PeerAbortWait = 26,

    /// <summary>The peer broke off; the application has not closed yet.</summary>
    ProcessAbort = 27,
}

/// <summary>Derives the state from what has happened.</summary>
internal static class ConnectionStates
{
    public static SmcConnectionState Of(PathBits bits)
    {
        bool closed = (bits & PathBits.LocalClosed) != 0;
        if ((bits & (PathBits.PeerAborted | PathBits.PeerLost | PathBits.Violated)) != 0)
            return closed ? SmcConnectionState.Closed : SmcConnectionState.ProcessAbort;
        bool peerClosed = (bits & PathBits.PeerClosed) != 0;
        bool peerDone = peerClosed || (bits & PathBits.PeerDone) != 0;
        bool done = (bits & PathBits.LocalDone) != 0;
        return (closed, done, peerClosed, peerDone) switch
        {
            (true, _, true, _) => SmcConnectionState.Closed,
            (true, _, _, true) => SmcConnectionState.PeerFinCloseWait,
            (true, _, _, _) when (bits & PathBits.LocalAborted) != 0 => SmcConnectionState.PeerAbortWait,
            (true, _, _, _) => SmcConnectionState.PeerCloseWait1,
            (_, true, true, _) => SmcConnectionState.AppFinCloseWait,
            (_, true, _, true) => SmcConnectionState.PeerCloseWait2,
            (_, true, _, _) => SmcConnectionState.PeerCloseWait1,
            (_, _, _, true) => SmcConnectionState.AppCloseWait1,
            _ => SmcConnectionState.Active,
        };
    }

    /// <summary>How it ended; None while this end is open and knows of no end.</summary>
    public static ConnectionEnd EndOf(PathBits bits) =>
        (bits & PathBits.Violated) != 0 ? ConnectionEnd.Violated
        : (bits & PathBits.PeerAborted) != 0 ? ConnectionEnd.Reset
        : (bits & PathBits.PeerLost) != 0 ? ConnectionEnd.PeerLost
        : (bits & PathBits.LocalRevoked) != 0 ? ConnectionEnd.Revoked
        : (bits & PathBits.LocalAborted) != 0 ? ConnectionEnd.Aborted
        : (bits & PathBits.LocalClosed) != 0 ? ConnectionEnd.Closed
        : ConnectionEnd.None;
}
