namespace Smc.Transport.Wire.Clc;

/// <summary>What an Accept or Confirm of SMC-D says, for <see cref="ClcWriter"/>.</summary>
/// <param name="Type"><see cref="ClcType.Accept"/> or <see cref="ClcType.Confirm"/>.</param>
/// <param name="Device">The sender's device; the Confirm names its own, of the Accept's CHID.</param>
/// <param name="Token">The token of the sender's receive DMB.</param>
/// <param name="DmbIndex">The element of that DMB, counted from 0; Linux has 0 only.</param>
/// <param name="SizeCode">Size of the DMB with its CDC area: 16 KiB shifted left by 0 to 6.</param>
/// <param name="LinkId">The id of the sender's link group; opaque to the peer.</param>
/// <param name="Eid">The EID that both ends have; the Confirm repeats that of the Accept. Not written in version 1.</param>
/// <param name="FirstContact">Set when the connection begins a link group; in version 1 only that it is set is written.</param>
/// <param name="Version">The chosen version: 1, or 2 and more. Version 1 has no CHID, and GIDs of 64 bits only.</param>
public readonly record struct SmcdAcceptFields(
    ClcType Type,
    SmcdDeviceId Device,
    ulong Token,
    byte DmbIndex,
    byte SizeCode,
    uint LinkId,
    Ueid Eid,
    FirstContact? FirstContact,
    byte Version = ClcLayout.Version2);
