using Smc.Transport.Interop.Linux;

namespace Smc.Transport.Paths.Smcd.Rendezvous;

/// <summary>
/// Whom the limits of a peer are counted for: its process, by its id and its beginning, whichever of its control sockets it uses, and no other
/// process that gets its id when it has gone. A process that cannot be seen from here, as it is in another PID namespace or had gone before anybody
/// could look at it, is as many as it has control sockets.
/// </summary>
public readonly record struct PeerIdentity
{
    private PeerIdentity(int id, long start, PeerSession? unseen)
    {
        Id = id;
        Start = start;
        Unseen = unseen;
    }

    /// <summary>Its id; 0 where it, or its beginning, cannot be seen.</summary>
    public int Id { get; }

    /// <summary>When it began, as <see cref="PeerSession.ProcessStart"/>.</summary>
    public long Start { get; }

    /// <summary>True where its id and its beginning can be seen: without the one the other may be another process's.</summary>
    public bool IsSeen => Id > 0;

    private PeerSession? Unseen { get; }

    /// <summary>Whose a control socket is.</summary>
    /// <param name="peer">Who is at its other end, as the kernel says.</param>
    /// <param name="start">When that process began; 0 where that could not be read.</param>
    /// <param name="session">The control socket.</param>
    public static PeerIdentity Of(PeerCredentials peer, long start, PeerSession session) =>
        peer.ProcessId > 0 && start != 0 ? new PeerIdentity(peer.ProcessId, start, null) : new PeerIdentity(0, 0, session);
}
