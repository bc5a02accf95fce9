namespace Smc.Transport.Wire.Clc;

/// <summary>A Decline, network byte order; version 1 has no details. | header 8 | system id | diagnosis | OS | reserved | 4 detail words | trailer |</summary>
internal static class DeclineLayout
{
    public const int DetailCount = 4;
    public const int ReservedLength = 3;

    public const int SystemId = ClcLayout.Body;
    public const int Diagnosis = SystemId + sizeof(ulong);
    public const int Os = Diagnosis + sizeof(uint);             // in the high nibble
    public const int Reserved = Os + sizeof(byte);
    public const int Details = Reserved + ReservedLength;

    public const int LengthV1 = Details + ClcLayout.TrailerLength;
    public const int LengthV2 = Details + (DetailCount * sizeof(uint)) + ClcLayout.TrailerLength;

    public static int LengthOf(byte version) => version < ClcLayout.Version2 ? LengthV1 : LengthV2;
}
