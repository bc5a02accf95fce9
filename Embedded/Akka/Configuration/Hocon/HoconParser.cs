namespace Akka.Configuration.Hocon;

/// <summary>Reads HOCON: objects, arrays, texts, comments, substitutions and <c>+=</c>. Errors name the line.</summary>
internal sealed class HoconParser
{
    private const string EndOfUnquoted = "$\"{}[]:=,+#`^?!@*&\\\r\n";

    private readonly HoconText _text;
    private readonly List<HoconSubstitution> _substitutions = [];
    private readonly List<string> _path = []; // of the value being read

    private HoconParser(string text) => _text = new HoconText(text);

    public static HoconRoot Parse(string text)
    {
        var parser = new HoconParser(text);
        var root = parser.ReadRoot();
        parser.Resolve(root);
        return new HoconRoot(root);
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
        int depth = _path.Count;
        var value = ReadKey(owner);
        _text.SkipBlank();
        if (_text.Peek == '{')
        {
            Assign(value, ReadValue(value));
        }
        else if (_text.TryTake("+="))
        {
            _text.SkipBlank();
            value.Values.Add(new HoconArray { ReadValue(value) });
        }
        else if (_text.TryTake('=') || _text.TryTake(':'))
        {
            _text.SkipBlank();
            Assign(value, ReadValue(value));
        }
        else
        {
            throw _text.Error($"expected '=', ':', '+=' or '{{' after key \"{string.Join('.', _path)}\"");
        }
        _path.RemoveRange(depth, _path.Count - depth);
        _text.EndMember();
    }

    /// <summary>Reads <c>a.b.c</c> and gives the value there, new if need be.</summary>
    private HoconValue ReadKey(HoconObject owner)
    {
        while (true)
        {
            string key = _text.Peek == '"' ? _text.ReadQuoted() : _text.ReadWhile(c => c != '.' && !EndOfUnquoted.Contains(c)).Trim();
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
            if (value.Values is not [.., HoconObject])
            {
                if (!value.IsObject() && !value.Values.Exists(v => v is HoconSubstitution))
                {
                    value.Values.Clear();
                }
                value.Values.Add(new HoconObject());
            }
            owner = (HoconObject)value.Values[^1];
        }
    }

    /// <summary>An object merges into the object that was there; anything else replaces it.</summary>
    private static void Assign(HoconValue target, HoconValue value)
    {
        bool merges = value.Values is [HoconObject, ..] && target.Values.Exists(v => v is HoconObject or HoconSubstitution);
        if (value.Values is [HoconSubstitution { IsOptional: true } optional])
        {
            optional.Otherwise = new HoconValue([.. target.Values]);
        }
        if (!merges)
        {
            target.Values.Clear();
        }
        target.Values.AddRange(value.Values);
    }

    /// <summary>Reads elements up to the end of the line, a comma or a closing bracket.</summary>
    private HoconValue ReadValue(HoconValue previous)
    {
        var value = new HoconValue();
        string space = "";
        while (!_text.IsEnd && !_text.IsComment && _text.Peek is not ('\n' or '\r' or ',' or '}' or ']'))
        {
            var element = ReadElement(previous);
            if (space.Length > 0 && value.Values is [.., var last] && IsText(last) && element.Exists(IsText))
            {
                value.Values.Add(new HoconLiteral { Value = space });
            }
            value.Values.AddRange(element);
            space = _text.ReadWhile(c => c is ' ' or '\t');
        }
        if (value.Values is [HoconLiteral { Value: "null" } only] && !_text.LastWasQuoted)
        {
            only.Value = null!; // the null literal
        }
        return value.Values.Count > 0 ? value : throw _text.Error($"expected a value for \"{string.Join('.', _path)}\"");
    }

    private List<IHoconElement> ReadElement(HoconValue previous)
    {
        switch (_text.Peek)
        {
            case '{':
                _text.Take();
                var members = new HoconObject();
                ReadMembers(members, '}');
                return [members];
            case '[':
                return [ReadArray()];
            case '"':
                return [new HoconLiteral { Value = _text.ReadQuoted() }];
            case '$':
                return ReadSubstitution(previous);
            default:
                string text = _text.ReadWhile(c => !EndOfUnquoted.Contains(c), stopAtComment: true);
                if (text.Length == 0)
                {
                    throw _text.Error($"'{_text.Peek}' must be quoted");
                }
                _text.Unread(text.Length - text.TrimEnd().Length);
                return [new HoconLiteral { Value = text.TrimEnd() }];
        }
    }

    private HoconArray ReadArray()
    {
        _text.Take();
        var array = new HoconArray();
        while (true)
        {
            _text.SkipBlankAndComma();
            if (_text.IsEnd)
            {
                throw _text.Error("expected ']' before the end of the text");
            }
            if (_text.TryTake(']'))
            {
                return array;
            }
            array.Add(ReadValue(new HoconValue()));
        }
    }

    /// <summary>A reference to the key being assigned means its previous value.</summary>
    private List<IHoconElement> ReadSubstitution(HoconValue previous)
    {
        int line = _text.Line;
        if (!_text.TryTake("${"))
        {
            throw _text.Error("expected '{' after '$'");
        }
        bool isOptional = _text.TryTake('?');
        string path = _text.ReadWhile(c => c is not ('}' or '\n')).Trim();
        if (!_text.TryTake('}') || path.Length == 0)
        {
            throw _text.Error("expected a path and '}' after '${'");
        }
        if (HoconPath.Split(path).SequenceEqual(_path) && previous.Values.Count > 0)
        {
            return [.. previous.Values];
        }
        var substitution = new HoconSubstitution(path, isOptional, line);
        _substitutions.Add(substitution);
        return [substitution];
    }

    /// <summary>Looks substitutions up in the document, then in the environment.</summary>
    private void Resolve(HoconValue root)
    {
        foreach (var substitution in _substitutions)
        {
            if (root.Find(HoconPath.Split(substitution.Path)) is { } value)
            {
                substitution.ResolvedValue = value;
            }
            else if (Environment.GetEnvironmentVariable(substitution.Path) is { } variable)
            {
                substitution.ResolvedValue = new HoconValue([new HoconLiteral { Value = variable }]);
            }
            else if (substitution.Otherwise is { } previous)
            {
                substitution.ResolvedValue = previous;
            }
            else if (!substitution.IsOptional)
            {
                throw new ConfigurationException($"Line {substitution.Line}: unresolved substitution ${{{substitution.Path}}}");
            }
        }
        foreach (var substitution in _substitutions)
        {
            CheckCycle(substitution, []);
        }
        RemoveUndefined(root);
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

    /// <summary>An optional substitution without a value leaves no trace.</summary>
    private static void RemoveUndefined(HoconValue value)
    {
        value.Values.RemoveAll(v => v is HoconSubstitution { IsOptional: true, ResolvedValue.Values.Count: 0 });
        foreach (var element in value.Values)
        {
            foreach (var child in element is HoconObject o ? o.Items.Values : element is HoconArray a ? a : Enumerable.Empty<HoconValue>())
            {
                RemoveUndefined(child);
            }
        }
    }

    private static bool IsText(IHoconElement element) => element is HoconLiteral or HoconSubstitution;
}
