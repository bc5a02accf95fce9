using System.Net;
using Akka.Event;
using Smc.Transport.Wire;

namespace Smc.Actors.Connections;

/// <summary>Rules of a handshake that the other end breaks.</summary>
internal static class ClcBreaches
{
    /// <summary>Counts one, and warns of the first of a host.</summary>
    public static void Count(this ConnectionTable table, WireError breach, IPEndPoint peer, ILoggingAdapter log)
    {
        if (table.Count(breach, peer.Address)) log.Warning("{0} broke a rule of the handshake: {1}. More of this are counted only.", peer, breach);
    }
}
