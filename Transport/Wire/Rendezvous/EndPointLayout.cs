namespace Smc.Transport.Wire.Rendezvous;

/// <summary>An end point in a control frame, 20 bytes. | family 4 or 6 | reserved | port | address, IPv4 in the first four bytes |</summary>
internal static class EndPointLayout
{
    public const byte FamilyIPv4 = 4;
    public const byte FamilyIPv6 = 6;
    public const int IPv4Length = sizeof(uint);
    public const int AddressLength = 2 * sizeof(ulong);
    public const int BitsPerByte = 8;

    public const int Family = 0;
    public const int Reserved = Family + sizeof(byte);
    public const int Port = Reserved + sizeof(byte);
    public const int Address = Port + sizeof(ushort);
    public const int Length = Address + AddressLength;

    /// <summary>What an IPv4-mapped IPv6 address begins with: ::ffff:0:0/96.</summary>
    public static ReadOnlySpan<byte> MappedPrefix => [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, byte.MaxValue, byte.MaxValue];
}
