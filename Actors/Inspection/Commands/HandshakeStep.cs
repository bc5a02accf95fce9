using Smc.Transport;

namespace Smc.Actors.Inspection.Commands;

/// <summary>Which step of a handshake a fallback was decided at (users read it, so it is words).</summary>
internal static class HandshakeStep
{
    /// <summary>The step at which a reason arises; the protocol's other codes arise where an end chooses its device.</summary>
    public static string Of(SmcReason reason) => reason switch
    {
        SmcReason.None => "Confirm: the handshake was complete",
        SmcReason.SmcDisabled or SmcReason.UnsupportedPlatform or SmcReason.NoSmcdDevice => "before the handshake: this process has no device that is up",
        SmcReason.PeerNoSmc or SmcReason.NotPublished or SmcReason.RegistryUnavailable => "look-up: the endpoint is not published, or the connection was not announced",
        SmcReason.BindFailed => "announcement: the client's port must be known before it connects",
        SmcReason.CredentialsRefused => "announcement: the control socket checks who its other end is",
        SmcReason.MatchTimeout or SmcReason.PeerCancelled => "match: the listener accepts the announced connection",
        SmcReason.SniffTimeout => "first bytes: the listener looks whether they are a Proposal",
        SmcReason.MaxDmb or SmcReason.OutOfMemory or SmcReason.DescriptorsExhausted => "registration of the DMB, before Accept or Confirm",
        SmcReason.DescriptorRefused => "mapping of the slab, before Confirm",
        SmcReason.PeerDeclined => "Decline: the peer's answer to Proposal or Accept",
        SmcReason.ControlSocketLost or SmcReason.SyncError or SmcReason.InternalError => "link group, between Proposal and Confirm",
        SmcReason.LimitReached => "admission, before the handshake begins",
        _ => "Proposal: an end chooses version and device",
    };
}
