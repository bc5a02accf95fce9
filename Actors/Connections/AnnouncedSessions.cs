using System.Net;
using System.Security.Cryptography;
using Smc.Transport;
using Smc.Transport.Paths.Smcd.Rendezvous;
using Smc.Transport.Wire.Rendezvous;

namespace Smc.Actors.Connections;

/// <summary>Where a client has announced its connection, by one nonce: at every process that listens at the endpoint.</summary>
/// <param name="observer">Hears what the listeners answer.</param>
internal sealed class AnnouncedSessions(IAttemptObserver observer)
{
    private readonly List<PeerSession> _sessions = [];

    /// <summary>Names the connection in all frames about it.</summary>
    public ulong Nonce { get; } = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong)));

    /// <summary>Control sockets that the announcement went out on and that have not hung up.</summary>
    public int Count => _sessions.Count;

    /// <summary>Announces the connection.</summary>
    public void Announce(IReadOnlyList<PeerSession> sessions, IPEndPoint local, IPEndPoint remote)
    {
        foreach (PeerSession session in sessions)
        {
            if (!session.TryWatch(Nonce, observer)) continue;
            _sessions.Add(session);
            session.Send(new Announce(Nonce, RendezvousEndPoint.From(local), RendezvousEndPoint.From(remote)));
        }
    }

    /// <summary>A control socket has hung up.</summary>
    public void Remove(PeerSession session) => _sessions.Remove(session);

    /// <summary>Takes the announcement back, except at the one listener that the connection has arrived at.</summary>
    public void Cancel(SmcReason reason, PeerSession? except = null)
    {
        foreach (PeerSession session in _sessions)
        {
            if (session != except) session.Send(new Cancel(Nonce, reason));
        }
    }

    /// <summary>Hears nothing more.</summary>
    public void Unwatch()
    {
        foreach (PeerSession session in _sessions) session.Unwatch(Nonce);
    }
}
