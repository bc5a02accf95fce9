namespace Akka.Configuration.Hocon;

/// <summary>A part of a value.</summary>
public interface IHoconElement
{
    bool IsString();
    string GetString();
    bool IsArray();
    IList<HoconValue> GetArray();
}

/// <summary>Text as written; null is the null literal.</summary>
public class HoconLiteral : IHoconElement
{
    public string Value { get; set; } = null!; // as documented

    public bool IsString() => true;
    public string GetString() => Value;
    public bool IsArray() => false;
    public IList<HoconValue> GetArray() => throw new InvalidOperationException("A text is not an array.");
    public override string ToString() => Value;
}

public class HoconArray : List<HoconValue>, IHoconElement
{
    public bool IsString() => false;
    public string GetString() => throw new InvalidOperationException("An array is not a text.");
    public bool IsArray() => true;
    public IList<HoconValue> GetArray() => this;
    public override string ToString() => $"[{string.Join(",", this)}]";
}

public class HoconObject : IHoconElement
{
    public Dictionary<string, HoconValue> Items { get; } = [];

    public HoconValue GetKey(string key) => Items.GetValueOrDefault(key)!; // null for a missing key

    public HoconValue GetOrCreateKey(string key)
    {
        if (!Items.TryGetValue(key, out var value))
        {
            Items[key] = value = new HoconValue();
        }
        return value;
    }

    /// <summary>Adds the entries of <paramref name="other"/>; they win, except that objects merge.</summary>
    public void Merge(HoconObject other)
    {
        foreach (var (key, value) in other.Items)
        {
            if (Items.TryGetValue(key, out var own) && own.IsObject() && value.IsObject())
            {
                var merged = new HoconObject();
                merged.Merge(own.GetObject());
                merged.Merge(value.GetObject());
                Items[key] = new HoconValue([merged]);
            }
            else
            {
                Items[key] = value;
            }
        }
    }

    public bool IsString() => false;
    public string GetString() => throw new InvalidOperationException("An object is not a text.");
    public bool IsArray() => false;

    /// <summary>An object with numeric keys is an array in their order.</summary>
    public IList<HoconValue> GetArray() =>
        [.. Items.Where(item => int.TryParse(item.Key, out _)).OrderBy(item => int.Parse(item.Key, null)).Select(item => item.Value)];

    public override string ToString() => $"{{{string.Join(", ", Items.Select(item => $"{item.Key} : {item.Value}"))}}}";
}

/// <summary>A reference to another value, resolved once the whole text is read.</summary>
public class HoconSubstitution : IHoconElement
{
    internal HoconSubstitution(string path, int line)
    {
        Path = path;
        Line = line;
    }

    public string Path { get; }
    public HoconValue ResolvedValue { get; internal set; } = new();

    internal int Line { get; }

    public bool IsString() => ResolvedValue.IsString();
    public string GetString() => ResolvedValue.GetString();
    public bool IsArray() => ResolvedValue.IsArray();
    public IList<HoconValue> GetArray() => ResolvedValue.GetArray();
    public override string ToString() => ResolvedValue.ToString();
}

/// <summary>What parsing gives.</summary>
public class HoconRoot(HoconValue value, IEnumerable<HoconSubstitution> substitutions)
{
    public HoconRoot(HoconValue value) : this(value, []) { }

    public HoconValue Value { get; } = value;
    public IEnumerable<HoconSubstitution> Substitutions { get; } = substitutions;
}
