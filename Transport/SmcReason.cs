namespace Smc.Transport;

/// <summary>Why a connection is not, or no longer, on SMC: the diagnosis word of a Decline, and the reason of a fallback.</summary>
/// <remarks>
/// Codes up to 0x0999FFFF are those of the protocol and keep their values on the wire. Codes from 0x0A000000 are this
/// implementation's own: no SMC sender is known to use that range. A peer may send any value; unknown ones are kept.
/// </remarks>
public enum SmcReason : uint
{
    /// <summary>No reason: nothing was declined, nothing fell back.</summary>
    None = 0,

    /// <summary>Memory for the connection could not be had.</summary>
    OutOfMemory = 0x0101_0000,

    /// <summary>The peer did not answer CONFIRM LINK in time.</summary>
    TimeoutConfirmLink = 0x0201_0000,

    /// <summary>The peer did not answer ADD LINK in time.</summary>
    TimeoutAddLink = 0x0202_0000,

    /// <summary>The configuration of one end does not allow SMC.</summary>
    ConfigurationError = 0x0300_0000,

    /// <summary>The peer does not speak SMC.</summary>
    PeerNoSmc = 0x0301_0000,

    /// <summary>An IPsec policy covers the connection, and SMC would bypass it.</summary>
    Ipsec = 0x0302_0000,

    /// <summary>No usable SMC device was found, or the EIDs of both ends have nothing in common.</summary>
    NoSmcDevice = 0x0303_0000,

    /// <summary>No SMC-D device was found, or the EIDs of both ends have nothing in common.</summary>
    NoSmcdDevice = 0x0303_0001,

    /// <summary>No SMC-R device was found.</summary>
    NoSmcrDevice = 0x0303_0002,

    /// <summary>The host has no ISM version 2 device.</summary>
    NoIsmV2Support = 0x0303_0003,

    /// <summary>The Proposal lacks its version 2 extension.</summary>
    NoV2Extension = 0x0303_0004,

    /// <summary>The Proposal lacks its SMC-D version 2 extension.</summary>
    NoSmcdV2Extension = 0x0303_0005,

    /// <summary>The peer sent no system EID.</summary>
    NoSeid = 0x0303_0006,

    /// <summary>No SMC-D version 2 device reaches a device that the peer proposed.</summary>
    NoSmcdV2Device = 0x0303_0007,

    /// <summary>The peer sent no user EID.</summary>
    NoUeid = 0x0303_0008,

    /// <summary>The ends did not agree on a release of version 2.</summary>
    ReleaseError = 0x0303_0009,

    /// <summary>The ends did not agree on the connections of a link group.</summary>
    MaxConnectionsError = 0x0303_000A,

    /// <summary>The ends did not agree on the links of a link group.</summary>
    MaxLinksError = 0x0303_000B,

    /// <summary>The vendor options of the ends do not match.</summary>
    VendorError = 0x0303_000C,

    /// <summary>The server accepted a mode that was not proposed.</summary>
    ModeUnsupported = 0x0304_0000,

    /// <summary>The peer insists on eyecatchers in its buffers.</summary>
    RmbeEyecatcher = 0x0305_0000,

    /// <summary>The socket uses an option that SMC does not support, such as TCP fast open.</summary>
    OptionUnsupported = 0x0306_0000,

    /// <summary>The ends are in different IP subnets.</summary>
    DifferentPrefix = 0x0307_0000,

    /// <summary>The VLAN of the connection's network device could not be determined.</summary>
    GetVlanError = 0x0308_0000,

    /// <summary>The VLAN could not be registered at the ISM device.</summary>
    IsmVlanError = 0x0309_0000,

    /// <summary>The link group has no active link.</summary>
    NoActiveLink = 0x030A_0000,

    /// <summary>The server named a link that this end does not know.</summary>
    NoServerLink = 0x030B_0000,

    /// <summary>The ends speak different versions of SMC.</summary>
    VersionMismatch = 0x030C_0000,

    /// <summary>The device has no DMB left.</summary>
    MaxDmb = 0x030D_0000,

    /// <summary>There is no route to the peer's RDMA device.</summary>
    NoRoute = 0x030E_0000,

    /// <summary>The ends disagree whether a gateway lies between them.</summary>
    NoIndirect = 0x030F_0000,

    /// <summary>The link groups of the ends are out of step.</summary>
    SyncError = 0x0400_0000,

    /// <summary>The peer declined; its own diagnosis says why.</summary>
    PeerDeclined = 0x0500_0000,

    /// <summary>An internal error ended the handshake.</summary>
    InternalError = 0x0999_0000,

    /// <summary>The peer's buffer address could not be stored: the link group's table is full.</summary>
    RtokenError = 0x0999_0001,

    /// <summary>The link could not be made ready.</summary>
    ReadyLinkError = 0x0999_0002,

    /// <summary>A buffer could not be registered with the device or the peer.</summary>
    RegisterBufferError = 0x0999_0003,

    /// <summary>Receive credits could not be announced.</summary>
    CreditsError = 0x0999_0004,

    // Own codes, not part of the protocol: fallbacks that happen before or beside the CLC handshake.

    /// <summary>Nothing is published for the endpoint in the rendezvous folder.</summary>
    NotPublished = 0x0A00_0001,

    /// <summary>The listener did not match the announced connection in time.</summary>
    MatchTimeout = 0x0A00_0002,

    /// <summary>No local port could be bound before connecting.</summary>
    BindFailed = 0x0A00_0003,

    /// <summary>The peer's credentials are not those of an allowed user.</summary>
    CredentialsRefused = 0x0A00_0004,

    /// <summary>A memory descriptor failed its checks of seal, size or file system.</summary>
    DescriptorRefused = 0x0A00_0005,

    /// <summary>This operating system or architecture has no shared-memory path.</summary>
    UnsupportedPlatform = 0x0A00_0006,

    /// <summary>SMC is turned off by smc.negotiation = never.</summary>
    SmcDisabled = 0x0A00_0007,

    /// <summary>The rendezvous folder cannot be read or written.</summary>
    RegistryUnavailable = 0x0A00_0008,

    /// <summary>A configured limit of connections, groups or handshakes is reached.</summary>
    LimitReached = 0x0A00_0009,

    /// <summary>The process has no file descriptor left for the hand-over of memory.</summary>
    DescriptorsExhausted = 0x0A00_000A,

    /// <summary>The client cancelled its announcement before the match.</summary>
    PeerCancelled = 0x0A00_000B,

    /// <summary>The control socket to the peer's process broke.</summary>
    ControlSocketLost = 0x0A00_000C,

    /// <summary>A Proposal came after the listener had given the connection to the application.</summary>
    SniffTimeout = 0x0A00_000D,

    /// <summary>The peer's process does not take the control sockets that wait for it: they are as many as can wait.</summary>
    PeerBusy = 0x0A00_000E,
}
