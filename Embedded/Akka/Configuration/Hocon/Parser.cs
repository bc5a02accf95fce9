namespace Akka.Configuration.Hocon;

/// <summary>
/// Reads the HOCON that Akka.NET 1.5 reads, and to the same effect: objects, arrays, texts, comments, substitutions, includes. What
/// Akka.NET takes for something else than it says, or in silence, is refused: <c>+=</c>, <c>${?…}</c>, a substitution of itself or
/// joined to an object, a comma after <c>key { … }</c>, brackets that are left open. Errors name the line.
/// </summary>
public sealed class Parser
{
    private const string EndOfText = "$\"{}[]:=,#`^?!@*&\\\r\n";

    private readonly HoconText _text;
    private readonly Func<string, HoconRoot> _include;
    private readonly List<HoconSubstitution> _substitutions = [];
    private readonly List<string> _path = []; // of the value being read

    private Parser(string text, Func<string, HoconRoot> include)
    {
        _text = new HoconText(text);
        _include = include;
    }

    /// <param name="text">The document.</param>
    /// <param name="includeCallback">Gives the document that <c>include "name"</c> names.</param>
    public static HoconRoot Parse(string text, Func<string, HoconRoot> includeCallback)
    {
        var parser = new Parser(text, includeCallback);
        var root = parser.ReadRoot();
        parser.Resolve(root);
        return new HoconRoot(root, parser._substitutions);
    }

    private HoconValue ReadRoot()
    {
        _text.SkipBlank();
        var root = new HoconObject();
        bool hasBraces = _text.TryTake('{');
        ReadMembers(root, hasBraces ? '}' : '\0');
        _text.SkipBlank();
        return _text.IsEnd ? new HoconValue([root]) : throw _text.Error($"unexpected '{_text.Peek}' after the end of the document");
    }

    private void ReadMembers(HoconObject owner, char end)
    {
        while (true)
        {
            _text.SkipBlankAndComma();
            if (_text.IsEnd)
            {
                if (end != '\0')
                {
                    throw _text.Error($"expected '{end}' before the end of the text");
                }
                return;
            }
            if (end != '\0' && _text.TryTake(end))
            {
                return;
            }
            ReadMember(owner);
        }
    }

    private void ReadMember(HoconObject owner)
    {
        if (_text.TryTakeWord("include"))
        {
            Include(owner);
            return;
        }
        int depth = _path.Count;
        var target = ReadKey(owner);
        _text.SkipBlank();
        bool hasSeparator = _text.TryTake('=') || _text.TryTake(':');
        if (!hasSeparator && _text.Peek != '{')
        {
            throw _text.Error(_text.Peek == '+'
                ? "'+=' is no operator: Akka.NET takes it for a part of the key's name"
                : $"expected '=', ':' or '{{' after key \"{string.Join('.', _path)}\"");
        }
        _text.SkipBlank();
        var value = ReadValue();
        Assign(target, value);
        _path.RemoveRange(depth, _path.Count - depth);
        _text.EndMember(mayBeComma: hasSeparator);
    }

    /// <summary>The members of another document, whose substitutions refer to that document.</summary>
    private void Include(HoconObject owner)
    {
        string name = _text.Peek == '"' ? _text.ReadQuoted() : throw _text.Error("expected a quoted name after include");
        var included = _include(name);
        if (_path.Count == 0 && included.Substitutions.Any())
        {
            throw _text.Error($"\"{name}\" has substitutions, which Akka.NET does not resolve in a document that is included outside of an object");
        }
        owner.Merge(included.Value.GetObject());
        _text.EndMember(mayBeComma: false);
    }

    /// <summary>Reads <c>a.b.c</c> and gives the value there, new if need be.</summary>
    private HoconValue ReadKey(HoconObject owner)
    {
        while (true)
        {
            string key = _text.Peek == '"' ? _text.ReadQuoted() : _text.ReadWhile(c => c is not ('.' or '+') && !EndOfText.Contains(c)).Trim();
            if (key.Length == 0)
            {
                throw _text.Error(_text.IsEnd ? "expected a key before the end of the text" : $"expected a key, found '{_text.Peek}'");
            }
            _path.Add(key);
            var value = owner.GetOrCreateKey(key);
            _text.SkipSpaces();
            if (!_text.TryTake('.'))
            {
                return value;
            }
            if (value.Values is not [HoconObject])
            {
                value.Values.Clear();
                value.Values.Add(new HoconObject());
            }
            owner = (HoconObject)value.Values[0];
        }
    }

