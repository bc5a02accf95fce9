namespace Smc.Transport.Wire.Rendezvous;

/// <summary>The type of a control frame.</summary>
public enum ControlType : byte
{
    /// <summary>No frame; never on the wire.</summary>
    None = 0,

    /// <summary>First frame of either side: who it is.</summary>
    Hello = 1,

    /// <summary>A connecting client names the 4-tuple of its coming TCP connection.</summary>
    Announce = 2,

    /// <summary>The listener accepted an announced connection.</summary>
    Matched = 3,

    /// <summary>The client gives up on SMC for an announced connection.</summary>
    Cancel = 4,

    /// <summary>A slab of memory; carries its descriptor.</summary>
    OfferSlab = 5,

    /// <summary>The offered slab is mapped.</summary>
    Mapped = 6,

    /// <summary>The offered slab is refused.</summary>
    Refused = 7,

    /// <summary>A range of a slab becomes the DMB of a connection.</summary>
    Register = 8,

    /// <summary>The peer's DMB is detached.</summary>
    Detach = 9,

    /// <summary>A link group ends.</summary>
    DeleteGroup = 10,
}
