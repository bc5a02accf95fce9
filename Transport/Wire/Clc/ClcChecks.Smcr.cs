namespace Smc.Transport.Wire.Clc;

/// <content>SMC-R, either side.</content>
public static partial class ClcChecks
{
    /// <summary>Client: whether release, connections and links of a first contact Accept are within what may be answered to a Proposal.</summary>
    /// <param name="accept">The server's Accept; one of version 1, or without first contact, names none of them.</param>
    /// <returns>None, <see cref="SmcReason.ReleaseError"/>, <see cref="SmcReason.MaxConnectionsError"/> or <see cref="SmcReason.MaxLinksError"/>.</returns>
    public static SmcReason CheckAcceptTerms(in SmcrAccept accept)
    {
        SmcrFirstContact contact = accept.FirstContact;
        if (contact.Common.Release > OwnRelease)
            return SmcReason.ReleaseError;
        if (contact.Common.Release == 0)
            return SmcReason.None;
        if (contact.MaxConnections < ServerDecision.MinConnections)
            return SmcReason.MaxConnectionsError;
        return contact.MaxLinks is < 1 or > ServerDecision.DefaultMaxLinks ? SmcReason.MaxLinksError : SmcReason.None;
    }

    /// <summary>Server: whether a Confirm of SMC-R repeats version, first contact bit and EID of its Accept.</summary>
    /// <param name="confirm">The client's Confirm.</param>
    /// <param name="accept">The Accept that it answers.</param>
    public static WireError CheckEcho(in SmcrAccept confirm, in SmcrAcceptFields accept)
    {
        if (confirm.Version != accept.Version)
            return WireError.VersionNotEchoed;
        if (confirm.IsFirstContact != accept.FirstContact.HasValue)
            return WireError.FirstContactNotEchoed;
        return confirm.Eid == accept.Eid ? WireError.None : WireError.EidNotEchoed;
    }

    /// <summary>Server: whether a first contact Confirm of version 2 repeats release, connections and links of its Accept.</summary>
    /// <param name="confirm">The client's Confirm; one of version 1, or without first contact, has nothing to repeat.</param>
    /// <param name="accept">The first contact extension of the Accept.</param>
    /// <returns>None, <see cref="SmcReason.ReleaseError"/>, <see cref="SmcReason.MaxConnectionsError"/> or <see cref="SmcReason.MaxLinksError"/>.</returns>
    public static SmcReason CheckConfirmTerms(in SmcrAccept confirm, SmcrFirstContact accept)
    {
        if (!confirm.IsFirstContact || confirm.Version < ClcLayout.Version2)
            return SmcReason.None;
        SmcrFirstContact contact = confirm.FirstContact;
        if (contact.Common.Release != accept.Common.Release)
            return SmcReason.ReleaseError;
        if (contact.Common.Release == 0)
            return SmcReason.None;
        if (contact.MaxConnections != accept.MaxConnections)
            return SmcReason.MaxConnectionsError;
        return contact.MaxLinks == accept.MaxLinks ? SmcReason.None : SmcReason.MaxLinksError;
    }
}
