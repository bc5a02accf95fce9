namespace Smc.Transport.Wire.Clc;

/// <summary>What a server chose out of a Proposal; default when it declines.</summary>
/// <param name="Version">1 or 2.</param>
/// <param name="Path">SMC-R or SMC-D.</param>
/// <param name="Device">SMC-D version 2: the peer's device; its CHID is that of the Accept.</param>
/// <param name="Eid">Version 2: the EID in common.</param>
/// <param name="Release">Version 2: the lower release of both ends.</param>
/// <param name="MaxConnections">SMC-R version 2: connections a link group.</param>
/// <param name="MaxLinks">SMC-R version 2: links a link group.</param>
/// <param name="Features">Version 2: features of both ends; none with release 0.</param>
public readonly record struct ServerChoice(
    byte Version,
    ClcPath Path,
    SmcdDeviceId Device = default,
    Ueid Eid = default,
    byte Release = 0,
    byte MaxConnections = 0,
    byte MaxLinks = 0,
    ClcFeatures Features = ClcFeatures.None);
