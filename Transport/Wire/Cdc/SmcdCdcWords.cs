using System.Runtime.CompilerServices;

namespace Smc.Transport.Wire.Cdc;

/// <summary>Packs and unpacks the two words of the CDC area. A word is loaded once (Volatile), then taken apart here; nothing allocates.</summary>
/// <remarks>The words are native integers: stored to memory they have the layout of <see cref="SmcdCdcLayout"/> on either byte order.</remarks>
public static class SmcdCdcWords
{
    private const int BitsPerByte = 8;

    private static int WrapShift => Shift(SmcdCdcLayout.Wrap, sizeof(ushort));

    private static int CountShift => Shift(SmcdCdcLayout.Count, sizeof(uint));

    private static int FlagsShift => Shift(SmcdCdcLayout.Flags, sizeof(byte));

    private static int StateShift => Shift(SmcdCdcLayout.State, sizeof(byte));

    /// <summary>Word one or two with this cursor and no flags.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Pack(CdcCursor cursor) => ((ulong)cursor.Wrap << WrapShift) | ((ulong)cursor.Count << CountShift);

    /// <summary>Word two.</summary>
    /// <param name="consumer">The consumer cursor: the next byte that its author reads.</param>
    /// <param name="flags">The producer flags of its author.</param>
    /// <param name="state">The connection state flags of its author.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Pack(CdcCursor consumer, ProducerFlags flags, ConnectionStateFlags state) =>
        Pack(consumer) | ((ulong)flags << FlagsShift) | ((ulong)state << StateShift);

    /// <summary>The cursor of either word. Any value of the word is allowed: the count is not checked against a ring.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static CdcCursor Cursor(ulong word) => new(unchecked((ushort)(word >> WrapShift)), unchecked((uint)(word >> CountShift)));

    /// <summary>The producer flags of word two.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ProducerFlags Flags(ulong wordTwo) => (ProducerFlags)unchecked((byte)(wordTwo >> FlagsShift));

    /// <summary>The connection state flags of word two.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ConnectionStateFlags State(ulong wordTwo) => (ConnectionStateFlags)unchecked((byte)(wordTwo >> StateShift));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Shift(int offset, int width) =>
        BitConverter.IsLittleEndian ? offset * BitsPerByte : (sizeof(ulong) - offset - width) * BitsPerByte;
}
