namespace Smc.Transport.Wire.Clc;

/// <summary>The feature mask of version 2.1. What both ends announce is used; unknown bits are kept and ignored.</summary>
[Flags]
public enum ClcFeatures : ushort
{
    /// <summary>No feature; what a release 0 sender announces.</summary>
    None = 0,

    /// <summary>Emulated-ISM devices, with GIDs of 128 bits, are understood.</summary>
    EmulatedIsm = 1,
}
