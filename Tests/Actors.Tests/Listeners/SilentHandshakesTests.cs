using System.Net.Sockets;
using Actors.Tests.Harness;
using Smc.Peer.Handshakes;
using Smc.Transport;
using Xunit.Abstractions;

namespace Actors.Tests.Listeners;

/// <summary>A thousand handshakes at once that come to nothing: the server's deadlines are virtual, and stand still until the test moves them.</summary>
[Collection(Alone.Name)]
public sealed class SilentHandshakesTests(ITestOutputHelper output) : RendezvousTest
{
    private const int Clients = 4;

    private const int HandshakesEach = 250;

    private const int Others = 20;

    /// <summary>All are of one process, which has a quarter of this: all their handshakes run, and none waits its turn.</summary>
    private const string LongQueue = "smc.listener.accept-queue = 4096";

    [Fact]
    public async Task A_thousand_silent_or_slow_handshakes_hold_up_nobody_and_end_at_their_deadline()
    {
        int seed = Seed.Take(output);
        Pair pair = await StartPairAsync(serverHocon: $"{VirtualTime.Hocon}\n{LongQueue}");
        await StallAsync(pair, handshakesEach: 1, seed);   // what .NET keeps, it has from here on
        ProcessResources before = ProcessResources.Count();
        await StallAsync(pair, HandshakesEach, seed);
        await before.ComeBackAsync();
    }

    /// <summary>Begins the handshakes, serves others meanwhile, and lets the deadline pass.</summary>
    private async Task StallAsync(Pair pair, int handshakesEach, int seed)
    {
        var clients = new List<ScriptedClient>();
        var sockets = new List<Socket>();
        for (int i = 0; i < Clients; i++)
        {
            clients.Add(new ScriptedClient(Folder, pair.Listener.LocalEndPoint));
            for (int n = 0; n < handshakesEach; n++)
            {
                clients[i].Announce();
                await clients[i].ConnectAsync();
                sockets.Add(clients[i].Socket);
            }

            await Eventually.EqualAsync(handshakesEach, () => clients[i].Matches, "handshakes that have begun");
            foreach ((int n, Socket socket) in sockets.TakeLast(handshakesEach).Index()) await socket.SendAsync(BytesOf(clients[i], n));
        }

        for (int n = 0; n < Others; n++) await ExchangeAsync(pair, seed + n);
        pair.Server.Advance(pair.Server.Settings.Handshake.ClcTimeout);
        foreach (Socket socket in sockets)
        {
            Assert.Equal(SocketError.ConnectionReset, await ResetAsync(socket));
            socket.Dispose();
        }

        foreach (ScriptedClient client in clients) client.Dispose();
        await pair.DmbsAsync(0);
        Assert.Empty(await pair.Server.GetConnectionsAsync());
        await ExchangeAsync(pair, seed);
    }

    private static async Task ExchangeAsync(Pair pair, int seed)
    {
        await using Ends ends = await pair.ConnectAsync();
        Assert.Equal((SmcMode.SmcD, SmcMode.SmcD), (ends.Client.Mode, ends.Server.Mode));
        await Exchange.BothWaysAsync(ends, 10_000, seed);
    }

    /// <summary>Nothing, the beginning of a Proposal, or a Proposal.</summary>
    private static ReadOnlyMemory<byte> BytesOf(ScriptedClient client, int n)
    {
        byte[] proposal = ScriptedClient.ProposalOf(client.Rendezvous.Gid);
        return (n % 3) switch
        {
            0 => default,
            1 => proposal.AsMemory(0, n % proposal.Length),
            _ => proposal,
        };
    }

    private static async Task<SocketError> ResetAsync(Socket socket)
    {
        byte[] buffer = new byte[1024];
        try
        {
            while (await socket.ReceiveAsync(buffer).Guard() > 0)
            {
                // An Accept.
            }

            return SocketError.Success;
        }
        catch (SocketException e)
        {
            return e.SocketErrorCode;
        }
    }
}
