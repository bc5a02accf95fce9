using System.Net;
using System.Net.Sockets;
using Smc.Actors.Connections;
using Smc.Actors.Protocol;
using Smc.Actors.Telemetry;
using Smc.Transport;
using Smc.Transport.Paths.Smcd.Rendezvous;
using Smc.Transport.Paths.Tcp;
using static Smc.Actors.Protocol.RuntimeEvents;

namespace Smc.Actors.Listeners;

/// <summary>What a client said of its connection over a control socket before it opened it.</summary>
internal sealed record Announcement(PeerSession Session, ulong Nonce, AttemptObserver Attempt)
{
    /// <summary>Takes the announcement of a connection, also one that has only just come.</summary>
    /// <returns>Null where nobody announced it.</returns>
    public static Announcement? Take(HostRendezvous rendezvous, IPEndPoint local, IPEndPoint remote)
    {
        rendezvous.Drain();
        var attempt = new AttemptObserver();
        return rendezvous.TryTakeAnnouncement(remote, local, attempt, out PeerSession? session, out ulong nonce)
            ? new Announcement(session, nonce, attempt)
            : null;
    }

    /// <summary>The client has left SMC, or its process has gone.</summary>
    public HandshakeDecision DecidedByEnd(HandshakeJournal journal)
    {
        journal.Step = HandshakeStep.Match;
        if (Attempt.Ended == SmcReason.PeerCancelled) journal.Received(HandshakeMessageKind.Cancel);
        return journal.DecidedByPeer(Attempt.Ended, Attempt.PeerReason);
    }
}

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
