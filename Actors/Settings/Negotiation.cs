namespace Smc.Actors.Settings;

/// <summary>Whom a process offers shared memory to.</summary>
public enum Negotiation
{
    /// <summary>Processes that have published the endpoint in the host registry, and the peers that the directory lists.</summary>
    Directory,

    /// <summary>Everybody: also a server of which nobody knows whether it speaks SMC is sent a Proposal.</summary>
    Always,

    /// <summary>Nobody.</summary>
    Never,
}
