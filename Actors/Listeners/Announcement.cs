using System.Net;
using Smc.Actors.Connections;
using Smc.Actors.Protocol;
using Smc.Actors.Telemetry;
using Smc.Transport;
using Smc.Transport.Paths.Smcd.Rendezvous;
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
