namespace Smc.Transport;

/// <summary>What carries the bytes of a connection.</summary>
public enum SmcMode : byte
{
    /// <summary>Plain TCP: one end could not, or would not, use shared memory.</summary>
    Tcp = 0,

    /// <summary>SMC-D: shared memory between processes and containers of one host, over loopback-ISM.</summary>
    SmcD = 1,

    /// <summary>SMC-R: RDMA between hosts.</summary>
    SmcR = 2,
}
