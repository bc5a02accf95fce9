using System.Net;
using System.Net.Sockets;
using System.Text;
using Actors.Tests.Harness;
using Smc.Actors;
using Smc.Actors.Inspection;
using Smc.Actors.Protocol;
using Smc.Peer.Handshakes;
using Smc.Transport;
using Smc.Transport.Wire;
using Xunit.Abstractions;
using static Smc.Actors.Protocol.RuntimeEvents;

namespace Actors.Tests.Listeners;

/// <summary>Whom a Proposal goes to, and what becomes of it: two runtimes that share no rendezvous folder are two hosts to each other.</summary>
public sealed class NegotiationTests(ITestOutputHelper output) : RendezvousTest
{
    private const int Bytes = 300_000;
    private const string Always = "smc.negotiation = always";

    /// <summary>What the servers of other protocols answer to bytes that they do not understand.</summary>
    public static TheoryData<string> Answers => ["HTTP/1.1 400 Bad Request\r\n\r\n", "echo", "close", "reset", "220 greeting\r\n", "ERR\r\n", "greets"];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Two_hosts_agree_by_CLC_that_they_share_no_device_and_go_on_with_TCP(bool serverSpeaksFirst)
    {
        int seed = Seed.Take(output);
        Pair pair = await StartHostsAsync(Always, Always);
        await using Ends ends = await pair.ConnectAsync();
        Assert.Equal((SmcMode.Tcp, SmcReason.PeerDeclined), (ends.Client.Mode, ends.Client.FallbackReason));
        Assert.Equal((SmcMode.Tcp, SmcReason.NoSmcdV2Device), (ends.Server.Mode, ends.Server.FallbackReason));
        if (serverSpeaksFirst)
        {
            await ends.Server.WriteAsync(new byte[] { 7 });
            Assert.Equal(1, await ends.Client.ReadAsync(new byte[2]).Guard());
        }

        await Exchange.BothWaysAsync(ends, Bytes, seed);
    }

    [Fact]
    public async Task Under_directory_a_Proposal_goes_to_the_servers_that_are_listed_and_their_hosts_are_sniffed()
    {
        SmcRuntime server = await StartHostAsync("server", "smc.directory.peers = [\"127.0.0.1\"]");
        ISmcListener listed = Own(await server.ListenAsync(Loopback));
        ISmcListener other = Own(await server.ListenAsync(Loopback));
        SmcRuntime client = await StartHostAsync("client", $"smc.directory.peers = [\"{listed.LocalEndPoint}\"]");
        EndpointCheck toListed = await client.CheckAsync(listed.LocalEndPoint).Guard();
        EndpointCheck toOther = await client.CheckAsync(other.LocalEndPoint).Guard();
        Assert.Equal((SmcReason.PeerDeclined, SmcReason.PeerNoSmc), (toListed.Reason, toOther.Reason));
        await using SmcStream accepted = await listed.AcceptAsync().Guard();
        Assert.Equal(SmcReason.NoSmcdV2Device, accepted.FallbackReason);
    }

    [Theory]
    [InlineData("smc.negotiation = never")]
    [InlineData("smc.directory.peers = [\"10.0.0.7\"]")]
    public async Task A_Proposal_from_a_host_that_nobody_listed_is_the_applications(string hocon)
    {
        SmcRuntime server = await StartHostAsync("server", hocon);
        ISmcListener listener = Own(await server.ListenAsync(Loopback));
        byte[] proposal = ScriptedClient.ProposalOf(SmcGid.NewRandom());
        using var client = new TcpClient();
        await client.ConnectAsync(listener.LocalEndPoint).Guard();
        await client.GetStream().WriteAsync(proposal);
        client.Client.Shutdown(SocketShutdown.Send);
        await using SmcStream accepted = await listener.AcceptAsync().Guard();
        Assert.Equal(proposal, await Exchange.ReadToEndAsync(accepted));
    }

