namespace Smc.Transport;

/// <summary>How a connection ended, seen from this end. The first cause counts.</summary>
public enum ConnectionEnd : byte
{
    /// <summary>It has not: the application has not closed it.</summary>
    None = 0,

    /// <summary>The application closed it.</summary>
    Closed,

    /// <summary>The application broke it off.</summary>
    Aborted,

    /// <summary>The peer broke it off.</summary>
    Reset,

    /// <summary>The peer's process, its control socket or the TCP connection went without a word.</summary>
    PeerLost,

    /// <summary>The peer broke a rule of the ring or of CLC, and this end broke the connection off.</summary>
    Violated,

    /// <summary>An operator broke it off.</summary>
    Revoked,
}
