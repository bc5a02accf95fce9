using System.Globalization;

namespace Akka.Configuration.Hocon;

/// <summary>A value: the concatenation of its elements. Objects merge, arrays join, texts are strung together.</summary>
public class HoconValue
{
    public HoconValue() : this([]) { }

    public HoconValue(List<IHoconElement> values) => Values = values;

    public List<IHoconElement> Values { get; }
    public bool IsEmpty => Values.Count == 0 || (Values is [HoconObject { Items.Count: 0 }]);

    public bool IsString() => Values.Count > 0 && Values.All(element => element.IsString());
    public bool IsArray() => Values.Exists(element => element.IsArray());
    public bool IsObject() => Values.Exists(element => ObjectOf(element) is not null);

    /// <summary>All objects among the elements, merged; null if there is none.</summary>
    public HoconObject GetObject()
    {
        HoconObject? result = null;
        bool isOwn = false;
        foreach (var element in Values)
        {
            if (ObjectOf(element) is not { } next)
            {
                continue;
            }
            if (result is null)
            {
                result = next;
                continue;
            }
            if (!isOwn)
            {
                var merged = new HoconObject();
                merged.Merge(result);
                result = merged;
                isOwn = true;
            }
            result.Merge(next);
        }
        return result!; // null as documented
    }

    /// <summary>Null for the null literal and for what is no text.</summary>
    public string GetString() => IsString() ? (Values is [HoconLiteral { Value: null }] ? null! : string.Concat(Values.Select(v => v.GetString()))) : null!;

    public IList<HoconValue> GetArray() => [.. Values.Where(v => v.IsArray()).SelectMany(v => v.GetArray())];
    public int GetInt() => int.Parse(Number(), NumberStyles.Integer, CultureInfo.InvariantCulture);
    public long GetLong() => long.Parse(Number(), NumberStyles.Integer, CultureInfo.InvariantCulture);
    public float GetFloat() => float.Parse(Number(), CultureInfo.InvariantCulture);
    public double GetDouble() => double.Parse(Number(), CultureInfo.InvariantCulture);
    public decimal GetDecimal() => decimal.Parse(Number(), CultureInfo.InvariantCulture);

    public bool GetBoolean() => GetString() switch
    {
        "on" or "true" or "yes" => true,
        "off" or "false" or "no" => false,
        var text => throw new NotSupportedException($"\"{text}\" is no boolean: on, true, yes, off, false and no are"),
    };

    public TimeSpan GetTimeSpan(bool allowInfinite = true) => HoconUnits.ParseTimeSpan(Number(), allowInfinite);
    public long? GetByteSize() => HoconUnits.ParseByteSize(Number());

    public IList<string> GetStringList() => [.. GetArray().Select(v => v.GetString())];
    public IList<int> GetIntList() => [.. GetArray().Select(v => v.GetInt())];
    public IList<long> GetLongList() => [.. GetArray().Select(v => v.GetLong())];
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
    internal HoconValue? Find(ReadOnlySpan<string> keys)
    {
        HoconValue? value = this;
        foreach (string key in keys)
        {
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
