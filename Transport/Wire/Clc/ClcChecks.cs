namespace Smc.Transport.Wire.Clc;

/// <summary>The checks of a handshake, for SMC-D version 2 unless a name says otherwise, without state or I/O.</summary>
/// <remarks>
/// A <see cref="SmcReason"/> other than None ends in a Decline with that code, and TCP goes on. A <see cref="WireError"/> other
/// than None is a breach of the protocol: the connection is aborted.
/// </remarks>
public static partial class ClcChecks
{
    /// <summary>The release of version 2 that this implementation speaks: 2.1.</summary>
    public const byte OwnRelease = 1;

    /// <summary>Server: whether a Proposal can become SMC-D version 2 at all.</summary>
    /// <remarks>A missing extension, codes NOV2EXT and NOV2DEXT, cannot occur here: <see cref="Proposal.TryWrap"/> has refused it.</remarks>
    /// <param name="proposal">The client's offer.</param>
    /// <param name="hasIsmV2">Whether this host has an ISM version 2 device; a loopback device is one.</param>
    /// <param name="release">The release to answer with: the lower one of both ends.</param>
    public static SmcReason CheckOffer(in Proposal proposal, bool hasIsmV2, out byte release)
    {
        release = Math.Min(proposal.Release, OwnRelease);
        if (!proposal.PathV2.HasSmcd())
            return NotOffered(proposal.PathV1, proposal.PathV2);
        if (!hasIsmV2)
            return SmcReason.NoIsmV2Support;
        return proposal.EidCount == 0 && !proposal.HasSeid ? SmcReason.NoUeid : SmcReason.None;
    }

    /// <summary>Server: whether the peer's device is among those offered, with the CHID of the own device.</summary>
    /// <remarks>Emulated devices count only as complete pairs of entries, and an empty slot never matches.</remarks>
    /// <param name="proposal">The client's offer.</param>
    /// <param name="peer">The peer's GID, known to be reachable, with the CHID of the own device.</param>
    /// <returns><see cref="SmcReason.NoSmcdV2Device"/> when it is not.</returns>
    public static SmcReason CheckDevice(in Proposal proposal, SmcdDeviceId peer)
    {
        foreach (SmcdDeviceId offered in proposal.Devices)
        {
            if (offered == peer)
                return SmcReason.None;
        }
        return SmcReason.NoSmcdV2Device;
    }

    /// <summary>Server: the EID to answer with: the system EID if both have the same, or else the client's first that is also ours.</summary>
    /// <param name="proposal">The client's offer.</param>
    /// <param name="own">The user EIDs of this end.</param>
    /// <param name="ownSeid">The system EID of this end; default for none or disabled.</param>
    /// <param name="eid">The EID in common; default if there is none.</param>
    /// <returns>False when there is none; see <see cref="NoCommonEid"/>.</returns>
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

    /// <summary>Server: the code of a Decline when there is no EID in common.</summary>
    /// <remarks>The protocol has no code of its own for it: Linux says that no device was found, of the kinds offered.</remarks>
    public static SmcReason NoCommonEid(in Proposal proposal) =>
        proposal.PathV1.HasSmcr() || proposal.PathV2.HasSmcr() ? SmcReason.NoSmcDevice : SmcReason.NoSmcdDevice;

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
        return confirm.Eid == accept.Eid ? WireError.None : WireError.EidNotEchoed;
    }

    /// <summary>Server: whether a first contact Confirm repeats the release of its Accept. Any other Confirm has none to repeat.</summary>
    /// <param name="confirm">The client's Confirm.</param>
    /// <param name="release">The release of the Accept.</param>
    public static SmcReason CheckConfirmRelease(in SmcdAccept confirm, byte release) =>
        confirm.IsFirstContact && confirm.FirstContact.Release != release ? SmcReason.ReleaseError : SmcReason.None;

    private static SmcReason NotOffered(ClcPath v1, ClcPath v2)
    {
        if (v1.HasSmcr() || v2.HasSmcr())
            return SmcReason.NoSmcrDevice;
        return v1.HasSmcd() ? SmcReason.NoSmcdDevice : SmcReason.PeerNoSmc;
    }
}
