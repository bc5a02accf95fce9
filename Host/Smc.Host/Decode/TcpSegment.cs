using System.Buffers.Binary;

namespace Smc.Host.Decode;

/// <summary>One TCP segment.</summary>
internal readonly ref struct TcpSegment
{
    public const byte Protocol = 6;

    private const int MinLength = 20;
    private const int DestinationPortOffset = 2;
    private const int SequenceOffset = 4;
    private const int DataOffset = 12;
    private const int DataOffsetShift = 4;
    private const int FlagsOffset = 13;
    private const byte SynBit = 0x02;

    private TcpSegment(ReadOnlySpan<byte> bytes, int header)
    {
        SourcePort = BinaryPrimitives.ReadUInt16BigEndian(bytes);
        DestinationPort = BinaryPrimitives.ReadUInt16BigEndian(bytes[DestinationPortOffset..]);
        IsSyn = (bytes[FlagsOffset] & SynBit) != 0;
        Sequence = BinaryPrimitives.ReadUInt32BigEndian(bytes[SequenceOffset..]) + (IsSyn ? 1u : 0u);
        Data = bytes[header..];
    }

    public ushort SourcePort { get; }

    public ushort DestinationPort { get; }

    /// <summary>True for the first segment of a direction.</summary>
    public bool IsSyn { get; }

    /// <summary>The sequence number of the first byte of <see cref="Data"/>.</summary>
    public uint Sequence { get; }

    public ReadOnlySpan<byte> Data { get; }

    public static bool TryParse(ReadOnlySpan<byte> bytes, out TcpSegment segment)
    {
        segment = default;
        if (bytes.Length < MinLength) return false;
        int header = (bytes[DataOffset] >> DataOffsetShift) * sizeof(uint);
        if (header < MinLength || header > bytes.Length) return false;
        segment = new TcpSegment(bytes, header);
        return true;
    }
}
