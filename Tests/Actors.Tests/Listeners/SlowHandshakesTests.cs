using System.Net.Sockets;
using Actors.Tests.Harness;
using Smc.Actors.Protocol;
using Smc.Peer.Handshakes;
using Smc.Transport;
using Xunit.Abstractions;
using static Smc.Actors.Protocol.RuntimeEvents;

namespace Actors.Tests.Listeners;

/// <summary>
/// A thousand handshakes that come to nothing, a hundred more each second: silent ones, one byte a second, the beginning of a Proposal and then one
/// byte a second, and silence after the Proposal. The server's time is virtual, and moves by a second when all has been read: each of them ends at
/// its own deadline, whatever it has sent, and a handshake in between needs no time at all.
/// </summary>
[Collection(Alone.Name)]
public sealed class SlowHandshakesTests(ITestOutputHelper output) : RendezvousTest
{
    /// <summary>Seconds in which handshakes begin.</summary>
    private const int Waves = 10;

    private const int Clients = 4;

    private const int Kinds = 4;

    /// <summary>Seconds until a handshake's deadline.</summary>
    private const int Deadline = 6;

    /// <summary>All are of one process, which has a quarter of this: all handshakes run, and none waits its turn.</summary>
    private const string LongQueue = "smc.listener.accept-queue = 4096";

    private const string ServerHocon = $"{VirtualTime.Hocon}\nsmc.handshake.clc-timeout = 6s";

    [Fact]
    public async Task Each_ends_at_its_own_deadline_and_holds_up_nobody()
    {
        int seed = Seed.Take(output);
        Pair pair = await StartPairAsync(serverHocon: $"{ServerHocon}\n{LongQueue}");
        await StallAsync(pair, waves: 1, each: Kinds, seed);   // what .NET keeps, it has from here on
        ProcessResources before = ProcessResources.Count();
        await StallAsync(pair, Waves, each: 25, seed);
        await before.ComeBackAsync();
    }

    private async Task StallAsync(Pair pair, int waves, int each, int seed)
    {
        var heard = new HeardEvents(pair.Server);
        ScriptedClient[] clients = [.. Enumerable.Range(0, Clients).Select(_ => new ScriptedClient(Folder, pair.Listener.LocalEndPoint))];
        var stalled = new Queue<List<Slow>>();
        for (int second = 0, ended = 0; ended < waves; second++)
        {
            if (second < waves) stalled.Enqueue(await BeginAsync(clients, each));
            foreach (Slow slow in stalled.SelectMany(wave => wave)) await slow.GoOnAsync();
            await Eventually.EqualAsync(0, () => TcpTable.UnreadAt(pair.Listener.LocalEndPoint), "bytes that the server has not read");
            await ExchangeAsync(pair, seed + second);   // and time stands still
            Assert.Equal(ended * Clients * each, TimedOut(heard));

            pair.Server.Advance(TimeSpan.FromSeconds(1));
            if (second + 1 < Deadline) continue;
            foreach (Slow slow in stalled.Dequeue()) await slow.ResetAsync();
            ended++;
            await Eventually.EqualAsync(ended * Clients * each, () => TimedOut(heard), "handshakes that have ended at their deadline");
        }

        Assert.Equal(waves * Clients * each / Kinds, heard.Of<HandshakeEnded>().Count(told => told is { Outcome: HandshakeOutcome.Failed, Decision.Step: HandshakeStep.Accept }));
        foreach (ScriptedClient client in clients) client.Dispose();
        await pair.DmbsAsync(0);
        Assert.Empty(await pair.Server.GetConnectionsAsync());
    }

    private static int TimedOut(HeardEvents heard) =>
        heard.Of<HandshakeEnded>().Count(told => told is { Outcome: HandshakeOutcome.Failed, Error: nameof(SocketError.TimedOut) });

    /// <summary>Begins a wave, and waits until the server has matched all of it: their deadlines count from now.</summary>
    private static async Task<List<Slow>> BeginAsync(ScriptedClient[] clients, int each)
    {
        var wave = new List<Slow>();
        foreach (ScriptedClient client in clients)
        {
            int before = client.Matches;
            for (int n = 0; n < each; n++)
            {
                client.Announce();
                await client.ConnectAsync();
                wave.Add(new Slow(client.Socket, ScriptedClient.ProposalOf(client.Rendezvous.Gid), wave.Count % Kinds));
            }

            await Eventually.EqualAsync(before + each, () => client.Matches, "handshakes that have begun");
        }

        foreach (Slow slow in wave) await slow.BeginAsync();
        return wave;
    }

    private static async Task ExchangeAsync(Pair pair, int seed)
    {
        await using Ends ends = await pair.ConnectAsync();
        Assert.Equal((SmcMode.SmcD, SmcMode.SmcD), (ends.Client.Mode, ends.Server.Mode));
        await Exchange.BothWaysAsync(ends, 10_000, seed);
    }

    /// <summary>A connection that says too little: by its kind nothing, a byte a second from the first or from the middle of a Proposal on, or
    /// nothing after the Proposal.</summary>
    private sealed class Slow(Socket socket, byte[] proposal, int kind)
    {
        private const int Silent = 0;
        private const int MoreThanAHeader = 20;

        private int _sent = kind switch { 2 => MoreThanAHeader, 3 => proposal.Length, _ => 0 };

        public async Task BeginAsync()
        {
            await socket.SendAsync(proposal.AsMemory(0, _sent));
            if (_sent == proposal.Length) Assert.NotEqual(0, await socket.ReceiveAsync(new byte[1]).Guard());   // the Accept: its deadline is that of the whole
        }

        public async Task GoOnAsync()
        {
            if (kind == Silent || _sent == proposal.Length) return;
            await socket.SendAsync(proposal.AsMemory(_sent++, 1));
        }

        public async Task ResetAsync()
        {
            byte[] rest = new byte[1024];
            SocketException broken = await Assert.ThrowsAsync<SocketException>(async () =>
            {
                while (await socket.ReceiveAsync(rest).Guard() > 0)
                {
                    // An Accept.
                }
            });
            Assert.Equal(SocketError.ConnectionReset, broken.SocketErrorCode);
            socket.Dispose();
        }
    }
}
