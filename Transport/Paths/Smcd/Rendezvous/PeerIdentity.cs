using Smc.Transport.Interop.Linux;

namespace Smc.Transport.Paths.Smcd.Rendezvous;

/// <summary>
/// Whom the limits of a peer are counted for: its process, by its id and its beginning, whichever of its control sockets it uses, and no other
/// process that gets its id when it has gone. A process whose id cannot be seen from here, as it is in another PID namespace, is as many as it has
/// control sockets.
/// </summary>
public readonly record struct PeerIdentity
{
    private PeerIdentity(int id, long start, PeerSession? unseen)
    {
        Id = id;
        Start = start;
        Unseen = unseen;
    }

    /// <summary>Its id; 0 where it cannot be seen.</summary>
    public int Id { get; }

    /// <summary>When it began, as <see cref="PeerSession.ProcessStart"/>.</summary>
    public long Start { get; }

    /// <summary>True where its id can be seen.</summary>
    public bool IsSeen => Id > 0;

    private PeerSession? Unseen { get; }

    /// <summary>Whose a control socket is.</summary>
    /// <param name="peer">Who is at its other end, as the kernel says.</param>
    /// <param name="start">When that process began.</param>
    /// <param name="session">The control socket.</param>
    public static PeerIdentity Of(PeerCredentials peer, long start, PeerSession session) =>
        peer.ProcessId > 0 ? new PeerIdentity(peer.ProcessId, start, null) : new PeerIdentity(0, 0, session);
}
