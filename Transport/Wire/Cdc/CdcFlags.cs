namespace Smc.Transport.Wire.Cdc;

/// <summary>The producer flags of a CDC message or area. Unknown bits are kept and ignored.</summary>
[Flags]
public enum ProducerFlags : byte
{
    /// <summary>No flag.</summary>
    None = 0,

    /// <summary>This message only checks the sequence number after a change of link.</summary>
    FailoverValidation = 0x08,

    /// <summary>Please send the consumer cursor.</summary>
    ConsumerUpdateRequested = 0x10,

    /// <summary>The urgent byte is the last one before the producer cursor.</summary>
    UrgentPresent = 0x20,

    /// <summary>Urgent data exists but is not yet placed.</summary>
    UrgentPending = 0x40,

    /// <summary>The sender filled the peer's buffer: tell it soon when space opens.</summary>
    WriteBlocked = 0x80,
}

/// <summary>The connection state flags of a CDC message or area. Sticky: once set they stay set. Unknown bits are kept and ignored.</summary>
[Flags]
public enum ConnectionStateFlags : byte
{
    /// <summary>Open in both directions.</summary>
    None = 0,

    /// <summary>Abnormal close.</summary>
    PeerConnectionAbort = 0x20,

    /// <summary>The connection was closed normally.</summary>
    PeerConnectionClosed = 0x40,

    /// <summary>Sending is done; the other direction may go on.</summary>
    PeerDoneWriting = 0x80,
}
