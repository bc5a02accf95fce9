using Akka.Actor;
using Akka.Event;
using Smc.Transport;
using Smc.Transport.Interop.Linux;
using Smc.Transport.Memory;

namespace Smc.Actors.Protocol;

/// <summary>What a buffer pool hears and answers.</summary>
public static class BufferProtocol
{
    /// <summary>A DMB that is handed out.</summary>
    public sealed record DmbLease(DmbSlab Slab, ushort Index)
    {
        /// <summary>Where it lies.</summary>
        public DmbRange Range => Slab.RangeOf(Index);
    }

    /// <summary>Asks for a DMB for a connection attempt. Answered by <see cref="Rented"/> or <see cref="NoBuffer"/>.</summary>
    public sealed record Rent(ulong Nonce) : INoSerializationVerificationNeeded;

    /// <summary>A DMB.</summary>
    /// <param name="Nonce">That of the request.</param>
    /// <param name="Lease">The DMB, all zero.</param>
    /// <param name="NewSlab">Its memory file, where the slab is new and the peer has to map it.</param>
    public sealed record Rented(ulong Nonce, DmbLease Lease, FileDescriptor? NewSlab) : INoSerializationVerificationNeeded;

    /// <summary>No DMB of any class.</summary>
    public sealed record NoBuffer(ulong Nonce, SmcReason Reason) : INoSerializationVerificationNeeded;

    /// <summary>Gives a DMB back that neither end touches any more. A pool that ends with its group takes no more: the memory ends too.</summary>
    public sealed record GiveBack(DmbLease Lease, uint TouchedBytes) : INoSerializationVerificationNeeded, IDeadLetterSuppression;

    /// <summary>The peer did not map a slab: nothing of it is handed out again.</summary>
    public sealed record Retire(uint Slab) : INoSerializationVerificationNeeded;
}
