using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Akka.Actor;

/// <summary>
/// The place of an actor in the tree. Two paths are equal if their names are; the uid tells one incarnation at that place
/// from the next and counts only in comparisons of actor references.
/// </summary>
public abstract class ActorPath : IEquatable<ActorPath>
{
    public const string ValidSymbols = "\"-_.*$+:@&=,!~\';()";

    private readonly ActorPath? _parent;
    private int _hash;

    protected ActorPath(Address address, string name)
    {
        Address = address;
        Name = name;
    }

    protected ActorPath(ActorPath parentPath, string name, long uid)
    {
        _parent = parentPath;
        Address = parentPath.Address;
        Name = name;
        Uid = uid;
        Depth = parentPath.Depth + 1;
    }

    public Address Address { get; }
    public string Name { get; }
    public long Uid { get; }
    public int Depth { get; }
    public ActorPath Parent => _parent!; // the root has none
    public ActorPath Root => ParentOf(0);

    public IReadOnlyList<string> Elements
    {
        get
        {
            var names = new string[Depth];
            for (ActorPath path = this; path._parent is { } parent; path = parent)
            {
                names[path.Depth - 1] = path.Name;
            }
            return names;
        }
    }

    /// <summary>The ancestor at <paramref name="depth"/>; a negative depth counts upwards from here.</summary>
    public ActorPath ParentOf(int depth)
    {
        int target = depth < 0 ? Depth + depth : depth;
        ActorPath path = this;
        while (path.Depth > target && path._parent is { } parent)
        {
            path = parent;
        }
        return path;
    }

    public ActorPath WithUid(long uid) => uid == Uid || _parent is null ? this : new ChildActorPath(_parent, Name, uid);

    public static bool IsValidPathElement(string s) =>
        !string.IsNullOrEmpty(s) && s[0] != '$' && s.All(c => char.IsAsciiLetterOrDigit(c) || ValidSymbols.Contains(c) || c == '%');

    public static ActorPath Parse(string path) =>
        TryParse(path, out var parsed) ? parsed : throw new UriFormatException($"\"{path}\" is no actor path");

    public static bool TryParse(string path, [NotNullWhen(true)] out ActorPath? actorPath)
    {
        actorPath = null;
        if (!Address.TryParse(path, out var address, out string absolute))
        {
            return false;
        }
        int hash = absolute.IndexOf('#', StringComparison.Ordinal);
        long uid = 0;
        if (hash >= 0 && !long.TryParse(absolute.AsSpan(hash + 1), NumberStyles.Integer, CultureInfo.InvariantCulture, out uid))
        {
            return false;
        }
        string names = hash < 0 ? absolute : absolute[..hash];
        actorPath = new RootActorPath(address) / names.Split('/', StringSplitOptions.RemoveEmptyEntries);
        actorPath = actorPath.WithUid(uid);
        return true;
    }

    public string ToStringWithoutAddress() => Depth == 0 ? "/" : "/" + string.Join('/', Elements);
    public string ToStringWithAddress() => ToStringWithAddress(Address);
    public string ToStringWithAddress(Address address) => (Address.HasGlobalScope ? Address : address) + ToStringWithoutAddress();
    public string ToStringWithUid() => Uid == 0 ? ToStringWithAddress() : $"{ToStringWithAddress()}#{Uid}";
    public override string ToString() => ToStringWithAddress();

    public bool Equals(ActorPath? other)
    {
        if (other is null || Depth != other.Depth || GetHashCode() != other.GetHashCode())
        {
            return false;
        }
        for (ActorPath? a = this, b = other; !ReferenceEquals(a, b); a = a._parent, b = b._parent)
        {
            if (a is null || b is null || a.Name != b.Name || (a._parent is null && a.Address != b.Address))
            {
                return false;
            }
        }
        return true;
    }

    public override bool Equals(object? obj) => Equals(obj as ActorPath);

    public override int GetHashCode()
    {
        if (_hash == 0)
        {
            _hash = HashCode.Combine(_parent is null ? Address.GetHashCode() : _parent.GetHashCode(), Name) | 1;
        }
        return _hash;
    }

    public static ActorPath operator /(ActorPath path, string name)
    {
        int hash = name.IndexOf('#', StringComparison.Ordinal);
        return hash < 0
            ? new ChildActorPath(path, name, 0)
            : new ChildActorPath(path, name[..hash], long.Parse(name.AsSpan(hash + 1), CultureInfo.InvariantCulture));
    }

    public static ActorPath operator /(ActorPath path, IEnumerable<string> name) => name.Aggregate(path, (parent, element) => parent / element);
    public static bool operator ==(ActorPath? left, ActorPath? right) => Equals(left, right);
    public static bool operator !=(ActorPath? left, ActorPath? right) => !Equals(left, right);
}

public sealed class RootActorPath(Address address, string name = "") : ActorPath(address, name);

public sealed class ChildActorPath(ActorPath parentPath, string name, long uid) : ActorPath(parentPath, name, uid);
