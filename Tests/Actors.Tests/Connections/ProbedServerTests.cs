using System.Net;
using System.Net.Sockets;
using System.Text;
using Actors.Tests.Harness;
using Smc.Actors;
using Smc.Peer.Handshakes;
using Smc.Transport;
using Smc.Transport.Wire;
using Xunit.Abstractions;
using static Smc.Actors.Protocol.RuntimeEvents;

namespace Actors.Tests.Connections;

/// <summary>
/// Servers of other protocols and a client that proposes to everybody. The Proposal costs a server one connection, which says nothing else; the
/// application has another, which is as over TCP from its first byte, and the next one is not preceded by a Proposal.
/// </summary>
public sealed class ProbedServerTests(ITestOutputHelper output) : RendezvousTest
{
    private const int Bytes = 100_000;

    /// <summary>A server may wait for more of what it takes for a request.</summary>
    private const string Proposes = "smc.negotiation = always, smc.handshake.match-timeout = 200ms";

    private static readonly byte[] Body = Encoding.ASCII.GetBytes("a body");

    [Fact]
    public async Task A_server_of_TLS_is_talked_to_in_TLS()
    {
        int seed = Seed.Take(output);
        SmcRuntime runtime = await StartRuntimeAsync(Proposes);
        var heard = new HeardEvents(runtime);
        using TcpListener listener = Listen();
        for (int i = 0; i < 2; i++)
        {
            Task<SmcStream> connecting = runtime.ConnectAsync((IPEndPoint)listener.LocalEndpoint).Guard();
            if (i == 0) Assert.False(await TlsOverSmc.ShakesHandsAsync(await AcceptAsync(listener)));
            await using NetworkStream served = await AcceptAsync(listener);
            await using SmcStream stream = await connecting;
            Assert.Equal((SmcMode.Tcp, SmcReason.PeerNoSmc), (stream.Mode, stream.FallbackReason));
            await TlsOverSmc.ExchangeAsync(stream, served, Bytes, seed + i);
        }

        await AssertRememberedAsync(heard);
    }

    [Fact]
    public async Task A_server_of_HTTP_1_serves()
    {
        using var server = new TinyWebServer();
        SmcRuntime runtime = await StartRuntimeAsync(Proposes);
        var heard = new HeardEvents(runtime);
        for (int i = 0; i < 2; i++)
        {
            using HttpClient client = WebOverSmc.NewClient(runtime);   // and a connection of its own
            using HttpResponseMessage response = await client.PostAsync(server.Address, new ByteArrayContent(Body)).Guard();
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.Equal(Body, await response.Content.ReadAsByteArrayAsync().Guard());
        }

        await AssertRememberedAsync(heard);
    }

    [Fact]
    public async Task A_server_of_HTTP_2_with_prior_knowledge_serves()
    {
        SmcRuntime runtime = await StartRuntimeAsync(Proposes);
        var heard = new HeardEvents(runtime);
        using TcpListener listener = Listen();
        for (int i = 0; i < 2; i++)
        {
            using HttpClient client = WebOverSmc.NewClient(runtime);
            using HttpRequestMessage request = TinyHttp2.NewRequest((IPEndPoint)listener.LocalEndpoint);
            Task<HttpResponseMessage> asking = client.SendAsync(request);
            if (i == 0)
            {
                await using NetworkStream probed = await AcceptAsync(listener);
                Assert.False(await TinyHttp2.TryAnswerAsync(probed, Body));
            }

            await using NetworkStream served = await AcceptAsync(listener);
            Assert.True(await TinyHttp2.TryAnswerAsync(served, Body));
            using HttpResponseMessage response = await asking.Guard();
            Assert.Equal(Body, await response.Content.ReadAsByteArrayAsync().Guard());
        }

        await AssertRememberedAsync(heard);
    }

    [Fact]
    public async Task A_server_that_echoes_returns_the_applications_bytes_once_whatever_they_look_like()
    {
        SmcRuntime runtime = await StartRuntimeAsync(Proposes);
        var heard = new HeardEvents(runtime);
        (_, IPEndPoint at) = await ServeAsync("tcp-serve", "echo");
        for (int i = 0; i < 2; i++)
        {
            await using SmcStream stream = await runtime.ConnectAsync(at).Guard();
            Assert.Equal((SmcMode.Tcp, SmcReason.PeerNoSmc), (stream.Mode, stream.FallbackReason));
            byte[] proposal = ScriptedClient.ProposalOf(SmcGid.NewRandom());
            await stream.WriteAsync(proposal);
            stream.ShutdownWrite();
            Assert.Equal(proposal, await Exchange.ReadToEndAsync(stream));
        }

        await AssertRememberedAsync(heard);
    }

    private static TcpListener Listen()
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return listener;
    }

    private static async Task<NetworkStream> AcceptAsync(TcpListener listener) => new(await listener.AcceptSocketAsync().Guard(), ownsSocket: true);

    /// <summary>The first connection was preceded by a Proposal, and the second was not.</summary>
    private static async Task AssertRememberedAsync(HeardEvents heard)
    {
        await Eventually.EqualAsync(2, () => heard.Of<HandshakeEnded>().Count, "handshakes that were told");
        Assert.Equal([1, 0], heard.Of<HandshakeEnded>().Select(told => told.Messages.Count(message => message.Kind == HandshakeMessageKind.Proposal)));
    }
}
