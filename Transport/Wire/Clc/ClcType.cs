namespace Smc.Transport.Wire.Clc;

/// <summary>The type of a CLC message.</summary>
public enum ClcType : byte
{
    /// <summary>No message; never on the wire.</summary>
    None = 0,

    /// <summary>The client's offer.</summary>
    Proposal = 1,

    /// <summary>The server's choice.</summary>
    Accept = 2,

    /// <summary>The client's last word.</summary>
    Confirm = 3,

    /// <summary>Either side falls back to TCP.</summary>
    Decline = 4,
}
