using System.Buffers.Binary;
using System.Text;

namespace Smc.Transport.Wire.Clc;

/// <summary>Text of a CLC message as a value: 32 bytes of ASCII, padded with blanks. A peer may have sent any bytes.</summary>
public readonly record struct ClcText
{
    /// <summary>Bytes of the text with its padding.</summary>
    public const int Size = 32;

    private const byte Blank = (byte)' ';
    private const byte LastPrintable = (byte)'~';
    private const char StandIn = '?';

    private readonly UInt128 _head;
    private readonly UInt128 _tail;

    private ClcText(UInt128 head, UInt128 tail)
    {
        _head = head;
        _tail = tail;
    }

    /// <summary>Makes padded text: cut at <see cref="Size"/> characters, with a question mark for what is not printable ASCII.</summary>
    public static ClcText From(ReadOnlySpan<char> text)
    {
        Span<byte> bytes = stackalloc byte[Size];
        bytes.Fill(Blank);
        for (int i = 0; i < Math.Min(text.Length, Size); i++)
            bytes[i] = (byte)(text[i] is >= (char)Blank and <= (char)LastPrintable ? text[i] : StandIn);
        return Read(bytes);
    }

    /// <summary>Takes over 32 bytes as they are.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The source is too short: a fault of the caller.</exception>
    public static ClcText Read(ReadOnlySpan<byte> source) =>
        new(BinaryPrimitives.ReadUInt128BigEndian(source), BinaryPrimitives.ReadUInt128BigEndian(source[(Size / 2)..]));

    /// <summary>Writes all 32 bytes.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The target is too short: a fault of the caller.</exception>
    public void Write(Span<byte> target)
    {
        BinaryPrimitives.WriteUInt128BigEndian(target, _head);
        BinaryPrimitives.WriteUInt128BigEndian(target[(Size / 2)..], _tail);
    }

    /// <summary>The text without its padding (blanks, or zeros where nothing was set), safe to print.</summary>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[Size];
        Write(bytes);
        Span<byte> text = bytes.TrimEnd((byte)0).TrimEnd(Blank);
        foreach (ref byte value in text)
            value = value is >= Blank and <= LastPrintable ? value : (byte)StandIn;
        return Encoding.ASCII.GetString(text);
    }
}
