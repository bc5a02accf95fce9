using Smc.Transport.Wire.Cdc;

namespace Smc.Transport.Memory;

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
        new Span<byte>(Address, (int)Math.Min(Bytes, (long)dataBytes + SmcdCdcLayout.Length)).Clear();
}
