using Akka.Configuration;

namespace Smc.Actors.Settings;

/// <summary>
/// Checks that what opens in a HOCON text closes. A parser that does not mind takes a text with one bracket too many or too few for another
/// one, and leaves out what follows without a word.
/// </summary>
internal ref struct HoconBrackets
{
    private const string LongQuotes = "\"\"\"";

    private readonly ReadOnlySpan<char> _text;
    private readonly Stack<(char Closing, int Line)> _open = [];
    private int _at;
    private int _line = 1;

    private HoconBrackets(string text) => _text = text;

    private readonly ReadOnlySpan<char> Rest => _text[_at..];

    /// <exception cref="ConfigurationException">Names the line.</exception>
    public static void Check(string text)
    {
        var brackets = new HoconBrackets(text);
        bool isWrapped = text.AsSpan().TrimStart().StartsWith('{');
        bool hasBegun = false;
        while (brackets._at < text.Length)
        {
            if (isWrapped && hasBegun && brackets._open.Count == 0) brackets.ExpectEnd();
            else brackets.Step();
            hasBegun |= brackets._open.Count > 0;
        }

        if (brackets._open.TryPop(out (char Closing, int Line) open)) throw Fault(open.Line, $"what opens here is not closed by '{open.Closing}'");
    }

    private void Step()
    {
        switch (_text[_at])
        {
            case '{': Open('}'); break;
            case '[': Open(']'); break;
            case '}' or ']': Close(); break;
            case '"': SkipQuoted(); break;
            default: SkipOther(); break;
        }
    }

    private void Open(char closing)
    {
        _open.Push((closing, _line));
        _at++;
    }

    private void Close()
    {
        char closing = _text[_at++];
        if (!_open.TryPop(out (char Closing, int Line) open)) throw Fault(_line, $"'{closing}' closes nothing");
        if (open.Closing != closing) throw Fault(_line, $"'{closing}' where '{open.Closing}' would close what opens in line {open.Line}");
    }

    private void SkipQuoted()
    {
        if (Rest.StartsWith(LongQuotes))
        {
            int length = Rest[LongQuotes.Length..].IndexOf(LongQuotes);
            if (length < 0) throw Fault(_line, $"what opens here is not closed by {LongQuotes}");
            Skip(length + (2 * LongQuotes.Length));
            return;
        }

        int end = _at + 1;
        while (end < _text.Length && _text[end] is not ('"' or '\n')) end += _text[end] == '\\' ? 2 : 1;
        if (end >= _text.Length || _text[end] == '\n') throw Fault(_line, "a quoted text does not end in its line");
        _at = end + 1;
    }

    /// <summary>A comment, a line's end or a letter.</summary>
    private void SkipOther()
    {
        bool isComment = _text[_at] == '#' || Rest.StartsWith("//");
        int length = isComment ? Rest.IndexOf('\n') : 1;
        Skip(length < 0 ? Rest.Length : length);
    }

    private void ExpectEnd()
    {
        if (!char.IsWhiteSpace(_text[_at]) && _text[_at] != '#' && !Rest.StartsWith("//")) throw Fault(_line, "nothing may follow the closing '}'");
        SkipOther();
    }

    private void Skip(int length)
    {
        _line += Rest[..length].Count('\n');
        _at += length;
    }

    private static ConfigurationException Fault(int line, string what) => new($"Line {line}: {what}.");
}
