using System.Globalization;

namespace Akka.Configuration.Hocon;

/// <summary>A value: an object, or the concatenation of its elements. Arrays join, texts are strung together.</summary>
public class HoconValue
{
    public HoconValue() : this([]) { }

    public HoconValue(List<IHoconElement> values) => Values = values;

    public List<IHoconElement> Values { get; }
    public bool IsEmpty => Values.Count == 0 || (Values is [HoconObject { Items.Count: 0 }]);

    public bool IsString() => Values.Count > 0 && Values.All(element => element.IsString());
    public bool IsArray() => Values.Exists(element => element.IsArray());
    public bool IsObject() => GetObject() is not null;

    /// <summary>Null where there is none.</summary>
    public HoconObject GetObject() => (Values is [var only] ? ObjectOf(only) : null)!; // null as documented

    /// <summary>Without space around it; null for the null literal and for what is no text.</summary>
    public string GetString() => IsString() && Values is not [HoconLiteral { Value: null }]
        ? string.Concat(Values.Select(v => v.GetString())).Trim()
        : null!; // null as documented

    public IList<HoconValue> GetArray() => [.. Values.Where(v => v.IsArray()).SelectMany(v => v.GetArray())];
    public int GetInt() => int.Parse(Number(), NumberStyles.Integer, CultureInfo.InvariantCulture);
    public long GetLong() => long.Parse(Number(), NumberStyles.Integer, CultureInfo.InvariantCulture);
    public double GetDouble() => double.Parse(Number(), CultureInfo.InvariantCulture);

    public bool GetBoolean() => GetString() switch
    {
        "on" or "true" => true,
        "off" or "false" => false,
        var text => throw new NotSupportedException($"\"{text}\" is no boolean: on, true, off and false are"),
    };

    public TimeSpan GetTimeSpan(bool allowInfinite = true) => HoconUnits.ParseTimeSpan(Number(), allowInfinite);
    public long? GetByteSize() => GetString() is { } text ? HoconUnits.ParseByteSize(text) : null;

    public IList<string> GetStringList() => [.. GetArray().Select(v => v.GetString())];
    public IList<int> GetIntList() => [.. GetArray().Select(v => v.GetInt())];
    public Config ToConfig() => new(new HoconRoot(this));

    public override string ToString()
    {
        if (IsArray())
        {
            return $"[{string.Join(",", GetArray())}]";
        }
        return IsObject() ? GetObject().ToString() : GetString() ?? "null";
    }

    /// <summary>The value under a path of keys, or null.</summary>
    internal HoconValue? Find(ReadOnlySpan<string> keys) => Find(keys, out _);

    /// <summary>As above; <paramref name="isBlocked"/> where a value that is no object stands in the way, and hides what a fallback has there.</summary>
    internal HoconValue? Find(ReadOnlySpan<string> keys, out bool isBlocked)
    {
        isBlocked = false;
        HoconValue? value = this;
        foreach (string key in keys)
        {
            isBlocked = !value.IsEmpty && !value.IsObject();
            value = value.GetObject()?.GetKey(key);
            if (value is null or { Values.Count: 0 })
            {
                return null;
            }
        }
        return value;
    }

    private static HoconObject? ObjectOf(IHoconElement element) => element switch
    {
        HoconObject o => o,
        HoconSubstitution s => s.ResolvedValue.GetObject(),
        _ => null,
    };

    private string Number() => GetString() ?? throw new FormatException($"\"{this}\" is neither a number nor a text");
}
