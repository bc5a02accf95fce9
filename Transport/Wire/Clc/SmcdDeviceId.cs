namespace Smc.Transport.Wire.Clc;

/// <summary>An ISM device as SMC-D version 2 names it.</summary>
/// <param name="Gid">Its GID; the low half is zero for a native device.</param>
/// <param name="Chid">Its fabric id; 0 stands for no device.</param>
public readonly record struct SmcdDeviceId(SmcGid Gid, ushort Chid)
{
    /// <summary>The fabric id of every loopback device.</summary>
    public const ushort LoopbackChid = 0xFFFF;

    private const ushort EmulatedMask = 0xFF00;

    /// <summary>A loopback device.</summary>
    public static SmcdDeviceId OfLoopback(SmcGid gid) => new(gid, LoopbackChid);

    /// <summary>True for emulated devices, whose GIDs have 128 bits: CHID 0xFF00 to 0xFFFF.</summary>
    public bool IsEmulated => IsEmulatedChid(Chid);

    internal static bool IsEmulatedChid(ushort chid) => (chid & EmulatedMask) == EmulatedMask;
}
