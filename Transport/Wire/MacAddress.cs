using System.Globalization;

namespace Smc.Transport.Wire;

/// <summary>The MAC address of a RoCE port as a value.</summary>
/// <param name="Value">The six bytes as a big-endian number, 0 to 2^48 - 1; all zero stands for none.</param>
public readonly record struct MacAddress(ulong Value)
{
    /// <summary>Bytes of an address.</summary>
    public const int Size = 6;

    private const int BitsOfByte = 8;

    /// <summary>Reads an address.</summary>
    /// <param name="source">At least <see cref="Size"/> bytes.</param>
    /// <exception cref="ArgumentOutOfRangeException">The source is too short: a fault of the caller.</exception>
    public static MacAddress Read(ReadOnlySpan<byte> source)
    {
        ulong value = 0;
        foreach (byte part in source[..Size])
            value = (value << BitsOfByte) | part;
        return new(value);
    }

    /// <summary>Writes all six bytes.</summary>
    /// <param name="target">At least <see cref="Size"/> bytes.</param>
    /// <exception cref="ArgumentOutOfRangeException">The target is too short: a fault of the caller.</exception>
    public void Write(Span<byte> target)
    {
        Span<byte> bytes = target[..Size];
        ulong rest = Value;
        for (int i = Size - 1; i >= 0; i--, rest >>= BitsOfByte)
            bytes[i] = (byte)rest;
    }

    /// <summary>Six pairs of lower-case hex digits with colons between.</summary>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[Size];
        Write(bytes);
        return string.Create(CultureInfo.InvariantCulture, $"{bytes[0]:x2}:{bytes[1]:x2}:{bytes[2]:x2}:{bytes[3]:x2}:{bytes[4]:x2}:{bytes[5]:x2}");
    }
}