    /// <summary>An object merges into the object that was there; anything else replaces it.</summary>
    private static void Assign(HoconValue target, HoconValue value)
    {
        if (value.Values is [HoconObject added] && target.Values is [HoconObject present])
        {
            present.Merge(added);
            return;
        }
        target.Values.Clear();
        target.Values.AddRange(value.Values);
    }

    /// <summary>Reads an object, or elements up to the end of the line, a comma or a closing bracket.</summary>
    private HoconValue ReadValue()
    {
        var value = new HoconValue();
        string space = "";
        while (!_text.IsEnd && !_text.IsComment && _text.Peek is not ('\n' or '\r' or ',' or '}' or ']'))
        {
            var element = ReadElement();
            if (value.Values is [.., var last])
            {
                if (element is HoconObject || last is HoconObject)
                {
                    throw _text.Error("an object cannot be joined to another value");
                }
                if (space.Length > 0 && last is not HoconArray && element is not HoconArray)
                {
                    value.Values.Add(new HoconLiteral { Value = space });
                }
            }
            value.Values.Add(element);
            space = _text.ReadWhile(c => c is ' ' or '\t');
        }
        if (value.Values is [HoconLiteral { Value: "null" } only])
        {
            only.Value = null!; // the null literal
        }
        return value.Values.Count > 0 ? value : throw _text.Error($"expected a value for \"{string.Join('.', _path)}\"");
    }

    private IHoconElement ReadElement()
    {
        switch (_text.Peek)
        {
            case '{':
                _text.Take();
                var members = new HoconObject();
                ReadMembers(members, '}');
                return members;
            case '[':
                return ReadArray();
            case '"':
                return new HoconLiteral { Value = _text.ReadQuoted() };
            case '$':
                return ReadSubstitution();
            default:
                string text = _text.ReadWhile(c => !EndOfText.Contains(c), stopAtComment: true);
                if (text.Length == 0)
                {
                    throw _text.Error($"'{_text.Peek}' must be quoted");
                }
                _text.Unread(text.Length - text.TrimEnd().Length);
                return new HoconLiteral { Value = text.TrimEnd() };
        }
    }

    private HoconArray ReadArray()
    {
        _text.Take();
        var array = new HoconArray();
        while (true)
        {
            _text.SkipBlank();
            if (_text.TryTake(']'))
            {
                return array;
            }
            if (_text.IsEnd)
            {
                throw _text.Error("expected ']' before the end of the text");
            }
            array.Add(ReadValue());
            _text.SkipSpaces();
            _text.TryTake(',');
        }
    }

    private HoconSubstitution ReadSubstitution()
    {
        int line = _text.Line;
        if (!_text.TryTake("${"))
        {
            throw _text.Error("expected '{' after '$'");
        }
        string path = _text.ReadWhile(c => c is not ('}' or '\n'));
        if (!_text.TryTake('}') || path.Length == 0 || path.AsSpan().ContainsAny('?', ' ', '"'))
        {
            throw _text.Error("expected a path without quotes, spaces or '?', and '}' after '${'");
        }
        var substitution = new HoconSubstitution(path, line);
        _substitutions.Add(substitution);
        return substitution;
    }

    private void Resolve(HoconValue root)
    {
        foreach (var substitution in _substitutions)
        {
            substitution.ResolvedValue = root.Find(substitution.Path.Split('.'))
                ?? throw new ConfigurationException($"Line {substitution.Line}: unresolved substitution ${{{substitution.Path}}}");
        }
        foreach (var substitution in _substitutions)
        {
            CheckCycle(substitution, []);
        }
    }

    private static void CheckCycle(HoconSubstitution substitution, HashSet<HoconSubstitution> above)
    {
        if (!above.Add(substitution))
        {
            throw new ConfigurationException($"Line {substitution.Line}: substitution ${{{substitution.Path}}} refers to itself");
        }
        foreach (var next in substitution.ResolvedValue.Values.OfType<HoconSubstitution>())
        {
            CheckCycle(next, above);
        }
        above.Remove(substitution);
    }
}
