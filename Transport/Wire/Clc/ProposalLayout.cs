namespace Smc.Transport.Wire.Clc;

/// <summary>
/// A Proposal, network byte order. The second and the last three areas are there only if offered.
/// | base 40 | SMC-D area 40 | IP area 8 + 17n | version 2 extension 40 + 32e | SMC-D version 2 extension 48 + 10g | trailer 4 |
/// </summary>
internal static class ProposalLayout
{
    public const int MaxPrefixes = 8;
    public const int MaxGids = 8;

    // Base.
    public const int SystemId = ClcLayout.Body;
    public const int RoceGid = SystemId + sizeof(ulong);
    public const int RoceGidLength = 2 * sizeof(ulong);
    public const int Mac = RoceGid + RoceGidLength;
    public const int IpAreaOffset = Mac + MacAddress.Size;    // counted from the end of the base
    public const int BaseLength = IpAreaOffset + sizeof(ushort);

    // SMC-D area.
    public const int IsmGid = BaseLength;
    public const int IsmChid = IsmGid + ClcLayout.GidLength;
    public const int V2Offset = IsmChid + ClcLayout.ChidLength; // counted from VendorOptions
    public const int VendorOptions = V2Offset + sizeof(ushort);
    public const int VendorOptionsLength = sizeof(ulong);
    public const int SmcdReservedLength = 20;
    public const int SmcdAreaEnd = VendorOptions + VendorOptionsLength + SmcdReservedLength;
    public const int SmcdAreaLength = SmcdAreaEnd - BaseLength;

    public const int MaxIpAreaOffset = SmcdAreaLength;
    public const int MaxV2Offset = SmcdAreaEnd - VendorOptions + IpArea.Length + (MaxPrefixes * IpArea.PrefixLength);

    public const int MinLength = BaseLength + IpArea.Length + ClcLayout.TrailerLength;
    public const int MinLengthV2 = SmcdAreaEnd + ClcLayout.TrailerLength;
    public const int MaxLength = VendorOptions + MaxV2Offset
        + V2.Length + (Ueid.MaxCount * Ueid.Size)
        + SmcdV2.Length + (MaxGids * SmcdV2.EntryLength)
        + ClcLayout.TrailerLength;

    /// <summary>| IPv4 subnet | its prefix length | reserved | count | count x { IPv6 prefix, its length } |</summary>
    public static class IpArea
    {
        public const int Subnet = 0;
        public const int SubnetLength = Subnet + sizeof(uint);
        public const int Reserved = SubnetLength + sizeof(byte);
        public const int PrefixCount = Reserved + sizeof(ushort);
        public const int Length = PrefixCount + sizeof(byte);

        public const int PrefixBits = 2 * sizeof(ulong);
        public const int PrefixLength = PrefixBits + sizeof(byte);
    }

    /// <summary>
    /// | EIDs | GIDs | reserved | release, SEID bit | reserved | SMC-D offset |
    /// | RoCE GID | connections | links | features | reserved | EIDs ... |
    /// </summary>
    public static class V2
    {
        public const byte SeidBit = 0x01;
        public const int TailReserved = 12;

        public const int EidCount = 0;
        public const int GidCount = EidCount + sizeof(byte);
        public const int Reserved = GidCount + sizeof(byte);
        public const int Release = Reserved + sizeof(byte);
        public const int Reserved2 = Release + sizeof(byte);
        public const int SmcdOffset = Reserved2 + sizeof(ushort); // counted from RoceGid
        public const int RoceGid = SmcdOffset + sizeof(ushort);
        public const int MaxConnections = RoceGid + RoceGidLength;
        public const int MaxLinks = MaxConnections + sizeof(byte);
        public const int Features = MaxLinks + sizeof(byte);
        public const int Length = Features + sizeof(ushort) + TailReserved;

        public const int MaxSmcdOffset = Length - RoceGid + (Ueid.MaxCount * Ueid.Size);
    }

    /// <summary>| SEID | reserved | entries: { GID, CHID } ... |</summary>
    public static class SmcdV2
    {
        public const int ReservedLength = 16;

        public const int Seid = 0;
        public const int Reserved = Seid + Ueid.Size;
        public const int Length = Reserved + ReservedLength;

        public const int EntryChid = ClcLayout.GidLength;
        public const int EntryLength = EntryChid + ClcLayout.ChidLength;
    }
}
