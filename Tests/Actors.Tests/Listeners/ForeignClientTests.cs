using System.Net.Sockets;
using System.Text;
using Actors.Tests.Harness;
using Smc.Actors;
using Smc.Transport;
using Xunit.Abstractions;

namespace Actors.Tests.Listeners;

/// <summary>Clients that know nothing of SMC at a listener, and protocols that know nothing of it between two that do.</summary>
public sealed class ForeignClientTests(ITestOutputHelper output) : RendezvousTest
{
    private const int Bytes = 100_000;
    private static readonly byte[] Body = Encoding.ASCII.GetBytes("a body");

    [Fact]
    public async Task A_client_of_TLS_is_talked_to_in_TLS()
    {
        SmcRuntime runtime = await StartRuntimeAsync();
        await using ISmcListener listener = await runtime.ListenAsync(Loopback);
        using var client = new TcpClient();
        await client.ConnectAsync(listener.LocalEndPoint).Guard();
        await using SmcStream stream = await listener.AcceptAsync().Guard();
        Assert.Equal((SmcMode.Tcp, SmcReason.PeerNoSmc), (stream.Mode, stream.FallbackReason));
        await TlsOverSmc.ExchangeAsync(client.GetStream(), stream, Bytes, Seed.Take(output));
    }

    [Fact]
    public async Task A_web_client_is_answered()
    {
        SmcRuntime runtime = await StartRuntimeAsync();
        await using ISmcListener listener = await runtime.ListenAsync(Loopback);
        using var client = new HttpClient();
        Assert.Equal(SmcMode.Tcp, await AskAsync(client, listener));
    }

    [Fact]
    public async Task TLS_runs_over_shared_memory()
    {
        Pair pair = await StartPairAsync();
        await using Ends ends = await pair.ConnectAsync();
        Assert.Equal(SmcMode.SmcD, ends.Client.Mode);
        await TlsOverSmc.ExchangeAsync(ends.Client, ends.Server, Bytes, Seed.Take(output));
    }

    [Fact]
    public async Task A_web_client_is_answered_over_shared_memory()
    {
        Pair pair = await StartPairAsync();
        using HttpClient client = WebOverSmc.NewClient(pair.Client);
        Assert.Equal(SmcMode.SmcD, await AskAsync(client, pair.Listener));
    }

    /// <summary>Asks, and answers by hand.</summary>
    /// <returns>What the connection was.</returns>
    private static async Task<SmcMode> AskAsync(HttpClient client, ISmcListener listener)
    {
        Task<byte[]> asking = client.GetByteArrayAsync(new Uri($"http://{listener.LocalEndPoint}/path"));
        await using SmcStream stream = await listener.AcceptAsync().Guard();
        Assert.Equal("GET /path HTTP/1.1", await TinyWebServer.ReadHeadAsync(stream));
        await stream.WriteAsync(TinyWebServer.Answer(Body));
        Assert.Equal(Body, await asking.Guard());
        return stream.Mode;
    }
}
