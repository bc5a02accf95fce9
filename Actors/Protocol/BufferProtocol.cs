using Akka.Actor;
using Smc.Transport;
using Smc.Transport.Memory;

namespace Smc.Actors.Protocol;

/// <summary>What a buffer pool hears and answers: nothing about a single buffer, which its link group takes and gives back by itself.</summary>
public static class BufferProtocol
{
    /// <summary>No DMB is idle: asks for more. Answered by <see cref="Grown"/> or <see cref="NoBuffer"/>; one question at a time.</summary>
    public sealed record Grow : INoSerializationVerificationNeeded;

    /// <summary>There are more DMBs.</summary>
    /// <param name="Slab">A new slab, kept mapped by its group, to be offered to the peer and added to the pool; null where DMBs had come back meanwhile.</param>
    /// <param name="Size">The smallest that a handshake has to do with: the wanted size, or a smaller one where no more of that can be had.</param>
    public sealed record Grown(DmbSlab? Slab, SizeClass Size) : INoSerializationVerificationNeeded;

    /// <summary>There is no memory for another DMB of any class.</summary>
    /// <param name="Reason">Why.</param>
    public sealed record NoBuffer(SmcReason Reason) : INoSerializationVerificationNeeded;
}
