namespace Smc.Transport.Wire.Clc;

/// <summary>
/// Accept and Confirm of SMC-R, network byte order. Version 1 ends after the PSN.
/// | header 8 | system id | GID | MAC | QP number | rkey | RMBE index | alert token | size code, MTU code | reserved | address | reserved | PSN |
/// | EID | reserved | first contact extension | GID list | trailer |
/// </summary>
internal static class SmcrAcceptLayout
{
    public const int UInt24Length = 3;
    public const int ReservedV2Length = 8;

    public const int SystemId = ClcLayout.Body;
    public const int Gid = SystemId + sizeof(ulong);
    public const int Mac = Gid + SmcGid.Size;
    public const int QpNumber = Mac + MacAddress.Size;
    public const int Rkey = QpNumber + UInt24Length;
    public const int RmbeIndex = Rkey + sizeof(uint);
    public const int AlertToken = RmbeIndex + sizeof(byte);
    public const int SizeAndMtu = AlertToken + sizeof(uint);    // | size code | MTU code |
    public const int Reserved = SizeAndMtu + sizeof(byte);
    public const int Address = Reserved + sizeof(byte);
    public const int Reserved2 = Address + sizeof(ulong);
    public const int Psn = Reserved2 + sizeof(byte);
    public const int Eid = Psn + UInt24Length;
    public const int ReservedV2 = Eid + Ueid.Size;
    public const int FirstContact = ReservedV2 + ReservedV2Length;

    public const byte MinMtuCode = 1;
    public const byte MaxMtuCode = 5;

    /// <summary>Bytes of the message in version 1.</summary>
    public const int LengthV1 = Eid + ClcLayout.TrailerLength;

    /// <summary>Bytes of the message in version 2 without a first contact extension.</summary>
    public const int LengthV2 = FirstContact + ClcLayout.TrailerLength;

    /// <summary>| count | reserved | count x GID |; in a first contact Confirm of version 2 alone.</summary>
    public static class GidList
    {
        public const int MaxCount = 2;
        public const int ReservedLength = 3;

        public const int Count = 0;
        public const int Reserved = Count + sizeof(byte);
        public const int First = Reserved + ReservedLength;

        public static int LengthOf(int count) => First + (count * SmcGid.Size);
    }
}
