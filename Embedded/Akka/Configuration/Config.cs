using Akka.Configuration.Hocon;

namespace Akka.Configuration;

/// <summary>
/// Values by dotted path; what is missing here is looked up in the fallback. A missing key gives the default of the call,
/// a missing section null, a missing list an empty one.
/// </summary>
public class Config
{
    public static readonly Config Empty = new();

    public Config() : this(new HoconRoot(new HoconValue())) { }

    public Config(HoconRoot root) => Root = root.Value;

    public Config(Config source, Config? fallback)
    {
        Root = source.Root;
        Fallback = fallback!; // null at the end of the chain
    }

    public HoconValue Root { get; }
    public Config Fallback { get; } = null!; // null at the end of the chain
    public virtual bool IsEmpty => Root.IsEmpty && (Fallback is null || Fallback.IsEmpty);

    public virtual bool HasPath(string path) => Find(path) is not null;

    public HoconValue GetValue(string path) => Find(path)!; // null for a missing key
    public virtual string GetString(string path, string? @default = null) => Find(path)?.GetString() ?? @default!; // may be null, as documented
    public virtual int GetInt(string path, int @default = 0) => Find(path)?.GetInt() ?? @default;
    public virtual long GetLong(string path, long @default = 0) => Find(path)?.GetLong() ?? @default;
    public virtual double GetDouble(string path, double @default = 0) => Find(path)?.GetDouble() ?? @default;
    public virtual bool GetBoolean(string path, bool @default = false) => Find(path)?.GetBoolean() ?? @default;
    public virtual long? GetByteSize(string path) => Find(path)?.GetByteSize();
    public virtual long? GetByteSize(string path, long? def = null) => GetByteSize(path) ?? def;

    public virtual TimeSpan GetTimeSpan(string path, TimeSpan? @default = null, bool allowInfinite = true) =>
        Find(path)?.GetTimeSpan(allowInfinite) ?? @default.GetValueOrDefault();

    public virtual IList<string> GetStringList(string path) => Find(path)?.GetStringList() ?? [];
    public virtual IList<int> GetIntList(string path) => Find(path)?.GetIntList() ?? [];

    /// <summary>The section at <paramref name="path"/>, with that of the fallback below it; null if there is neither.</summary>
    public virtual Config GetConfig(string path)
    {
        var own = Root.Find(HoconPath.Split(path), out bool isBlocked);
        var fallback = isBlocked || own is { IsEmpty: false } && !own.IsObject() ? null : Fallback?.GetConfig(path);
        if (own is null)
        {
            return fallback!; // may be null, as documented
        }
        return fallback is null ? own.ToConfig() : own.ToConfig().WithFallback(fallback);
    }

    public virtual Config WithFallback(Config? fallback)
    {
        if (ReferenceEquals(fallback, this))
        {
            throw new ArgumentException("A configuration cannot be its own fallback", nameof(fallback));
        }
        if (fallback is null || fallback.IsEmpty)
        {
            return this;
        }
        return IsEmpty ? fallback : new Config(this, Fallback is null ? fallback : Fallback.WithFallback(fallback));
    }

    /// <summary>The top-level entries, each key once.</summary>
    public virtual IEnumerable<KeyValuePair<string, HoconValue>> AsEnumerable()
    {
        var seen = new HashSet<string>();
        for (Config? config = this; config is not null; config = config.Fallback)
        {
            foreach (var entry in config.Root.GetObject()?.Items ?? [])
            {
                if (seen.Add(entry.Key))
                {
                    yield return entry;
                }
            }
        }
    }

    public override string ToString() => Root.ToString();

    public static implicit operator Config(string str) => ConfigurationFactory.ParseString(str);

    private HoconValue? Find(string path)
    {
        var elements = HoconPath.Split(path);
        for (Config? config = this; config is not null; config = config.Fallback)
        {
            if (config.Root.Find(elements, out bool isBlocked) is { } value)
            {
                return value;
            }
            if (isBlocked)
            {
                return null;
            }
        }
        return null;
    }
}
