using System.Buffers.Binary;

namespace Smc.Host.Decode;

/// <summary>What the frames of a capture begin with (pcap-linktype).</summary>
internal enum LinkType : uint
{
    /// <summary>BSD loopback: the address family, in the capturing machine's byte order.</summary>
    Null = 0,

    Ethernet = 1,

    /// <summary>An IP packet, as two systems number it.</summary>
    RawBsd = 12,

    /// <inheritdoc cref="RawBsd" />
    RawOpenBsd = 14,

    /// <summary>An IP packet.</summary>
    Raw = 101,

    /// <summary>OpenBSD loopback: the address family, big-endian.</summary>
    Loop = 108,

    /// <summary>Linux cooked capture.</summary>
    LinuxSll = 113,

    Ipv4 = 228,
    Ipv6 = 229,

    /// <summary>Linux cooked capture, version 2.</summary>
    LinuxSll2 = 276,
}

/// <summary>Finds the IP packet in a frame.</summary>
internal static class LinkTypes
{
    private const int FamilyLength = 4;

    private const int EtherTypeOffset = 12;
    private const int VlanTagLength = 4;
    private const ushort EtherTypeIpv4 = 0x0800;
    private const ushort EtherTypeIpv6 = 0x86DD;
    private const ushort EtherTypeVlan = 0x8100;
    private const ushort EtherTypeServiceVlan = 0x88A8;

    private const int SllTypeOffset = 14;
    private const int Sll2Length = 20;

    /// <summary>The bytes from the IP header on; empty when the frame holds no IP packet.</summary>
    public static ReadOnlySpan<byte> ToIp(this LinkType type, ReadOnlySpan<byte> frame) => type switch
    {
        LinkType.Ethernet => AfterTags(frame, EtherTypeOffset),
        LinkType.LinuxSll => AfterTags(frame, SllTypeOffset),
        LinkType.LinuxSll2 => frame.Length >= Sll2Length && IsIp(U16(frame)) ? frame[Sll2Length..] : default,
        LinkType.Null or LinkType.Loop => frame.Length >= FamilyLength ? frame[FamilyLength..] : default,
        _ => frame,
    };

    /// <summary>Passes over VLAN tags; the IP header follows the first type that is none.</summary>
    private static ReadOnlySpan<byte> AfterTags(ReadOnlySpan<byte> frame, int offset)
    {
        while (frame.Length >= offset + sizeof(ushort) && U16(frame[offset..]) is EtherTypeVlan or EtherTypeServiceVlan)
            offset += VlanTagLength;
        return frame.Length >= offset + sizeof(ushort) && IsIp(U16(frame[offset..])) ? frame[(offset + sizeof(ushort))..] : default;
    }

    private static bool IsIp(ushort etherType) => etherType is EtherTypeIpv4 or EtherTypeIpv6;

    private static ushort U16(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt16BigEndian(bytes);
}
