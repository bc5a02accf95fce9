namespace Smc.Transport.Wire.Clc;

/// <summary>The first contact extension; release 0 of SMC-D ends after the host name, that of SMC-R may.
/// | direct | OS, release | reserved | host name || connections | links | features | vendor options | reserved |</summary>
internal static class FirstContactLayout
{
    public const byte DirectBit = 0x80;                         // SMC-R only
    public const int TailReserved = 8;

    public const int Direct = 0;
    public const int OsAndRelease = Direct + sizeof(byte);
    public const int Reserved = OsAndRelease + sizeof(byte);
    public const int HostName = Reserved + sizeof(ushort);
    public const int LengthRelease0 = HostName + ClcText.Size;

    public const int MaxConnections = LengthRelease0;           // SMC-R only
    public const int MaxLinks = MaxConnections + sizeof(byte);  // SMC-R only
    public const int Features = MaxLinks + sizeof(byte);
    public const int VendorOptions = Features + sizeof(ushort);
    public const int Length = VendorOptions + sizeof(uint) + TailReserved;

    public static int LengthOf(byte release) => release == 0 ? LengthRelease0 : Length;
}
