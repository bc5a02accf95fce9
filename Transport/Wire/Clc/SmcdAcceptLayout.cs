namespace Smc.Transport.Wire.Clc;

/// <summary>
/// Accept and Confirm of SMC-D, network byte order. Version 1 has twelve reserved bytes after the link id, then the trailer.
/// | header 8 | GID | DMB token | DMB index | size code | reserved | link id | CHID | EID | GID extension | first contact extension | trailer |
/// </summary>
internal static class SmcdAcceptLayout
{
    public const int ReservedV1 = 12;

    public const int Gid = ClcLayout.Body;
    public const int Token = Gid + ClcLayout.GidLength;
    public const int DmbIndex = Token + sizeof(ulong);
    public const int SizeCode = DmbIndex + sizeof(byte);        // in the high nibble
    public const int Reserved = SizeCode + sizeof(byte);
    public const int LinkId = Reserved + sizeof(ushort);
    public const int Chid = LinkId + sizeof(uint);
    public const int Eid = Chid + ClcLayout.ChidLength;
    public const int GidExtension = Eid + Ueid.Size;
    public const int FirstContact = GidExtension + ClcLayout.GidLength;

    /// <summary>Bytes of the message in version 1, the shortest Accept or Confirm of all.</summary>
    public const int LengthV1 = LinkId + sizeof(uint) + ReservedV1 + ClcLayout.TrailerLength;

    /// <summary>Bytes of the message in version 2 without a first contact extension.</summary>
    public const int Length = FirstContact + ClcLayout.TrailerLength;
}
