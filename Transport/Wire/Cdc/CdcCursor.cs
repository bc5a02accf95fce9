namespace Smc.Transport.Wire.Cdc;

/// <summary>A position in a ring: how often it wrapped, and the byte offset since.</summary>
/// <remarks>A full ring differs from an empty one by the wrap alone. Read and written as part of one 64-bit word, never in two halves.</remarks>
/// <param name="Wrap">Number of wraps, modulo 65,536.</param>
/// <param name="Count">Offset in the data area, in bytes; 0 to ring size - 1.</param>
public readonly record struct CdcCursor(ushort Wrap, uint Count)
{
    /// <summary>Wrap and count in hexadecimal, as the SMC tools print cursors.</summary>
    public override string ToString() => $"{Wrap:x4}:{Count:x8}";
}
