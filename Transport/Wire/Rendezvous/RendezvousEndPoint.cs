using System.Buffers.Binary;
using System.Net;

namespace Smc.Transport.Wire.Rendezvous;

/// <summary>An IP address and port as a value: the key by which an accepted connection is matched with its announcement.</summary>
/// <remarks>
/// IPv4-mapped IPv6 addresses are the IPv4 address, so both forms compare equal; the IPv6 scope id is dropped.
/// The default value is 0.0.0.0, port 0.
/// </remarks>
public readonly struct RendezvousEndPoint : IEquatable<RendezvousEndPoint>
{
    private readonly UInt128 _address; // as in the frame: IPv4 in the first four bytes, the rest zero

    private RendezvousEndPoint(bool isIPv6, UInt128 address, ushort port)
    {
        IsIPv6 = isIPv6;
        _address = address;
        Port = port;
    }

    /// <summary>True for an IPv6 address that does not stand for an IPv4 one.</summary>
    public bool IsIPv6 { get; }

    /// <summary>The TCP port.</summary>
    public ushort Port { get; }

    /// <summary>Takes over address and port.</summary>
    /// <exception cref="ArgumentException">The end point is neither IPv4 nor IPv6.</exception>
    public static RendezvousEndPoint From(IPEndPoint endPoint)
    {
        ArgumentNullException.ThrowIfNull(endPoint);
        Span<byte> bytes = stackalloc byte[EndPointLayout.AddressLength];
        if (!endPoint.Address.TryWriteBytes(bytes, out int written))
            throw new ArgumentException($"{endPoint.AddressFamily} is not an IP address family.", nameof(endPoint));
        bytes[written..].Clear();
        return Normalised(written == bytes.Length, bytes, (ushort)endPoint.Port);
    }

    /// <summary>The same address and port as a BCL type; allocates.</summary>
    public IPEndPoint ToIPEndPoint()
    {
        Span<byte> bytes = stackalloc byte[EndPointLayout.AddressLength];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, _address);
        return new IPEndPoint(new IPAddress(IsIPv6 ? bytes : bytes[..EndPointLayout.IPv4Length]), Port);
    }

    /// <inheritdoc/>
    public bool Equals(RendezvousEndPoint other) => _address == other._address && Port == other.Port && IsIPv6 == other.IsIPv6;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is RendezvousEndPoint other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_address, Port, IsIPv6);

    /// <summary>Equal address and port.</summary>
    public static bool operator ==(RendezvousEndPoint left, RendezvousEndPoint right) => left.Equals(right);

    /// <summary>Different address or port.</summary>
    public static bool operator !=(RendezvousEndPoint left, RendezvousEndPoint right) => !left.Equals(right);

    /// <summary>Address and port as <see cref="IPEndPoint"/> prints them.</summary>
    public override string ToString() => ToIPEndPoint().ToString();

    internal static WireError TryRead(ReadOnlySpan<byte> source, out RendezvousEndPoint endPoint)
    {
        endPoint = default;
        byte family = source[EndPointLayout.Family];
        ReadOnlySpan<byte> address = source.Slice(EndPointLayout.Address, EndPointLayout.AddressLength);
        if (source[EndPointLayout.Reserved] != 0)
            return WireError.BadReserved;
        if (family == EndPointLayout.FamilyIPv4 && address[EndPointLayout.IPv4Length..].ContainsAnyExcept((byte)0))
            return WireError.BadEndPoint;
        if (family is not (EndPointLayout.FamilyIPv4 or EndPointLayout.FamilyIPv6))
            return WireError.BadEndPoint;
        endPoint = Normalised(family == EndPointLayout.FamilyIPv6, address, BinaryPrimitives.ReadUInt16BigEndian(source[EndPointLayout.Port..]));
        return WireError.None;
    }

    internal void Write(Span<byte> target)
    {
        target[EndPointLayout.Family] = IsIPv6 ? EndPointLayout.FamilyIPv6 : EndPointLayout.FamilyIPv4;
        target[EndPointLayout.Reserved] = 0;
        BinaryPrimitives.WriteUInt16BigEndian(target[EndPointLayout.Port..], Port);
        BinaryPrimitives.WriteUInt128BigEndian(target[EndPointLayout.Address..], _address);
    }

    private static RendezvousEndPoint Normalised(bool isIPv6, ReadOnlySpan<byte> address, ushort port)
    {
        UInt128 value = BinaryPrimitives.ReadUInt128BigEndian(address);
        if (!isIPv6 || !address.StartsWith(EndPointLayout.MappedPrefix))
            return new(isIPv6, value, port);
        return new(isIPv6: false, value << (EndPointLayout.MappedPrefix.Length * EndPointLayout.BitsPerByte), port);
    }
}
