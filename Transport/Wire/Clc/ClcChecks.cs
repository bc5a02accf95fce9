namespace Smc.Transport.Wire.Clc;

/// <summary>The checks of a handshake, for SMC-D version 2 unless a name says otherwise, without state or I/O.</summary>
/// <remarks>
/// A <see cref="SmcReason"/> other than None ends in a Decline with that code, and TCP goes on. A <see cref="WireError"/> other
/// than None is a breach of the protocol: the connection is aborted, but for an Accept of what was not offered, which can still be declined.
/// </remarks>
public static partial class ClcChecks
{
    /// <summary>The release of version 2 that this implementation speaks: 2.1.</summary>
    public const byte OwnRelease = 1;

    private const byte OnlyDmbIndex = 0;   // a token names a whole DMB

    /// <summary>Server: the EID to answer with: the system EID if both have the same, or else the client's first that is also ours.</summary>
    /// <param name="proposal">The client's offer.</param>
    /// <param name="own">The user EIDs of this end.</param>
    /// <param name="ownSeid">The system EID of this end; default for none or disabled.</param>
    /// <param name="eid">The EID in common; default if there is none.</param>
    /// <returns>False when there is none.</returns>
    public static bool TryMatchEid(in Proposal proposal, ReadOnlySpan<Ueid> own, Ueid ownSeid, out Ueid eid)
    {
        eid = ownSeid;
        if (ownSeid != default && proposal.HasSeid && proposal.Seid == ownSeid)
            return true;
        for (int i = 0; i < proposal.EidCount; i++)
        {
            eid = proposal.EidAt(i);
            if (own.Contains(eid))
                return true;
        }
        eid = default;
        return false;
    }

    /// <summary>Server: whether a Confirm repeats its Accept and comes from the peer.</summary>
    /// <param name="confirm">The client's Confirm.</param>
    /// <param name="accept">The Accept that it answers.</param>
    /// <param name="peer">The client's GID.</param>
    public static WireError CheckEcho(in SmcdAccept confirm, in SmcdAcceptFields accept, SmcGid peer)
    {
        if (confirm.Version != accept.Version)
            return WireError.VersionNotEchoed;
        if (confirm.IsFirstContact != accept.FirstContact.HasValue)
            return WireError.FirstContactNotEchoed;
        if (confirm.Device.Chid != accept.Device.Chid)
            return WireError.ChidNotEchoed;
        if (confirm.Device.Gid != peer)
            return WireError.UnexpectedGid;
        if (confirm.DmbIndex != OnlyDmbIndex)
            return WireError.BadDmbIndex;
        return confirm.Eid == accept.Eid ? WireError.None : WireError.EidNotEchoed;
    }

    /// <summary>Server: whether a first contact Confirm repeats the release of its Accept. Any other Confirm has none to repeat.</summary>
    /// <param name="confirm">The client's Confirm.</param>
    /// <param name="release">The release of the Accept.</param>
    public static SmcReason CheckConfirmRelease(in SmcdAccept confirm, byte release) =>
        confirm.IsFirstContact && confirm.FirstContact.Release != release ? SmcReason.ReleaseError : SmcReason.None;
}
