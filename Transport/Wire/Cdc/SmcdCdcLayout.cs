namespace Smc.Transport.Wire.Cdc;

/// <summary>
/// The CDC area: the first 32 bytes of each DMB, in the byte order of the machine that shares it.
/// <code>
///  0 | type FE | reserved ...................................... |
///  8 | producer wrap | producer count          | zero | zero     |   word one
/// 16 | consumer wrap | consumer count          | flags | state   |   word two
/// 24 | reserved ................................................ |
/// </code>
/// </summary>
/// <remarks>Each word is read and written as one aligned 64-bit unit.</remarks>
public static class SmcdCdcLayout
{
    /// <summary>The value of the type byte.</summary>
    public const byte MessageType = 0xFE;

    /// <summary>Offset of the type byte.</summary>
    public const int Type = 0;

    /// <summary>Offset of word one: the producer cursor.</summary>
    public const int WordOne = Type + sizeof(ulong);

    /// <summary>Offset of word two: the consumer cursor and both flag bytes.</summary>
    public const int WordTwo = WordOne + sizeof(ulong);

    /// <summary>Offset of the reserved tail.</summary>
    public const int Reserved = WordTwo + sizeof(ulong);

    /// <summary>Bytes of the area; the ring's data begins here.</summary>
    public const int Length = Reserved + sizeof(ulong);

    /// <summary>Offset of the wrap within a word.</summary>
    internal const int Wrap = 0;

    /// <summary>Offset of the count within a word.</summary>
    internal const int Count = Wrap + sizeof(ushort);

    /// <summary>Offset of the producer flags within word two; zero in word one.</summary>
    internal const int Flags = Count + sizeof(uint);

    /// <summary>Offset of the connection state flags within word two; zero in word one.</summary>
    internal const int State = Flags + sizeof(byte);
}
