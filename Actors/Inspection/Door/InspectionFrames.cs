using System.Globalization;
using System.Text;

namespace Smc.Actors.Inspection.Door;

/// <summary>Whether a frame is the last answer of a request.</summary>
public enum FrameKind
{
    /// <summary>More is to come.</summary>
    More,

    /// <summary>The last.</summary>
    Final,

    /// <summary>The last, and it says what is wrong.</summary>
    Error,
}

/// <summary>
/// What goes through the door. A request is one line, <c>WIDTH TAB word TAB word …</c>; each answer is a line <c>KIND LENGTH</c> and as many
/// bytes of UTF-8. A connection may ask again after a last answer.
/// </summary>
public static class InspectionFrames
{
    /// <summary>The longest request, in bytes; who sends more is cut off.</summary>
    public const int MaxRequest = 4096;

    /// <summary>Between the words of a request; no word holds it.</summary>
    private const char Separator = '\t';

    private const byte LineFeed = (byte)'\n';

    /// <summary>The line of a request.</summary>
    /// <param name="width">Of the asker's window, in characters.</param>
    /// <param name="words">A command and its arguments.</param>
    public static byte[] Request(int width, IEnumerable<string> words) =>
        Encoding.UTF8.GetBytes(string.Join(Separator, [width.ToString(CultureInfo.InvariantCulture), .. words.Select(Clean)]) + "\n");

    /// <summary>Reads the line of a request.</summary>
    public static bool TryParseRequest(string line, out int width, out string[] words)
    {
        string[] parts = line.Split(Separator);
        words = parts[1..];
        return int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out width) && width > 0;
    }

    /// <summary>An answer.</summary>
    public static byte[] Answer(FrameKind kind, string text)
    {
        byte[] body = Encoding.UTF8.GetBytes(text);
        return [.. Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{kind} {body.Length}\n")), .. body];
    }

    /// <summary>Reads the next line.</summary>
    /// <returns>Null at the end of the stream, and where the line is longer than <see cref="MaxRequest"/>.</returns>
    public static async Task<string?> ReadLineAsync(Stream stream, CancellationToken cancellationToken)
    {
        var line = new byte[MaxRequest];
        for (int length = 0; length < line.Length; length++)
        {
            // A byte at a time: what follows the line is not this method's.
            if (await stream.ReadAsync(line.AsMemory(length, 1), cancellationToken).ConfigureAwait(false) == 0) return null;
            if (line[length] == LineFeed) return Encoding.UTF8.GetString(line, 0, length);
        }

        return null;
    }

    /// <summary>Reads the next answer.</summary>
    /// <exception cref="IOException">The process has ended, or what it says is no answer.</exception>
    public static async Task<(FrameKind Kind, string Text)> ReadAnswerAsync(Stream stream, CancellationToken cancellationToken)
    {
        string[] header = (await ReadLineAsync(stream, cancellationToken).ConfigureAwait(false))?.Split(' ') ?? throw new EndOfStreamException("the process has ended.");
        if (header.Length != 2 || !Enum.TryParse(header[0], out FrameKind kind) || !int.TryParse(header[1], NumberStyles.None, CultureInfo.InvariantCulture, out int length))
            throw new IOException("the process speaks another version of this protocol.");
        var body = new byte[length];
        await stream.ReadExactlyAsync(body, cancellationToken).ConfigureAwait(false);
        return (kind, Encoding.UTF8.GetString(body));
    }

    private static string Clean(string word) => word.Replace(Separator, ' ').ReplaceLineEndings(" ");
}
