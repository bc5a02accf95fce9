namespace Smc.Transport.Wire.Clc;

/// <summary>What the first bytes of an unannounced stream are.</summary>
public enum ClcSniff : byte
{
    /// <summary>Too few bytes to tell; all of them could begin a Proposal.</summary>
    Undecided,

    /// <summary>A Proposal begins here.</summary>
    Proposal,

    /// <summary>The application's bytes, to be delivered untouched.</summary>
    NotSmc,
}
