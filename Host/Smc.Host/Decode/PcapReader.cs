using System.Buffers.Binary;
using Smc.Host.CommandLine;

namespace Smc.Host.Decode;

/// <summary>Reads the classic pcap format: both byte orders, times in microseconds or nanoseconds.</summary>
/// <remarks>A file that breaks the format ends in a <see cref="CommandFailure"/> that says where.</remarks>
internal sealed class PcapReader : IDisposable
{
    private const uint MagicMicroseconds = 0xA1B2_C3D4;
    private const uint MagicNanoseconds = 0xA1B2_3C4D;
    private const uint MagicPcapNg = 0x0A0D_0D0A;

    // File header: | magic | version | time zone | accuracy | snap length | link type |.
    private const int FileHeaderLength = 24;
    private const int LinkTypeOffset = 20;
    private const uint LinkTypeMask = 0xFFFF; // above it: whether frames end with a checksum

    // Record header: | seconds | fraction | captured length | length on the wire |.
    private const int RecordHeaderLength = 16;
    private const int FractionOffset = 4;
    private const int CapturedOffset = 8;
    private const int MaxCaptured = 256 * 1024;

    private readonly Stream _stream;
    private readonly string _name;
    private readonly bool _isBigEndian;
    private readonly decimal _fraction;
    private readonly byte[] _header = new byte[RecordHeaderLength];
    private byte[] _frame = new byte[4096];

    public PcapReader(Stream stream, string name)
    {
        _stream = stream;
        _name = name;
        Span<byte> header = stackalloc byte[FileHeaderLength];
        int read = stream.ReadAtLeast(header, FileHeaderLength, throwOnEndOfStream: false);
        uint magic = read < sizeof(uint) ? 0 : BinaryPrimitives.ReadUInt32BigEndian(header);
        _isBigEndian = magic is MagicMicroseconds or MagicNanoseconds;
        if (!_isBigEndian) magic = BinaryPrimitives.ReverseEndianness(magic);
        _fraction = magic switch
        {
            MagicMicroseconds => 1e-6m,
            MagicNanoseconds => 1e-9m,
            MagicPcapNg => throw CommandFailure.Failed($"{name} is a pcapng file; write it as pcap: editcap -F pcap."),
            _ => throw CommandFailure.Failed($"{name} is no pcap file: it does not begin with the magic of one."),
        };
        if (read < FileHeaderLength) throw CommandFailure.Failed($"{name} is cut short: it ends within its header.");
        LinkType = (LinkType)(U32(header[LinkTypeOffset..]) & LinkTypeMask);
        if (!Enum.IsDefined(LinkType)) throw CommandFailure.Failed($"{name} has frames of link type {(uint)LinkType}, which is not understood.");
    }

    /// <summary>What all frames begin with.</summary>
    public LinkType LinkType { get; }

    /// <summary>The number of the current frame, from 1.</summary>
    public int Number { get; private set; }

    /// <summary>When the current frame was captured: seconds since 1970.</summary>
    public decimal Time { get; private set; }

    /// <summary>Reads the next frame.</summary>
    /// <param name="frame">What was captured of it; valid until the next call.</param>
    /// <returns>False at the end of the file.</returns>
    public bool TryRead(out ReadOnlySpan<byte> frame)
    {
        frame = default;
        int read = _stream.ReadAtLeast(_header, RecordHeaderLength, throwOnEndOfStream: false);
        if (read == 0) return false;
        Number++;
        if (read < RecordHeaderLength) throw CommandFailure.Failed($"{_name} is cut short: it ends within the header of frame {Number}.");
        uint captured = U32(_header.AsSpan(CapturedOffset));
        if (captured > MaxCaptured) throw CommandFailure.Failed($"{_name} is damaged: frame {Number} claims {captured} bytes.");
        Time = U32(_header) + (U32(_header.AsSpan(FractionOffset)) * _fraction);
        if (_frame.Length < captured) _frame = new byte[MaxCaptured];
        Span<byte> target = _frame.AsSpan(0, (int)captured);
        read = _stream.ReadAtLeast(target, target.Length, throwOnEndOfStream: false);
        if (read < target.Length) throw CommandFailure.Failed($"{_name} is cut short: it ends within frame {Number}.");
        frame = target;
        return true;
    }

    public void Dispose() => _stream.Dispose();

    private uint U32(ReadOnlySpan<byte> bytes) => _isBigEndian ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes);
}
