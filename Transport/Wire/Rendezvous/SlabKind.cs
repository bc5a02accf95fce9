namespace Smc.Transport.Wire.Rendezvous;

/// <summary>What an offered slab holds.</summary>
public enum SlabKind : byte
{
    /// <summary>Nothing; never on the wire.</summary>
    None = 0,

    /// <summary>DMBs of one size class.</summary>
    Dmb = 1,

    /// <summary>The control region of a link group: sleep announcements, bells and ready bits.</summary>
    ControlRegion = 2,
}
