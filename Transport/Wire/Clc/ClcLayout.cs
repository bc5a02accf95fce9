namespace Smc.Transport.Wire.Clc;

/// <summary>What every CLC message begins and ends with, network byte order. | eyecatcher | type | length | version and paths | ... | eyecatcher |</summary>
internal static class ClcLayout
{
    public const uint EyecatcherSmcr = 0xE2D4_C3D9; // "SMCR" in EBCDIC
    public const uint EyecatcherSmcd = 0xE2D4_C3C4; // "SMCD" in EBCDIC

    public const int Eyecatcher = 0;
    public const int Type = Eyecatcher + sizeof(uint);
    public const int MessageLength = Type + sizeof(byte);
    public const int VersionAndPaths = MessageLength + sizeof(ushort);
    public const int Body = VersionAndPaths + sizeof(byte);

    public const int TrailerLength = sizeof(uint);

    // Version and paths: | version, 4 bits | path v2 | path v1 |; bit 3 is a flag in all but the Proposal.
    public const byte PathV1Mask = 0x03;
    public const byte PathV2Mask = 0x0C;
    public const int PathV2Shift = 2;
    public const byte Flag = 0x08;

    // Several bytes hold two values: | high nibble | low nibble |.
    public const int NibbleShift = 4;
    public const byte NibbleMask = 0x0F;

    public const byte Version1 = 1;
    public const byte Version2 = 2;

    public const int ChidLength = sizeof(ushort);
    public const int GidLength = sizeof(ulong);
    public const byte MaxSizeCode = 6;
}
