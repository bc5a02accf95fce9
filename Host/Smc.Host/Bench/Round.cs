using System.Buffers.Binary;

namespace Smc.Host.Bench;

/// <summary>What a client asks of a bench server on a connection, by its first byte.</summary>
internal enum RoundKind : byte
{
    /// <summary>One byte there, one byte back; no header follows.</summary>
    Touch = 1,

    /// <summary>Count bytes come; one byte goes back when the last has arrived.</summary>
    OneWay = 2,

    /// <summary>As <see cref="OneWay"/>, and each byte must follow <see cref="Round.Pattern"/>.</summary>
    OneWayChecked = 3,

    /// <summary>Count messages of Size bytes come, and each goes back at once.</summary>
    PingPong = 4,

    /// <summary>The server's <see cref="ProcessUsage"/> goes back; with memory and descriptors if Size is not 0.</summary>
    Usage = 5,
}

/// <summary>The header of a round: kind (1), reserved (3), size (4), count (8), big endian.</summary>
internal readonly record struct Round(RoundKind Kind, int Size, long Count)
{
    public const int HeaderLength = 16;
    public const byte Confirmed = 1;
    public const byte WrongData = 2;

    private const int SizeOffset = 4;
    private const int CountOffset = SizeOffset + sizeof(int);

    public static Round Parse(ReadOnlySpan<byte> header) => new(
        (RoundKind)header[0], BinaryPrimitives.ReadInt32BigEndian(header[SizeOffset..]), BinaryPrimitives.ReadInt64BigEndian(header[CountOffset..]));

    public byte[] ToBytes()
    {
        var header = new byte[HeaderLength];
        header[0] = (byte)Kind;
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(SizeOffset), Size);
        BinaryPrimitives.WriteInt64BigEndian(header.AsSpan(CountOffset), Count);
        return header;
    }

    /// <summary>What a server answers to <see cref="RoundKind.Usage"/>.</summary>
    public byte[] Usage() => (Size == 0 ? ProcessUsage.Read() : ProcessUsage.ReadAll()).ToBytes();

    /// <summary>The byte at a position of a checked stream: of a period that no buffer size divides.</summary>
    public static byte Pattern(long position) => (byte)(position % 251);

    public static void Fill(Span<byte> bytes, long position)
    {
        for (int i = 0; i < bytes.Length; i++) bytes[i] = Pattern(position + i);
    }

    public static bool Matches(ReadOnlySpan<byte> bytes, long position)
    {
        for (int i = 0; i < bytes.Length; i++)
            if (bytes[i] != Pattern(position + i)) return false;
        return true;
    }
}
