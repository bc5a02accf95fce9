namespace Smc.Transport.Wire.Clc;

/// <summary>The operating system that a peer names, 0 to 15. Unknown values are kept.</summary>
public enum ClcOs : byte
{
    /// <summary>Not named.</summary>
    None = 0,

    /// <summary>z/OS.</summary>
    Zos = 1,

    /// <summary>Linux.</summary>
    Linux = 2,

    /// <summary>AIX.</summary>
    Aix = 3,
}
