using System.Net;
using System.Net.Sockets;
using Actors.Tests.Harness;
using Smc.Peer;
using Smc.Peer.Handshakes;
using Smc.Transport;
using Smc.Transport.Paths.Smcd;
using Smc.Transport.Paths.Smcd.Rendezvous;
using Smc.Transport.Wire;
using Smc.Transport.Wire.Rendezvous;
using Xunit.Abstractions;

namespace Actors.Tests.Faults;

/// <summary>A process that opens more control sockets than it has runtimes, for what each of them may have: here the test's own. Its neighbour is
/// another.</summary>
public sealed class ManySocketsTests(ITestOutputHelper output) : RendezvousTest
{
    private const int MostSockets = 16;
    private const int Bytes = 10_000;

    [Fact]
    public async Task A_process_has_sixteen_control_sockets_and_the_next_is_closed()
    {
        int seed = Seed.Take(output);
        Pair pair = await StartPairAsync();
        PeerProcess neighbour = await NeighbourAsync(pair, seed);
        var sockets = new List<Socket>();
        for (int i = 0; i < MostSockets; i++)
        {
            sockets.Add(await ConnectAsync(pair));
            Assert.True(await sockets[i].ReceiveAsync(new byte[64]).Guard() > 0);   // a Hello
        }

        using (Socket more = await ConnectAsync(pair)) Assert.Equal(0, await more.ReceiveAsync(new byte[64]).Guard());
        Assert.Equal("control TooManySockets 1: the control socket was closed", pair.Server.BrokenRules());
        await ExchangeAsync(pair, neighbour, seed);
        foreach (Socket socket in sockets) socket.Dispose();
    }

    [Fact]
    public async Task What_a_process_offers_on_all_of_its_control_sockets_is_mapped_up_to_its_limit_and_others_have_theirs()
    {
        const int MostOfPeer = 15, OfNeighbour = 3;   // a control region, and a slab of either end
        int seed = Seed.Take(output);
        Pair pair = await StartPairAsync();
        pair.Server.Device.Mappings = new PeerMappings(most: 2 * MostOfPeer, MostOfPeer);
        PeerProcess neighbour = await NeighbourAsync(pair, seed);
        var clients = new List<ScriptedClient>();
        var refused = new List<SmcReason>();
        for (int i = 0; i < 3; i++)
        {
            clients.Add(new ScriptedClient(Folder, pair.Listener.LocalEndPoint));
            await clients[i].BeginAsync();
            clients[i].Propose();
            await clients[i].ReadAcceptAsync();   // its group has a control region here
            for (uint slab = 1; slab <= 4; slab++)
            {
                clients[i].OfferSlab(clients[i].Accept.LinkId, slab);
                if (await clients[i].AnswerAsync(slab) is var reason and not SmcReason.None) refused.Add(reason);
            }
        }

        Assert.Equal([.. Enumerable.Repeat(SmcReason.OutOfMemory, 3)], refused);   // of three groups of six, with the slab that was made for each
        Assert.Empty(pair.Server.BrokenRules());   // what is made for it counts too, and it cannot know the limit
        Assert.Equal(MostOfPeer, pair.Server.Device.Mappings.Count);
        await ExchangeAsync(pair, neighbour, seed);
        foreach (ScriptedClient client in clients) client.Dispose();
        await Eventually.EqualAsync(OfNeighbour, () => pair.Server.Device.Mappings.Count, "mappings that are left");
    }

    [Fact]
    public async Task What_a_process_announces_on_all_of_its_control_sockets_leaves_room_for_others()
    {
        const int Sockets = 5, Announcements = 1024;
        int seed = Seed.Take(output);
        Pair pair = await StartPairAsync();
        PeerProcess neighbour = await NeighbourAsync(pair, seed);
        var sockets = new List<Socket>();
        for (int i = 0; i < Sockets; i++)
        {
            sockets.Add(await ConnectAsync(pair));
            Send(sockets[i], new Hello(SmcGid.NewRandom(), 0, 0));
            for (int n = 1; n <= Announcements; n++)
            {
                var client = new IPEndPoint(IPAddress.Parse($"127.0.1.{1 + i}"), n);
                Send(sockets[i], new Announce((ulong)n, RendezvousEndPoint.From(client), RendezvousEndPoint.From(pair.Listener.LocalEndPoint)));
                if (n % 100 == 0) pair.Server.Device.Rendezvous!.Drain();
            }
        }

        pair.Server.Device.Rendezvous!.Drain();
        await ExchangeAsync(pair, neighbour, seed);
        Assert.Empty(pair.Server.BrokenRules());
        foreach (Socket socket in sockets) socket.Dispose();
    }

    private static void Send<T>(Socket socket, in T frame)
        where T : struct, IControlFrame
    {
        Span<byte> buffer = stackalloc byte[ControlCodec.MaxFrameLength];
        socket.Send(buffer[..frame.Write(buffer)]);
    }

    private async Task<PeerProcess> NeighbourAsync(Pair pair, int seed) =>
        await ReadyAsync("connect", "source", $"bytes={Bytes}", FolderArgument, $"at={pair.Listener.LocalEndPoint}", $"seed={seed}");

    private static async Task ExchangeAsync(Pair pair, PeerProcess neighbour, int seed)
    {
        await neighbour.TellAsync("connect");
        await using SmcStream stream = await pair.Listener.AcceptAsync().Guard();
        Assert.Equal("open SmcD None", await neighbour.LineAsync("open"));
        Assert.Equal(SeededBytes.Take(Bytes, seed), await Exchange.ReadToEndAsync(stream));
    }

    private async Task<Socket> ConnectAsync(Pair pair)
    {
        var control = new Socket(AddressFamily.Unix, SocketType.Seqpacket, ProtocolType.Unspecified);
        await control.ConnectAsync(new UnixDomainSocketEndPoint(Path.Combine(Folder, new RegistryEntry(pair.Server.Device.Rendezvous!.Gid, 0, []).SocketName)));
        return control;
    }
}
