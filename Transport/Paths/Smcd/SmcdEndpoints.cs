using Smc.Transport.Memory;

namespace Smc.Transport.Paths.Smcd;

/// <summary>A DMB as one process sees it: a range of a mapped slab.</summary>
/// <param name="Region">The slab.</param>
/// <param name="Offset">Of the first byte, the CDC area.</param>
/// <param name="Bytes">The whole DMB, CDC area included.</param>
public readonly record struct DmbRange(SharedRegion Region, long Offset, int Bytes)
{
    /// <summary>The first byte.</summary>
    internal unsafe byte* Address => Region.At(Offset, Bytes);

    /// <summary>Zeroes the CDC area and the first <paramref name="dataBytes"/> of the data area.</summary>
    internal unsafe void Clear(uint dataBytes) =>
        new Span<byte>(Address, (int)Math.Min(Bytes, dataBytes + Wire.Cdc.SmcdCdcLayout.Length)).Clear();
}

/// <summary>What a connection is made of.</summary>
/// <param name="Side">Which end of the group this is.</param>
/// <param name="Slot">The connection's slot in the control region, 0 to 254.</param>
/// <param name="Own">This end's DMB: the peer writes into it.</param>
/// <param name="Peer">The peer's DMB, attached.</param>
public readonly record struct SmcdEndpoints(GroupSide Side, int Slot, DmbRange Own, DmbRange Peer);

/// <summary>How a connection waits.</summary>
/// <param name="LongestSpinMicroseconds">The most that one wait spins before it sleeps; 0 for never.</param>
/// <param name="InlineCompletions">Run continuations of asynchronous operations on the wake thread. A continuation that blocks there
/// holds up every connection of that thread.</param>
public readonly record struct WaitSettings(int LongestSpinMicroseconds, bool InlineCompletions);
