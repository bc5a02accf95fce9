namespace Smc.Transport.Wire;

/// <summary>What a decoder found wrong. One name per rule, so that a log line tells which field was bad.</summary>
/// <remarks>A value, never an exception: a peer's bytes end its own handshake or link, not the process.</remarks>
public enum WireError : byte
{
    /// <summary>The bytes are a valid message.</summary>
    None,

    /// <summary>Fewer bytes than the message, or its header, needs.</summary>
    Truncated,

    /// <summary>The first four bytes are no SMC eyecatcher.</summary>
    WrongEyecatcher,

    /// <summary>The first four bytes are not those of a control frame.</summary>
    WrongMagic,

    /// <summary>The message type is unknown, or not the expected one.</summary>
    WrongType,

    /// <summary>The version is zero, or one that this decoder does not read.</summary>
    WrongVersion,

    /// <summary>The length field disagrees with the bytes given, or with the length that the fields add up to.</summary>
    BadLength,

    /// <summary>The last four bytes are no SMC eyecatcher.</summary>
    BadTrailer,

    /// <summary>A reserved byte of a control frame is not zero.</summary>
    BadReserved,

    /// <summary>The address family of an end point is neither 4 nor 6, or an IPv4 end point has bytes beyond its address.</summary>
    BadEndPoint,

    /// <summary>The kind of a slab is unknown.</summary>
    BadSlabKind,

    /// <summary>A compressed buffer size is beyond the largest class.</summary>
    BadSizeCode,

    /// <summary>The paths of a CLC message are none that its version allows, or not those of this decoder.</summary>
    WrongPath,

    /// <summary>The offset of a Proposal's IP area is beyond 40, or not 40 where SMC-D version 1 needs its area.</summary>
    BadIpAreaOffset,

    /// <summary>A Proposal has more than eight IPv6 prefixes.</summary>
    BadPrefixCount,

    /// <summary>A Proposal offers version 2 without its extension.</summary>
    MissingV2Extension,

    /// <summary>The version 2 extension of a Proposal lies beyond the allowed offset, or beyond the message.</summary>
    BadV2ExtensionOffset,

    /// <summary>A Proposal has more than eight user EIDs.</summary>
    BadEidCount,

    /// <summary>A Proposal offers SMC-D version 2 without its extension.</summary>
    MissingSmcdV2Extension,

    /// <summary>The SMC-D version 2 extension of a Proposal lies beyond the allowed offset, or beyond the message.</summary>
    BadSmcdV2ExtensionOffset,

    /// <summary>A Proposal has more than eight GID entries.</summary>
    BadGidCount,

    /// <summary>A first contact message is too short for the extension that its release needs.</summary>
    MissingFirstContact,

    /// <summary>The MTU code of a queue pair is none of 1 to 5.</summary>
    BadMtuCode,

    /// <summary>A first contact Confirm of SMC-R version 2 is too short for its list of GIDs.</summary>
    MissingGidList,

    /// <summary>The list of GIDs in a Confirm has none, or more than two.</summary>
    BadGidListCount,

    /// <summary>The Accept names a CHID that was not proposed.</summary>
    ChidNotProposed,

    /// <summary>The Accept names an EID that was not proposed.</summary>
    EidNotProposed,

    /// <summary>The GID is not that of the peer whose memory this is about.</summary>
    UnexpectedGid,

    /// <summary>The index is not that of the one element that a DMB has.</summary>
    BadDmbIndex,

    /// <summary>The Confirm differs from the Accept in its first contact bit.</summary>
    FirstContactNotEchoed,

    /// <summary>The Confirm differs from the Accept in its version.</summary>
    VersionNotEchoed,

    /// <summary>The Confirm differs from the Accept in its CHID.</summary>
    ChidNotEchoed,

    /// <summary>The Confirm differs from the Accept in its EID.</summary>
    EidNotEchoed,
}
