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
}
