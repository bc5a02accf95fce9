using System.Buffers.Binary;
using System.Net;

namespace Smc.Host.Decode;

/// <summary>An IP packet of either version: who sends what to whom. Fragments are not put together.</summary>
internal readonly ref struct IpPacket
{
    private const int VersionShift = 4;

    private const int Ipv4MinLength = 20;
    private const int Ipv4LengthMask = 0x0F;
    private const int Ipv4TotalLength = 2;
    private const int Ipv4Fragment = 6;
    private const ushort Ipv4FragmentMask = 0x3FFF; // more fragments, and the offset
    private const int Ipv4Protocol = 9;
    private const int Ipv4Source = 12;
    private const int Ipv4AddressLength = 4;

    private const int Ipv6Length = 40;
    private const int Ipv6PayloadLength = 4;
    private const int Ipv6NextHeader = 6;
    private const int Ipv6Source = 8;
    private const int Ipv6AddressLength = 16;
    private const int OptionUnit = 8;
    private const byte HopByHop = 0;
    private const byte Routing = 43;
    private const byte DestinationOptions = 60;

    private IpPacket(byte protocol, IPAddress source, IPAddress destination, ReadOnlySpan<byte> payload)
    {
        Protocol = protocol;
        Source = source;
        Destination = destination;
        Payload = payload;
    }

    public byte Protocol { get; }

    public IPAddress Source { get; }

    public IPAddress Destination { get; }

    /// <summary>What was captured of the payload, without padding of the link.</summary>
    public ReadOnlySpan<byte> Payload { get; }

    /// <returns>False for what is no whole IP packet.</returns>
    public static bool TryParse(ReadOnlySpan<byte> bytes, out IpPacket packet)
    {
        packet = default;
        if (bytes.IsEmpty) return false;
        return (bytes[0] >> VersionShift) switch
        {
            4 => TryParse4(bytes, out packet),
            6 => TryParse6(bytes, out packet),
            _ => false,
        };
    }

    private static bool TryParse4(ReadOnlySpan<byte> bytes, out IpPacket packet)
    {
        packet = default;
        if (bytes.Length < Ipv4MinLength) return false;
        int header = (bytes[0] & Ipv4LengthMask) * sizeof(uint);
        int total = U16(bytes[Ipv4TotalLength..]);
        if (total == 0 || total > bytes.Length) total = bytes.Length; // segmentation offload, or cut by the snap length
        if (header < Ipv4MinLength || header > total || (U16(bytes[Ipv4Fragment..]) & Ipv4FragmentMask) != 0) return false;
        packet = new IpPacket(
            bytes[Ipv4Protocol],
            new IPAddress(bytes.Slice(Ipv4Source, Ipv4AddressLength)),
            new IPAddress(bytes.Slice(Ipv4Source + Ipv4AddressLength, Ipv4AddressLength)),
            bytes[header..total]);
        return true;
    }

    private static bool TryParse6(ReadOnlySpan<byte> bytes, out IpPacket packet)
    {
        packet = default;
        if (bytes.Length < Ipv6Length) return false;
        int length = U16(bytes[Ipv6PayloadLength..]);
        ReadOnlySpan<byte> payload = bytes[Ipv6Length..];
        if (length != 0 && length < payload.Length) payload = payload[..length];
        byte next = bytes[Ipv6NextHeader];
        while (next is HopByHop or Routing or DestinationOptions)
        {
            if (payload.Length < OptionUnit) return false;
            int option = (payload[1] + 1) * OptionUnit;
            if (payload.Length < option) return false;
            next = payload[0];
            payload = payload[option..];
        }
        packet = new IpPacket(
            next,
            new IPAddress(bytes.Slice(Ipv6Source, Ipv6AddressLength)),
            new IPAddress(bytes.Slice(Ipv6Source + Ipv6AddressLength, Ipv6AddressLength)),
            payload);
        return true;
    }

    private static ushort U16(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt16BigEndian(bytes);
}
