namespace Smc.Transport.Paths.Smcd;

/// <summary>What has happened to a connection. Bits are only ever set.</summary>
[Flags]
internal enum PathBits
{
    /// <summary>Open in both directions.</summary>
    None = 0,

    /// <summary>This end has ended its direction.</summary>
    LocalDone = 1,

    /// <summary>This end has closed both directions: no new read or write enters.</summary>
    LocalClosed = 2,

    /// <summary>This end broke the connection off.</summary>
    LocalAborted = 4,

    /// <summary>The peer has ended its direction.</summary>
    PeerDone = 8,

    /// <summary>The peer has closed both directions.</summary>
    PeerClosed = 16,

    /// <summary>The peer broke the connection off.</summary>
    PeerAborted = 32,

    /// <summary>The peer's process, its control socket or the TCP connection ended without a word.</summary>
    PeerLost = 64,

    /// <summary>The peer broke the rules of the ring.</summary>
    Violated = 128,

    /// <summary>The peer's DMB and the control slot may no longer be touched by whoever enters from now on.</summary>
    Detached = 256,

    /// <summary>It was not this end's user who broke the connection off.</summary>
    LocalRevoked = 512,

    /// <summary>Nothing more will come from the peer.</summary>
    PeerEnded = PeerClosed | PeerAborted | PeerLost,

    /// <summary>A reader need not wait.</summary>
    EndsRead = LocalClosed | PeerDone | PeerEnded | Violated,

    /// <summary>A writer must not wait.</summary>
    EndsWrite = LocalDone | LocalClosed | PeerEnded | Violated,
}

/// <summary>The state that both planes share: set by either, read by the data plane at every turn.</summary>
internal sealed class PathLife
{
    private int _bits;

    /// <summary>What has happened so far.</summary>
    public PathBits Bits => (PathBits)Volatile.Read(ref _bits);

    /// <summary>Sets bits, with a full fence.</summary>
    /// <returns>What was set before.</returns>
    public PathBits Set(PathBits bits) =>
        (PathBits)Interlocked.Or(ref _bits, (int)bits);   // SYNC lifetime: state before marks; pairs with EntryMark.TryEnter (mark before state)
}