    [Theory]
    [MemberData(nameof(Answers))]
    public async Task A_server_that_knows_no_SMC_serves_as_if_there_were_none_and_is_remembered(string answer)
    {
        using var server = new ForeignServer(answer);
        SmcRuntime client = await StartHostAsync("client", Always);
        for (int i = 0; i < 2; i++)
        {
            await using SmcStream stream = await client.ConnectAsync(server.EndPoint).Guard();
            Assert.Equal((SmcMode.Tcp, SmcReason.PeerNoSmc), (stream.Mode, stream.FallbackReason));
            await stream.WriteAsync("ours"u8.ToArray());
            stream.ShutdownWrite();
            Assert.Equal("ours", await server.ServedAsync());
        }

        Assert.Equal(1, server.Refused);
    }

    [Fact]
    public async Task A_server_that_waits_for_more_is_connected_anew_at_the_deadline()
    {
        using var server = new ForeignServer("silence");
        SmcRuntime client = await StartHostAsync("client", Always + "\nsmc.handshake.match-timeout = 50ms");
        await using SmcStream stream = await client.ConnectAsync(server.EndPoint).Guard();
        Assert.Equal((SmcMode.Tcp, SmcReason.PeerNoSmc), (stream.Mode, stream.FallbackReason));
        await stream.WriteAsync("ours"u8.ToArray());
        stream.ShutdownWrite();
        Assert.Equal("ours", await server.ServedAsync());
        Assert.Equal(1, server.Refused);
    }

    [Fact]
    public async Task A_server_that_speaks_first_does_so_to_a_plain_client_also_where_all_are_sniffed()
    {
        SmcRuntime server = await StartHostAsync("server", Always);
        ISmcListener listener = Own(await server.ListenAsync(Loopback));
        using var client = new TcpClient();
        await client.ConnectAsync(listener.LocalEndPoint).Guard();
        await using SmcStream accepted = await listener.AcceptAsync().Guard();
        await accepted.WriteAsync("220"u8.ToArray());
        await client.GetStream().ReadExactlyAsync(new byte[3]).Guard();
        await client.GetStream().WriteAsync("HELO"u8.ToArray());
        client.Client.Shutdown(SocketShutdown.Send);
        Assert.Equal("HELO"u8.ToArray(), await Exchange.ReadToEndAsync(accepted));
    }

    [Fact]
    public async Task A_Proposal_to_a_listener_whose_device_is_down_is_declined_by_whoever_reads_first()
    {
        SmcRuntime server = await StartRuntimeAsync($"smc.rendezvous.folder = \"{Environment.ProcessPath}\"\n{Always}");
        ISmcListener listener = Own(await server.ListenAsync(Loopback));
        var heard = new HeardEvents(server);
        SmcRuntime client = await StartHostAsync("client", Always);
        Task<SmcStream> connecting = client.ConnectAsync(listener.LocalEndPoint).Guard();
        await using SmcStream accepted = await listener.AcceptAsync().Guard();
        Assert.Equal(SmcReason.RegistryUnavailable, accepted.FallbackReason);
        Task<byte[]> reading = Exchange.ReadToEndAsync(accepted);
        await using (SmcStream stream = await connecting)
        {
            Assert.Equal(SmcReason.SniffTimeout, accepted.FallbackReason);
            await Eventually.EqualAsync(1L, () => server.Connections.Fallbacks.GetValueOrDefault(SmcReason.SniffTimeout), "the fallback is counted anew, after its reason is");
            Assert.Equal(0, server.Connections.Fallbacks[SmcReason.RegistryUnavailable]);
            LateProposal late = await heard.FirstAsync<LateProposal>();
            ConnectionReport report = Assert.Single(await server.GetConnectionsAsync());
            Assert.Equal((report.Id, report.Decision), (late.Id, late.Decision));
            Assert.Equal((HandshakeStep.FirstBytes, SmcReason.SniffTimeout), (late.Decision.Step, late.Decision.Reason));
            Assert.Equal((SmcReason.PeerDeclined, SmcReason.SniffTimeout), (stream.FallbackReason, stream.PeerReason));
            await stream.WriteAsync("plain"u8.ToArray());
        }

        Assert.Equal("plain"u8.ToArray(), await reading);
    }

