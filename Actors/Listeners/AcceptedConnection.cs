using System.Net;
using System.Net.Sockets;
using Smc.Transport.Paths.Smcd.Rendezvous;
using Smc.Transport.Paths.Tcp;

namespace Smc.Actors.Listeners;

/// <summary>An accepted connection that may be SMC: it was announced, or its first bytes will tell.</summary>
internal sealed record AcceptedConnection(Socket Socket, IPEndPoint Local, IPEndPoint Remote, HostRendezvous Rendezvous, Announcement? Announcement)
{
    /// <summary>Breaks off a connection whose handshake has not begun. Its client hears that it is gone, not that it is plain. It hears so at
    /// once: it looks at the connection as soon as it is matched.</summary>
    public void Reset()
    {
        Socket.Reset();
        if (Announcement is not { } announcement) return;
        announcement.Session.Unwatch(announcement.Nonce);
        announcement.Session.Send(new Transport.Wire.Rendezvous.Matched(announcement.Nonce));
    }
}
