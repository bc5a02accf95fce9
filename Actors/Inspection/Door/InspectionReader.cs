using System.Buffers;
using System.IO.Pipelines;
using System.Text;

namespace Smc.Actors.Inspection.Door;

/// <summary>Reads what goes through the door, from either side of it, and nothing that is longer than it may be.</summary>
/// <param name="stream">Not closed by this object.</param>
/// <param name="bufferBytes">What one read of the stream takes at most: a page for requests, a frame for who reads answers.</param>
public sealed class InspectionReader(Stream stream, int bufferBytes = InspectionFrames.MaxRequest)
{
    private const byte LineFeed = (byte)'\n';

    private readonly PipeReader _bytes = PipeReader.Create(stream, new StreamPipeReaderOptions(leaveOpen: true, bufferSize: bufferBytes));

    /// <summary>Reads the next line.</summary>
    /// <returns>Null at the end of the stream, and where the line is longer than <see cref="InspectionFrames.MaxRequest"/>.</returns>
    public async Task<string?> ReadLineAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            ReadResult read = await _bytes.ReadAsync(cancellationToken).ConfigureAwait(false);
            ReadOnlySequence<byte> come = read.Buffer.Length > InspectionFrames.MaxRequest ? read.Buffer.Slice(0, InspectionFrames.MaxRequest) : read.Buffer;
            if (come.PositionOf(LineFeed) is { } end)
            {
                string line = Encoding.UTF8.GetString(come.Slice(0, end));
                _bytes.AdvanceTo(come.GetPosition(1, end));
                return line;
            }

            _bytes.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            if (read.IsCompleted || come.Length == InspectionFrames.MaxRequest) return null;
        }
    }

    /// <summary>Reads the next answer.</summary>
    /// <exception cref="IOException">The process has ended, or what it says is no answer.</exception>
    public async Task<(FrameKind Kind, string Text)> ReadAnswerAsync(CancellationToken cancellationToken)
    {
        string text = string.Empty;
        FrameKind kind = await ReadAnswerAsync(bytes => text = Encoding.UTF8.GetString(bytes), cancellationToken).ConfigureAwait(false);
        return (kind, text);
    }

    /// <summary>The same for who takes the bytes from where they have come to.</summary>
    /// <param name="take">Gets the bytes, which are gone when it returns; not called where there are none.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="IOException">The process has ended, or what it says is no answer.</exception>
    public async Task<FrameKind> ReadAnswerAsync(Action<ReadOnlySequence<byte>> take, CancellationToken cancellationToken)
    {
        string header = await ReadLineAsync(cancellationToken).ConfigureAwait(false) ?? throw new EndOfStreamException("the process has ended.");
        if (!InspectionFrames.TryParseHeader(header, out FrameKind kind, out int length)) throw new IOException("the process speaks another version of this protocol.");
        if (length == 0) return kind;
        ReadResult read = await _bytes.ReadAtLeastAsync(length, cancellationToken).ConfigureAwait(false);
        if (read.Buffer.Length < length) throw new EndOfStreamException("the process has ended.");
        ReadOnlySequence<byte> body = read.Buffer.Slice(0, length);
        take(body);
        _bytes.AdvanceTo(body.End);
        return kind;
    }
}
