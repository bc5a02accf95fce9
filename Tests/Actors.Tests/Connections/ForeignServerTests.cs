using System.Net;
using System.Net.Sockets;
using System.Text;
using Actors.Tests.Harness;
using Smc.Actors;
using Smc.Peer.Handshakes;
using Smc.Transport;
using Smc.Transport.Wire;
using Xunit.Abstractions;

namespace Actors.Tests.Connections;

/// <summary>
/// A client of servers that know nothing of SMC. Where they are <c>announced</c> an entry says otherwise, and a living process answers at its
/// control socket, which never matches: the client meets them after its match time-out. What they and the application say is as over TCP.
/// </summary>
public sealed class ForeignServerTests(ITestOutputHelper output) : RendezvousTest
{
    private const int Bytes = 100_000;
    private const string ShortMatch = "smc.handshake.match-timeout = 200ms";
    private static readonly byte[] Greeting = Encoding.ASCII.GetBytes("220 ready when you are\r\n");

    private readonly List<IDisposable> _liars = [];

    public override Task DisposeAsync()
    {
        _liars.ForEach(liar => liar.Dispose());
        return base.DisposeAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_server_that_echoes_returns_the_applications_bytes_once_whatever_they_look_like(bool announced)
    {
        (_, IPEndPoint at) = await ServeAsync("tcp-serve", "echo");
        await using SmcStream stream = await ConnectAsync(at, announced);
        byte[] proposal = ScriptedClient.ProposalOf(SmcGid.NewRandom());
        await stream.WriteAsync(proposal);
        byte[] back = new byte[proposal.Length];
        await stream.ReadExactlyAsync(back).Guard();
        Assert.Equal(proposal, back);
        await Exchange.EchoAsync(stream, Bytes, Seed.Take(output));
        stream.ShutdownWrite();
        Assert.Empty(await Exchange.ReadToEndAsync(stream));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_web_server_answers_requests_and_calls_rubbish_a_bad_request(bool announced)
    {
        using var server = new TinyWebServer();
        SmcRuntime runtime = await StartAsync(server.EndPoint, announced);
        using HttpClient client = WebOverSmc.NewClient(runtime);
        using HttpResponseMessage response = await client.PostAsync(server.Address, new ByteArrayContent(Greeting)).Guard();
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(Greeting, await response.Content.ReadAsByteArrayAsync().Guard());

        await using SmcStream stream = await runtime.ConnectAsync(server.EndPoint).Guard();
        await stream.WriteAsync("no request at all\r\n\r\n"u8.ToArray());
        string answer = Encoding.ASCII.GetString(await Exchange.ReadToEndAsync(stream));
        Assert.StartsWith("HTTP/1.1 400 ", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_server_of_TLS_is_talked_to_in_TLS(bool announced)
    {
        int seed = Seed.Take(output);
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        Task<SmcStream> connecting = ConnectAsync((IPEndPoint)listener.LocalEndpoint, announced);
        using Socket accepted = await listener.AcceptSocketAsync().Guard();
        await using SmcStream stream = await connecting;
        await TlsOverSmc.ExchangeAsync(stream, new NetworkStream(accepted), Bytes, seed);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_server_that_speaks_first_is_heard_and_what_the_application_writes_at_once_arrives_behind_nothing(bool announced)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        Task<SmcStream> connecting = ConnectAsync((IPEndPoint)listener.LocalEndpoint, announced);
        using Socket accepted = await listener.AcceptSocketAsync().Guard();
        await accepted.SendAsync(Greeting);   // while an announced client waits for its match
        await using SmcStream stream = await connecting;
        byte[] read = new byte[Greeting.Length];
        Task writing = stream.WriteAsync(Greeting).AsTask();
        await stream.ReadExactlyAsync(read).Guard();
        Assert.Equal(Greeting, read);
        await writing;
        byte[] arrived = new byte[Greeting.Length];
        await new NetworkStream(accepted).ReadExactlyAsync(arrived).Guard();
        Assert.Equal(Greeting, arrived);
        await Exchange.LookalikesAsync(stream, accepted);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_server_that_closes_at_once_is_an_end_of_stream(bool announced)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        Task<SmcStream> connecting = ConnectAsync((IPEndPoint)listener.LocalEndpoint, announced);
        using (Socket accepted = await listener.AcceptSocketAsync().Guard()) await accepted.SendAsync(Greeting);
        await using SmcStream stream = await connecting;
        Assert.Equal(SmcMode.Tcp, stream.Mode);
        Assert.Equal(Greeting, await Exchange.ReadToEndAsync(stream));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_server_that_closes_on_the_first_bytes_breaks_the_connection_and_the_next_goes_on(bool announced)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var at = (IPEndPoint)listener.LocalEndpoint;
        SmcRuntime runtime = await StartAsync(at, announced);
        for (int i = 0; i < 2; i++)
        {
            Task<SmcStream> connecting = runtime.ConnectAsync(at).AsTask();
            Socket accepted = await listener.AcceptSocketAsync().Guard();
            await using SmcStream stream = await connecting.Guard();
            await stream.WriteAsync(Greeting);
            byte[] first = new byte[1];
            Assert.Equal(1, await accepted.ReceiveAsync(first).Guard());
            Assert.Equal(Greeting[0], first[0]);
            accepted.Close();   // the rest is unread
            Assert.Equal(SocketError.ConnectionReset, (await Exchange.ReadToBreakAsync(stream)).Error);
        }
    }

    [Fact]
    public async Task An_application_may_write_the_eyecatcher_over_shared_memory_too()
    {
        Pair pair = await StartPairAsync();
        await using Ends ends = await pair.ConnectAsync();
        byte[] proposal = ScriptedClient.ProposalOf(SmcGid.NewRandom());
        await ends.Client.WriteAsync(proposal);
        await ends.Server.WriteAsync(proposal);
        ends.Client.ShutdownWrite();
        ends.Server.ShutdownWrite();
        Assert.Equal(SmcMode.SmcD, ends.Server.Mode);
        Assert.Equal(proposal, await Exchange.ReadToEndAsync(ends.Server));
        Assert.Equal(proposal, await Exchange.ReadToEndAsync(ends.Client));
    }

    private async Task<SmcStream> ConnectAsync(IPEndPoint at, bool announced)
    {
        SmcRuntime runtime = await StartAsync(at, announced);
        SmcStream stream = await runtime.ConnectAsync(at).Guard();
        Assert.Equal((SmcMode.Tcp, announced ? SmcReason.MatchTimeout : SmcReason.PeerNoSmc), (stream.Mode, stream.FallbackReason));
        return stream;
    }

    /// <summary>A runtime, and where the server is to be <paramref name="announced"/> a process's worth of lies about it.</summary>
    private async Task<SmcRuntime> StartAsync(IPEndPoint at, bool announced)
    {
        SmcRuntime runtime = await StartRuntimeAsync(ShortMatch);
        if (!announced) return runtime;
        var liar = new ScriptedClient(Folder, at);
        _liars.Add(liar);
        liar.Rendezvous.Publish(at);
        return runtime;
    }
}
