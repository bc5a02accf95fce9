namespace Smc.Transport.Wire.Clc;

/// <summary>What a Proposal offers in one version, or what an Accept or Confirm chose (then only the first two).</summary>
public enum ClcPath : byte
{
    /// <summary>SMC-R: RDMA.</summary>
    Smcr = 0,

    /// <summary>SMC-D: shared memory.</summary>
    Smcd = 1,

    /// <summary>Neither.</summary>
    Neither = 2,

    /// <summary>SMC-R and SMC-D.</summary>
    Both = 3,
}

/// <summary>Questions to a <see cref="ClcPath"/>.</summary>
public static class ClcPaths
{
    /// <summary>True when SMC-R is among the offers.</summary>
    public static bool HasSmcr(this ClcPath path) => path is ClcPath.Smcr or ClcPath.Both;

    /// <summary>True when SMC-D is among the offers.</summary>
    public static bool HasSmcd(this ClcPath path) => path is ClcPath.Smcd or ClcPath.Both;
}
