namespace Smc.Transport.Wire.Clc;

/// <summary>One IPv6 prefix of a Proposal.</summary>
/// <param name="Prefix">The address, masked by its sender.</param>
/// <param name="Length">Bits of the prefix; as sent, unchecked.</param>
public readonly record struct Ipv6Prefix(UInt128 Prefix, byte Length);
