namespace Smc.Transport.Rings;

/// <summary>What a peer wrote that it may not write. The connection is aborted, alone, with this name.</summary>
public enum RingViolation : byte
{
    /// <summary>Nothing wrong.</summary>
    None = 0,

    /// <summary>The producer cursor's count lies outside the ring.</summary>
    ProducerOutsideRing,

    /// <summary>The producer cursor ran backwards, or past the window that this end had confirmed.</summary>
    ProducerBeyondWindow,

    /// <summary>The consumer cursor's count lies outside the ring.</summary>
    ConsumerOutsideRing,

    /// <summary>The consumer cursor ran backwards, or past what this end has produced.</summary>
    ConsumerBeyondProducer,
}
