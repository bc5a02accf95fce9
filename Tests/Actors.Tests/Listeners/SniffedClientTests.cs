using System.Net.Sockets;
using System.Text;
using Actors.Tests.Harness;
using Smc.Actors;
using Smc.Actors.Protocol;
using Smc.Peer.Handshakes;
using Smc.Transport;
using Smc.Transport.Wire;
using Xunit.Abstractions;
using static Smc.Actors.Protocol.RuntimeEvents;

namespace Actors.Tests.Listeners;

/// <summary>
/// Clients of other protocols at a listener that sniffs everybody, and does so until they have spoken: no time-out helps. The application gets
/// their bytes as they are.
/// </summary>
public sealed class SniffedClientTests(ITestOutputHelper output) : RendezvousTest
{
    private const int Bytes = 100_000;
    private const string Sniffs = "smc.negotiation = always, smc.handshake.sniff-timeout = 50s";
    private static readonly byte[] Body = Encoding.ASCII.GetBytes("a body");

    [Fact]
    public async Task A_client_of_TLS_is_talked_to_in_TLS()
    {
        (ISmcListener listener, HeardEvents heard) = await ListenAsync();
        using var client = new TcpClient();
        await client.ConnectAsync(listener.LocalEndPoint).Guard();
        Task<SmcStream> accepting = listener.AcceptAsync().Guard();
        await TlsOverSmc.ExchangeAsync(client.GetStream(), AsStreamAsync(accepting), Bytes, Seed.Take(output));
        await using SmcStream stream = await accepting;
        await AssertJudgedAsync(stream, heard);
    }

    [Fact]
    public async Task A_client_of_HTTP_1_is_answered()
    {
        (ISmcListener listener, HeardEvents heard) = await ListenAsync();
        using var client = new HttpClient();
        Task<byte[]> asking = client.GetByteArrayAsync(new Uri($"http://{listener.LocalEndPoint}/path"));
        await using SmcStream stream = await listener.AcceptAsync().Guard();
        Assert.Equal("GET /path HTTP/1.1", await TinyWebServer.ReadHeadAsync(stream));
        await stream.WriteAsync(TinyWebServer.Answer(Body));
        Assert.Equal(Body, await asking.Guard());
        await AssertJudgedAsync(stream, heard);
    }

    [Fact]
    public async Task A_client_of_HTTP_2_with_prior_knowledge_is_answered()
    {
        (ISmcListener listener, HeardEvents heard) = await ListenAsync();
        using var client = new HttpClient();
        using HttpRequestMessage request = TinyHttp2.NewRequest(listener.LocalEndPoint);
        Task<HttpResponseMessage> asking = client.SendAsync(request);
        await using SmcStream stream = await listener.AcceptAsync().Guard();
        Assert.True(await TinyHttp2.TryAnswerAsync(stream, Body));
        using HttpResponseMessage response = await asking.Guard();
        Assert.Equal(Body, await response.Content.ReadAsByteArrayAsync().Guard());
        await AssertJudgedAsync(stream, heard);
    }

    /// <summary>The first byte that no Proposal has may be any of a header's.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    public async Task What_begins_like_a_Proposal_and_comes_byte_by_byte_is_the_applications(int common)
    {
        const int NoLength = 0xEE;
        (ISmcListener listener, HeardEvents heard) = await ListenAsync();
        byte[] bytes = ScriptedClient.ProposalOf(SmcGid.NewRandom());
        bytes[common] = common == 7 ? (byte)0 : (byte)NoLength;
        if (common == 6) bytes[5] = NoLength;   // the length's other byte
        using var client = new TcpClient { NoDelay = true };
        await client.ConnectAsync(listener.LocalEndPoint).Guard();
        foreach (byte one in bytes) await client.Client.SendAsync(new[] { one });
        client.Client.Shutdown(SocketShutdown.Send);
        await using SmcStream stream = await listener.AcceptAsync().Guard();
        Assert.Equal(bytes, await Exchange.ReadToEndAsync(stream));
        await AssertJudgedAsync(stream, heard);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    [InlineData(4096)]
    public async Task A_Proposal_behind_other_first_bytes_is_the_applications_and_so_is_one_in_the_other_direction(int first)
    {
        (ISmcListener listener, HeardEvents heard) = await ListenAsync();
        using var client = new TcpClient { NoDelay = true };
        await client.ConnectAsync(listener.LocalEndPoint).Guard();
        byte[] hello = [.. Enumerable.Repeat((byte)'H', first)];
        await client.Client.SendAsync(hello);
        await using SmcStream stream = await listener.AcceptAsync().Guard();
        await stream.ReadExactlyAsync(hello).Guard();
        await Exchange.LookalikesAsync(stream, client.Client);
        await AssertJudgedAsync(stream, heard);
    }

    private async Task<(ISmcListener Listener, HeardEvents Heard)> ListenAsync()
    {
        SmcRuntime runtime = await StartRuntimeAsync(Sniffs);
        return (Own(await runtime.ListenAsync(Loopback)), new HeardEvents(runtime));
    }

    private static async Task<Stream> AsStreamAsync(Task<SmcStream> accepting) => await accepting;

    /// <summary>It was sniffed, and is TCP since its first bytes are no Proposal.</summary>
    private static async Task AssertJudgedAsync(SmcStream stream, HeardEvents heard)
    {
        Assert.Equal((SmcMode.Tcp, SmcReason.PeerNoSmc), (stream.Mode, stream.FallbackReason));
        HandshakeEnded told = await heard.FirstAsync<HandshakeEnded>();
        Assert.Equal((HandshakeOutcome.Fallback, HandshakeStep.FirstBytes), (told.Outcome, told.Decision.Step));
    }
}
