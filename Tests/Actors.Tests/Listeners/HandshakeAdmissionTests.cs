using System.Net;
using Smc.Actors.Listeners;
using Smc.Transport.Paths.Smcd.Rendezvous;

namespace Actors.Tests.Listeners;

public sealed class HandshakeAdmissionTests
{
    private const int Queue = 8;

    private readonly HandshakeAdmission _admission = new(Queue);

    [Fact]
    public void Handshakes_at_once_are_no_more_than_so_many_for_each_place_of_the_accept_queue_whoever_begins_them()
    {
        int announced = 0;
        int sniffed = 0;
        for (int i = 0; i < 4 * Queue; i++)
        {
            for (int n = 0; n < Queue; n++)
            {
                if (_admission.TryAdd(Announced(new PeerSession()), out _)) announced++;
                if (_admission.TryAdd(Sniffed(i), out _)) sniffed++;
            }
        }

        Assert.Equal((2 * Queue, Queue), (announced, sniffed));
        Assert.Equal(HandshakeAdmission.Times * Queue, announced + sniffed);
    }

    private static AcceptedConnection Announced(PeerSession session) => new(null!, null!, null!, null!, new Announcement(session, 1, null!));

    private static AcceptedConnection Sniffed(int network) => new(null!, null!, new IPEndPoint(new IPAddress([10, 0, 0, (byte)network]), 1), null!, null);
}