    [Fact]
    public async Task A_caller_who_cancels_while_a_server_is_asked_and_a_runtime_that_ends_leave_no_connection()
    {
        using var server = new ForeignServer("silence");
        SmcRuntime client = await StartHostAsync("client", Always);
        using var cancellation = new CancellationTokenSource();
        Task<SmcStream> canceled = client.ConnectAsync(server.EndPoint, cancellation.Token).AsTask();
        await Eventually.EqualAsync(1, () => server.Refused, "asked");
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => canceled.Guard());
        Task<SmcStream> ended = client.ConnectAsync(server.EndPoint).AsTask();
        await Eventually.EqualAsync(2, () => server.Refused, "asked again");
        await client.DisposeAsync();
        await Assert.ThrowsAnyAsync<Exception>(() => ended.Guard());
        await Eventually.EqualAsync(2, () => server.Broken, "both connections have ended");
    }

    private async Task<Pair> StartHostsAsync(string serverHocon, string clientHocon)
    {
        SmcRuntime server = await StartHostAsync("server", serverHocon);
        SmcRuntime client = await StartHostAsync("client", clientHocon);
        return new Pair(server, client, Own(await server.ListenAsync(Loopback)));
    }

    /// <summary>A runtime with a folder of its own.</summary>
    private Task<SmcRuntime> StartHostAsync(string name, string hocon) => StartRuntimeAsync($"smc.rendezvous.folder = \"{Folder}-{name}\"\n{hocon}");

    /// <summary>A server of another protocol. It serves clients whose first byte is a letter, and answers others in its own way.</summary>
    private sealed class ForeignServer : IDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly System.Threading.Channels.Channel<string> _served = System.Threading.Channels.Channel.CreateUnbounded<string>();
        private readonly string _answer;
        private int _refused;
        private int _broken;

        public ForeignServer(string answer)
        {
            _answer = answer;
            _listener.Start();
            _ = AcceptAllAsync();
        }

        public IPEndPoint EndPoint => (IPEndPoint)_listener.LocalEndpoint;

        /// <summary>Connections that began with something else than a letter.</summary>
        public int Refused => Volatile.Read(ref _refused);

        /// <summary>Connections that their client ended while the server waited.</summary>
        public int Broken => Volatile.Read(ref _broken);

        /// <summary>What the next client has said that was served.</summary>
        public Task<string> ServedAsync() => _served.Reader.ReadAsync().Guard();

        public void Dispose() => _listener.Dispose();

        private async Task AcceptAllAsync()
        {
            try
            {
                while (true) _ = ServeAsync(await _listener.AcceptSocketAsync());
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                // The test is over.
            }
        }

        private async Task ServeAsync(Socket socket)
        {
            await using var stream = new NetworkStream(socket, ownsSocket: true);
            if (_answer == "greets") await stream.WriteAsync("220 greeting\r\n"u8.ToArray());
            byte[] first = new byte[256];
            int count = await stream.ReadAsync(first);
            if (count > 0 && char.IsAsciiLetter((char)first[0]))
            {
                var rest = new MemoryStream();
                await stream.CopyToAsync(rest);
                _served.Writer.TryWrite(Encoding.ASCII.GetString(first, 0, count) + Encoding.ASCII.GetString(rest.ToArray()));
                return;
            }

            Interlocked.Increment(ref _refused);
            await AnswerAsync(stream, first.AsMemory(0, count));
        }

        private async Task AnswerAsync(NetworkStream stream, ReadOnlyMemory<byte> question)
        {
            switch (_answer)
            {
                case "close" or "greets": break;
                case "reset": stream.Socket.LingerState = new LingerOption(true, 0); break;
                case "echo": await stream.WriteAsync(question); break;
                case "silence": await ReadToBreakAsync(stream); break;
                default:
                    await stream.WriteAsync(Encoding.ASCII.GetBytes(_answer));
                    await ReadToBreakAsync(stream);   // the connection is the client's to end
                    break;
            }
        }

        private async Task ReadToBreakAsync(Stream stream)
        {
            try
            {
                await stream.CopyToAsync(Stream.Null);
            }
            catch (IOException)
            {
                // The client has given this connection up.
            }

            Interlocked.Increment(ref _broken);
        }
    }
}
