using System.Buffers;
using System.IO.Pipelines;
using System.Text;

namespace Petabridge.Cmd.Host;

/// <summary>Reads lines of at most <see cref="MaxLine"/> bytes.</summary>
internal sealed class LineReader(Stream stream)
{
    /// <summary>The longest line, in bytes; who sends more is shown out.</summary>
    public const int MaxLine = 4 * 1024;

    private readonly PipeReader _bytes = PipeReader.Create(stream, new StreamPipeReaderOptions(leaveOpen: true));

    /// <summary>The next line.</summary>
    /// <returns>Null at the end of the stream, and where the line is too long.</returns>
    public async Task<string?> ReadAsync()
    {
        while (true)
        {
            ReadResult read = await _bytes.ReadAsync().ConfigureAwait(false);
            ReadOnlySequence<byte> come = read.Buffer.Length > MaxLine ? read.Buffer.Slice(0, MaxLine) : read.Buffer;
            if (come.PositionOf((byte)'\n') is { } end)
            {
                string line = Encoding.UTF8.GetString(come.Slice(0, end)).TrimEnd('\r');
                _bytes.AdvanceTo(come.GetPosition(1, end));
                return line;
            }

            _bytes.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            if (read.IsCompleted || come.Length == MaxLine) return null;
        }
    }
}
