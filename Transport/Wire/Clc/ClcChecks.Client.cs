namespace Smc.Transport.Wire.Clc;

/// <content>The client's side.</content>
public static partial class ClcChecks
{
    /// <summary>Client: whether version and path of an Accept were proposed. Asked of the header, before the message is read.</summary>
    /// <param name="accept">The header of the Accept.</param>
    /// <param name="offeredV1">What was offered in version 1.</param>
    /// <param name="offeredV2">What was offered in version 2.</param>
    public static SmcReason CheckMode(ClcHeader accept, ClcPath offeredV1, ClcPath offeredV2)
    {
        ClcPath offered = accept.Version switch
        {
            ClcLayout.Version1 => offeredV1,
            ClcLayout.Version2 => offeredV2,
            _ => ClcPath.Neither,   // a later one is not for the server to choose
        };
        bool wasOffered = accept.PathV1 switch
        {
            ClcPath.Smcr => offered.HasSmcr(),
            ClcPath.Smcd => offered.HasSmcd(),
            _ => false,
        };
        return wasOffered ? SmcReason.None : SmcReason.ModeUnsupported;
    }

    /// <summary>Client: whether CHID and EID of an Accept were proposed, whether it comes from the peer, and whether the element exists that it
    /// names.</summary>
    /// <param name="accept">The server's Accept.</param>
    /// <param name="devices">The devices that were proposed; an empty slot, with CHID 0, matches nothing.</param>
    /// <param name="eids">The EIDs that were proposed.</param>
    /// <param name="peer">The server's GID.</param>
    public static WireError CheckAccept(in SmcdAccept accept, ReadOnlySpan<SmcdDeviceId> devices, ReadOnlySpan<Ueid> eids, SmcGid peer)
    {
        SmcdDeviceId chosen = accept.Device;
        if (!IsProposed(devices, chosen.Chid))
            return WireError.ChidNotProposed;
        if (chosen.Gid != peer)
            return WireError.UnexpectedGid;
        if (accept.DmbIndex != OnlyDmbIndex)
            return WireError.BadDmbIndex;
        return eids.Contains(accept.Eid) ? WireError.None : WireError.EidNotProposed;
    }

    /// <summary>Client: whether a first contact Accept keeps to the release that was proposed.</summary>
    /// <param name="accept">The server's Accept; one without first contact names no release.</param>
    public static SmcReason CheckAcceptRelease(in SmcdAccept accept) =>
        accept.FirstContact.Release > OwnRelease ? SmcReason.ReleaseError : SmcReason.None;

    private static bool IsProposed(ReadOnlySpan<SmcdDeviceId> devices, ushort chid)
    {
        foreach (SmcdDeviceId device in devices)
        {
            if (chid != 0 && device.Chid == chid)
                return true;
        }
        return false;
    }
}
