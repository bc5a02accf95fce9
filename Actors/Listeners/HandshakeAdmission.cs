using System.Net;
using System.Net.Sockets;
using Smc.Transport.Paths.Smcd.Rendezvous;

namespace Smc.Actors.Listeners;

/// <summary>
/// Which of a listener's connections get a handshake, and when. Those that were announced count for the process that announced them, whichever of
/// its control sockets it used, those that are sniffed for the network they come from, and apart: strangers take nothing from the processes of this host.
/// </summary>
/// <param name="acceptQueue">Connections that the accept queue holds.</param>
internal sealed class HandshakeAdmission(int acceptQueue)
{
    /// <summary>Handshakes of all parties, running and waiting, for each place of the accept queue: of those that were announced, and of those that are
    /// sniffed. They are not counted in it: whoever is silent takes no place from the connections that are complete.</summary>
    public const int Times = AnnouncedTimes + SniffedTimes;

    private const int AnnouncedTimes = 2;
    private const int SniffedTimes = 1;

    /// <summary>Parties whose handshakes together are as many as the accept queue holds.</summary>
    private const int SharesOfQueue = 4;

    private readonly HandshakeShares<PeerIdentity> _announced = new(ShareOf(acceptQueue), AnnouncedTimes * acceptQueue);
    private readonly HandshakeShares<IPAddress> _sniffed = new(ShareOf(acceptQueue), SniffedTimes * acceptQueue);

    /// <summary>Takes a connection in.</summary>
    /// <param name="accepted">Announced, or to be sniffed.</param>
    /// <param name="begins">True where its handshake begins now; otherwise <see cref="End"/> hands it out when its turn has come.</param>
    /// <returns>False where there are too many: it gets no handshake.</returns>
    public bool TryAdd(AcceptedConnection accepted, out bool begins) => accepted.Announcement is { } announcement
        ? _announced.TryAdd(announcement.Session.Identity, accepted, out begins)
        : _sniffed.TryAdd(NetworkOf(accepted.Remote.Address), accepted, out begins);

    /// <summary>The handshake of a connection is over.</summary>
    /// <returns>The one that begins in its place, or null.</returns>
    public AcceptedConnection? End(AcceptedConnection accepted) => accepted.Announcement is { } announcement
        ? _announced.End(announcement.Session.Identity)
        : _sniffed.End(NetworkOf(accepted.Remote.Address));

    /// <summary>Breaks off all that still wait.</summary>
    public void ResetWaiting()
    {
        foreach (AcceptedConnection left in _announced.TakeWaiting()) left.Reset();   // nobody waits to be sniffed
    }

    private static int ShareOf(int acceptQueue) => Math.Max(1, acceptQueue / SharesOfQueue);

    /// <summary>A host of IPv4, or the /64 that a host of IPv6 chooses its addresses from.</summary>
    private static IPAddress NetworkOf(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6) return address.MapToIPv4();
        if (address.AddressFamily == AddressFamily.InterNetwork) return address;
        byte[] bytes = address.GetAddressBytes();
        bytes.AsSpan(bytes.Length / 2).Clear();
        return new IPAddress(bytes);
    }
}
