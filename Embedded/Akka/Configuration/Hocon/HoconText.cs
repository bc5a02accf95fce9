using System.Globalization;
using System.Text;

namespace Akka.Configuration.Hocon;

/// <summary>The text being parsed and the place in it.</summary>
internal sealed class HoconText(string text)
{
    private int _at;

    public bool IsEnd => _at >= text.Length;
    public char Peek => IsEnd ? '\0' : text[_at];
    public int Line => 1 + text.AsSpan(0, Math.Min(_at, text.Length)).Count('\n');
    public bool IsComment => Peek == '#' || Matches("//");

    public ConfigurationException Error(string cause) => new($"Line {Line}: {cause}");

    public void Take() => _at++;
    public void Unread(int count) => _at -= count;

    public bool TryTake(char expected)
    {
        if (Peek != expected || IsEnd)
        {
            return false;
        }
        _at++;
        return true;
    }

    public bool TryTake(string expected)
    {
        if (!Matches(expected))
        {
            return false;
        }
        _at += expected.Length;
        return true;
    }

    public void SkipSpaces() => ReadWhile(c => c is ' ' or '\t');

    /// <summary>Skips white space, line ends and comments.</summary>
    public void SkipBlank()
    {
        while (!IsEnd)
        {
            if (IsComment)
            {
                ReadWhile(c => c != '\n');
            }
            else if (char.IsWhiteSpace(Peek) || Peek == '\uFEFF')
            {
                _at++;
            }
            else
            {
                return;
            }
        }
    }

    public void SkipBlankAndComma()
    {
        SkipBlank();
        if (TryTake(','))
        {
            SkipBlank();
        }
    }

    /// <summary>Takes <paramref name="word"/> where only spaces part it from a quote.</summary>
    public bool TryTakeWord(string word)
    {
        int start = _at;
        if (TryTake(word))
        {
            SkipSpaces();
            if (Peek == '"' && _at > start + word.Length)
            {
                return true;
            }
        }
        _at = start;
        return false;
    }

    /// <summary>After a member comes a line end, a closing brace, a comment, or a comma where there was a separator.</summary>
    public void EndMember(bool mayBeComma)
    {
        SkipSpaces();
        if (!IsEnd && !IsComment && Peek is not ('\n' or '\r' or '}') && !(mayBeComma && Peek == ','))
        {
            throw Error($"unexpected '{Peek}' after a value");
        }
    }

    public string ReadWhile(Func<char, bool> accept, bool stopAtComment = false)
    {
        int start = _at;
        while (!IsEnd && accept(Peek) && !(stopAtComment && IsComment))
        {
            _at++;
        }
        return text[start.._at];
    }

    /// <summary>Reads <c>"…"</c> with escapes, or <c>"""…"""</c> as it stands.</summary>
    public string ReadQuoted()
    {
        int line = Line;
        if (TryTake("\"\"\""))
        {
            int end = text.IndexOf("\"\"\"", _at, StringComparison.Ordinal);
            if (end < 0)
            {
                throw new ConfigurationException($"Line {line}: text without closing quotes");
            }
            string raw = text[_at..end];
            _at = end + 3;
            return raw;
        }
        Take();
        var result = new StringBuilder();
        while (!TryTake('"'))
        {
            if (IsEnd || Peek == '\n')
            {
                throw new ConfigurationException($"Line {line}: text without closing quote");
            }
            result.Append(TryTake('\\') ? ReadEscape() : text[_at++]);
        }
        return result.ToString();
    }

    private char ReadEscape()
    {
        char escape = Peek;
        Take();
        if (escape == 'u' && _at + 4 <= text.Length && ushort.TryParse(text.AsSpan(_at, 4), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out ushort code))
        {
            _at += 4;
            return (char)code;
        }
        return escape switch
        {
            '"' or '\\' or '/' => escape,
            'b' => '\b',
            'f' => '\f',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            _ => throw Error($"unknown escape '\\{escape}'"),
        };
    }

    private bool Matches(string expected) => string.CompareOrdinal(text, _at, expected, 0, expected.Length) == 0;
}
