using System.Buffers;
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
/// bytes of UTF-8. A report that is longer than a frame may be comes in several, and so does what is told while it happens. A connection may
/// ask again after a last answer; who asks before that has seen enough of an answer that goes on, and is answered next.
/// </summary>
public static class InspectionFrames
{
    /// <summary>The longest request, in bytes; who sends more is cut off.</summary>
    public const int MaxRequest = 4 * 1024;

    /// <summary>The most bytes of text in one answer.</summary>
    public const int MaxAnswer = 64 * 1024;

    /// <summary>While nothing is to be told an answer without text comes at least so often: who hears nothing for longer is not answered any more.</summary>
    public static readonly TimeSpan Silence = TimeSpan.FromSeconds(5);

    /// <summary>Between the words of a request; no word holds it.</summary>
    private const char Separator = '\t';

    /// <summary>The bits that tell the first byte of a character from the others, and what they are in those.</summary>
    private const byte FirstBits = 0b1100_0000;
    private const byte Continuation = 0b1000_0000;

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

    /// <summary>An answer, in as many frames as it takes, each a header and what follows it; all but the last of them say that more is to come.</summary>
    /// <param name="kind">Of the last.</param>
    /// <param name="text">A piece of it goes into a frame as it is, where it is not too long for one.</param>
    public static IEnumerable<(byte[] Header, ReadOnlyMemory<byte> Text)> Answer(FrameKind kind, ReadOnlySequence<byte> text)
    {
        long rest = text.Length;
        if (rest == 0) yield return (Header(kind, 0), default);
        foreach (ReadOnlyMemory<byte> piece in text)
        {
            for (ReadOnlyMemory<byte> left = piece; left.Length > 0;)
            {
                int length = left.Length;
                if (length > MaxAnswer)
                {
                    length = MaxAnswer;
                    while ((left.Span[length] & FirstBits) == Continuation) length--;   // a character is not cut in two
                }

                rest -= length;
                yield return (Header(rest == 0 ? kind : FrameKind.More, length), left[..length]);
                left = left[length..];
            }
        }
    }

    /// <summary>Reads the line before an answer.</summary>
    public static bool TryParseHeader(string line, out FrameKind kind, out int length)
    {
        string[] parts = line.Split(' ');
        length = 0;
        return Enum.TryParse(parts[0], out kind)
            && parts.Length == 2 && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out length) && length <= MaxAnswer;
    }

    private static byte[] Header(FrameKind kind, int length) => Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{kind} {length}\n"));

    private static string Clean(string word) => word.Replace(Separator, ' ').ReplaceLineEndings(" ");
}
