using Smc.Transport.Rings;

namespace Smc.Transport.Paths.Smcd;

/// <summary>What the data plane tells the control plane. Called on any thread, all but <see cref="Blocking"/> at most once; must not block.</summary>
public interface IPathObserver
{
    /// <summary>The user closed (or aborted) the connection and nobody is inside any more: this end's DMB may be unregistered.</summary>
    void Closed();

    /// <summary>The peer has ended and nobody who might still touch its memory is inside: the peer's DMB is detached.</summary>
    void Detached();

    /// <summary>The peer broke a rule; the connection is dead.</summary>
    void Violated(RingViolation violation);

    /// <summary>A continuation of the user's that runs inline has held up a wake thread, and every connection of it, for a second or more.</summary>
    void Blocking();
}
