using System.Buffers;
using System.Text;

namespace Smc.Actors.Inspection.Reports;

/// <summary>
/// A report that is being written in UTF-8, chunk by chunk. No chunk is longer than <see cref="ChunkBytes"/>, unless somebody asks for more room at once, and
/// none is moved when the next begins: a report of thousands of rows leaves nothing in the large object heap, whose collections stop every thread of the process.
/// No character is cut in two by the end of a chunk, as long as none is by what is written at once.
/// </summary>
internal sealed class ReportBytes : IBufferWriter<byte>
{
    /// <summary>Below the 85,000 bytes from which on the runtime takes an array for large.</summary>
    public const int ChunkBytes = 64 * 1024;

    /// <summary>Most reports are a page.</summary>
    private const int FirstBytes = 4 * 1024;

    /// <summary>Of a character in UTF-8.</summary>
    private const int LongestCharacter = 4;

    private Chunk? _first;
    private Chunk? _last;
    private byte[] _room = [];
    private int _written;

    /// <summary>A text.</summary>
    public static ReadOnlySequence<byte> Of(string text)
    {
        if (text.Length <= FirstBytes) return new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(text));
        var bytes = new ReportBytes();
        Encoder encoder = Encoding.UTF8.GetEncoder();
        ReadOnlySpan<char> rest = text;
        while (!rest.IsEmpty)
        {
            encoder.Convert(rest, bytes.GetSpan(LongestCharacter), flush: true, out int taken, out int made, out _);
            bytes.Advance(made);
            rest = rest[taken..];
        }

        return bytes.ToSequence();
    }

    /// <inheritdoc />
    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, _room.Length - _written);
        _written += count;
    }

    /// <inheritdoc />
    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        int wanted = Math.Max(sizeHint, 1);
        if (_room.Length - _written < wanted)
        {
            Close();
            _room = new byte[Math.Max(wanted, _first is null ? FirstBytes : ChunkBytes)];
        }

        return _room.AsMemory(_written);
    }

    /// <inheritdoc />
    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    /// <summary>What has been written; nothing is to be written any more.</summary>
    public ReadOnlySequence<byte> ToSequence()
    {
        Close();
        _room = [];
        return _first is null ? ReadOnlySequence<byte>.Empty : new ReadOnlySequence<byte>(_first, 0, _last!, _last!.Memory.Length);
    }

    private void Close()
    {
        if (_written == 0) return;
        _last = new Chunk(_room.AsMemory(0, _written), _last);
        _first ??= _last;
        _written = 0;
    }

    private sealed class Chunk : ReadOnlySequenceSegment<byte>
    {
        public Chunk(ReadOnlyMemory<byte> bytes, Chunk? before)
        {
            Memory = bytes;
            if (before is null) return;
            RunningIndex = before.RunningIndex + before.Memory.Length;
            before.Next = this;
        }
    }
}
