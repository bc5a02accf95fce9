using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Akka.Actor;

/// <summary>Where an actor system is: <c>protocol://system@host:port</c>; without host it is this process.</summary>
public sealed class Address(string protocol, string system, string? host = null, int? port = null) : IEquatable<Address>
{
    public string Protocol { get; } = protocol;
    public string System { get; } = system;
    public string Host { get; } = host!; // null for a local address
    public int? Port { get; } = port;
    public bool HasLocalScope => Host is null;
    public bool HasGlobalScope => Host is not null;

    public static Address Parse(string address) =>
        TryParse(address, out var parsed) ? parsed : throw new UriFormatException($"\"{address}\" is no actor address");

    public static bool TryParse(string path, [NotNullWhen(true)] out Address? address) => TryParse(path, out address, out _);

    /// <summary>Splits <paramref name="path"/> into the address and the path that follows it, which starts with a slash.</summary>
    public static bool TryParse(string path, [NotNullWhen(true)] out Address? address, out string absolutUri)
    {
        address = null;
        absolutUri = "/";
        int protocolEnd = path.IndexOf("://", StringComparison.Ordinal);
        if (protocolEnd <= 0 || !path.StartsWith("akka", StringComparison.Ordinal))
        {
            return false;
        }
        string rest = path[(protocolEnd + "://".Length)..];
        int slash = rest.IndexOf('/', StringComparison.Ordinal);
        string authority = slash < 0 ? rest : rest[..slash];
        absolutUri = slash < 0 ? "/" : rest[slash..];
        int at = authority.IndexOf('@', StringComparison.Ordinal);
        if (at < 0)
        {
            address = new Address(path[..protocolEnd], authority);
            return authority.Length > 0;
        }
        int colon = authority.LastIndexOf(':');
        if (at == 0 || colon < at || !int.TryParse(authority.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int port))
        {
            return false;
        }
        address = new Address(path[..protocolEnd], authority[..at], authority[(at + 1)..colon], port);
        return true;
    }

    public bool Equals(Address? other) =>
        ReferenceEquals(this, other)
        || (other is not null && Port == other.Port && Protocol == other.Protocol && System == other.System && Host == other.Host);

    public override bool Equals(object? obj) => Equals(obj as Address);
    public override int GetHashCode() => HashCode.Combine(Protocol, System, Host, Port);
    public override string ToString() => Host is null ? $"{Protocol}://{System}" : $"{Protocol}://{System}@{Host}:{Port}";

    public static bool operator ==(Address? left, Address? right) => Equals(left, right);
    public static bool operator !=(Address? left, Address? right) => !Equals(left, right);
}
