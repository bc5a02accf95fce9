using System.Net.Sockets;
using System.Text;
using Actors.Tests.Harness;
using Smc.Peer;
using Smc.Peer.Handshakes;
using Smc.Transport;
using Smc.Transport.Paths.Smcd.Rendezvous;
using Smc.Transport.Wire;
using Smc.Transport.Wire.Rendezvous;
using Xunit.Abstractions;
using static Smc.Actors.Protocol.RuntimeEvents;

namespace Actors.Tests.Listeners;

/// <summary>A scripted client against a listener.</summary>
public sealed class HandshakeTests(ITestOutputHelper output) : RendezvousTest
{
    private const string ShortDeadline = "smc.handshake.clc-timeout = 300ms";
    private static readonly byte[] Hello = Encoding.ASCII.GetBytes("GET / HTTP/1.1\r\n\r\n");

    [Fact]
    public async Task A_scripted_client_that_keeps_the_rules_gets_a_connection()
    {
        Pair pair = await StartPairAsync();
        using ScriptedClient client = NewClient(pair);
        ValueTask<SmcStream> accepting = pair.Listener.AcceptAsync();
        await client.BeginAsync();
        client.Propose();
        await client.ReadAcceptAsync();
        ulong token = await client.OfferDmbAsync();
        await client.MappedAsync();
        client.Confirm(token);
        await using SmcStream stream = await accepting.Guard();
        Assert.Equal(SmcMode.SmcD, stream.Mode);
    }

    [Theory]
    [InlineData("registers", "TooManyRegistrations")]
    [InlineData("offers", "TooManySlabs")]
    [InlineData("offers what cannot be mapped", "TooManySlabs")]
    [InlineData("refuses", "TooManyAnswers")]
    [InlineData("maps", "TooManyAnswers")]
    public async Task A_client_that_registers_offers_or_answers_without_end_loses_its_control_socket(string what, string rule)
    {
        Pair pair = await StartPairAsync();
        await using Ends neighbours = await pair.ConnectAsync();
        using ScriptedClient client = NewClient(pair);
        ValueTask<SmcStream> accepting = pair.Listener.AcceptAsync();
        await client.BeginAsync();
        client.Propose();
        await client.ReadAcceptAsync();
        client.Confirm(await client.OfferDmbAsync());
        await using SmcStream stream = await accepting.Guard();
        for (uint i = 2; i < 1000 && !client.Session.IsLost; i++)
        {
            if (what == "registers") client.Session.Send(new Register(i, i, client.Accept.LinkId, 1, 0, 0));
            else if (what == "refuses") client.Session.Send(new Refused(client.Accept.LinkId, Slab: 1, SmcReason.OutOfMemory));   // it has mapped it
            else if (what == "maps") client.Session.Send(new Mapped(client.Accept.LinkId, i));
            else if (what == "offers") client.OfferSlab(client.Accept.LinkId, i);
            else client.Session.Send(new OfferSlab(client.Accept.LinkId, i, SlabKind.Dmb, SizeCode: 0, Count: 1, Bytes: 16 * 1024));   // no descriptor
        }

        await client.LostAsync();
        Assert.Equal(SocketError.ConnectionReset, (await Exchange.ReadToBreakAsync(stream)).Error);
        Assert.Equal($"control {rule} 1: the control socket was closed", pair.Server.BrokenRules());
        await Exchange.BothWaysAsync(neighbours, 10_000, Seed.Take(output));
    }

    [Fact]
    public async Task A_process_that_never_reads_its_control_socket_loses_it()
    {
        Pair pair = await StartPairAsync();
        var heard = new HeardEvents(pair.Server);
        using var control = new Socket(AddressFamily.Unix, SocketType.Seqpacket, ProtocolType.Unspecified);
        await control.ConnectAsync(new UnixDomainSocketEndPoint(Path.Combine(Folder, new RegistryEntry(pair.Server.Device.Rendezvous!.Gid, 0, []).SocketName)));
        await Task.Run(() =>
        {
            Send(control, new Hello(SmcGid.NewRandom(), 0, 0));
            SocketException? broken = null;
            for (ulong token = 1; broken is null; token++)
            {
                Assert.InRange(token, 1ul, 100_000ul);
                broken = Record.Exception(() => Send(control, new Register(token, token, 1, 1, 0, 0))) as SocketException;   // of no group: each is answered
            }
        }).Guard();

        await Eventually.EqualAsync("control FramesUnread 1: the control socket was closed", pair.Server.BrokenRules, "the rule");
        RuleBroken told = await heard.FirstAsync<RuleBroken>();
        Assert.Equal((RuleLayer.Control, "FramesUnread"), (told.Layer, told.Rule));
        Assert.StartsWith($"process {Environment.ProcessId} of user ", told.Peer, StringComparison.Ordinal);
        await using Ends ends = await pair.ConnectAsync();
        Assert.Equal(SmcMode.SmcD, ends.Client.Mode);
    }

    [Fact]
    public async Task Clients_that_stall_do_not_stop_the_accepting_of_others()
    {
        const int Stalling = 8;   // twice what the queue holds
        Pair pair = await StartPairAsync(serverHocon: "smc.listener.accept-queue = 4");
        var silent = new List<ScriptedClient>();
        for (int i = 0; i < Stalling; i++)
        {
            silent.Add(NewClient(pair));
            silent[i].Announce();
            await silent[i].ConnectAsync();
        }

        using var plain = new TcpClient();
        await plain.ConnectAsync(pair.Listener.LocalEndPoint).Guard();
        await using (SmcStream accepted = await pair.Listener.AcceptAsync().Guard()) Assert.Equal(SmcMode.Tcp, accepted.Mode);
        foreach (ScriptedClient client in silent) client.Dispose();   // and so is plain, and ends
        Task<SmcStream> connecting = pair.Client.ConnectAsync(pair.Listener.LocalEndPoint).AsTask();
        SmcStream? served = null;
        while (served is not { Mode: SmcMode.SmcD })
        {
            served?.Dispose();
            served = await pair.Listener.AcceptAsync().Guard();
        }

        await using var ends = new Ends(await connecting.Guard(), served);
        await Exchange.BothWaysAsync(ends, 10_000, Seed.Take(output));
    }

    [Fact]
    public async Task A_process_has_one_share_of_handshakes_on_all_of_its_control_sockets_and_others_have_theirs()
    {
        const int Share = 2;   // of eight, a quarter
        int seed = Seed.Take(output);
        Pair pair = await StartPairAsync(serverHocon: "smc.listener.accept-queue = 8");
        PeerProcess other = await ReadyAsync("connect", "source", "bytes=1000", FolderArgument, $"at={pair.Listener.LocalEndPoint}", $"seed={seed}");
        var silent = new List<ScriptedClient>();
        for (int i = 0; i <= Share; i++)
        {
            silent.Add(NewClient(pair));
            silent[i].Announce();
            await silent[i].ConnectAsync();
            if (i < Share) await silent[i].MatchedAsync();
        }

        await other.TellAsync("connect");
        await using (SmcStream stream = await pair.Listener.AcceptAsync().Guard())
        {
            Assert.Equal("open SmcD None", await other.LineAsync("open"));
            Assert.Equal(SeededBytes.Take(1000, seed), await Exchange.ReadToEndAsync(stream));
        }

        Assert.Equal(0, silent[Share].Matches);   // it was accepted before the other's
        silent[0].Dispose();
        await silent[Share].MatchedAsync();
        foreach (ScriptedClient client in silent.Skip(1)) client.Dispose();
    }

    [Fact]
    public async Task A_connection_past_the_limit_of_handshakes_is_TCP_with_a_reason_at_either_end()
    {
        Pair pair = await StartPairAsync(serverHocon: "smc.listener.accept-queue = 1", clientHocon: "smc.handshake.match-timeout = 300ms");
        using (ScriptedClient silent = NewClient(pair))
        {
            silent.Announce();   // all that one process may have where the queue holds one
            await silent.ConnectAsync();
            await using Ends past = await pair.ConnectAsync();
            Assert.Equal((SmcMode.Tcp, SmcReason.MatchTimeout), (past.Client.Mode, past.Client.FallbackReason));
            Assert.Equal((SmcMode.Tcp, SmcReason.LimitReached), (past.Server.Mode, past.Server.FallbackReason));
            Assert.Equal(1, pair.Server.Connections.Fallbacks[SmcReason.LimitReached]);
            await Exchange.BothWaysAsync(past, 100_000, Seed.Take(output));
        }
    }

    [Fact]
    public async Task Connections_past_the_accept_queue_wait_in_the_kernels_and_are_on_shared_memory_when_there_is_room()
    {
        const int Queue = 2;
        Pair pair = await StartPairAsync(serverHocon: $"smc.listener.accept-queue = {Queue}");
        var clients = new List<Task<SmcStream>>();
        for (int i = 0; i < 2 * Queue; i++)
        {
            clients.Add(pair.Client.ConnectAsync(pair.Listener.LocalEndPoint).Guard());
            if (i >= Queue) continue;
            await clients[i];
            await Eventually.EqualAsync(i + 1, () => pair.Server.Connections.Report().Count, "connections that wait for AcceptAsync");
        }

        Assert.Equal(Queue, pair.Server.Connections.Report().Count);
        foreach (Task<SmcStream> client in clients)
        {
            await using SmcStream accepted = await pair.Listener.AcceptAsync().Guard();
            await using SmcStream connected = await client;
            Assert.Equal((SmcMode.SmcD, SmcMode.SmcD), (connected.Mode, accepted.Mode));
        }
    }

    [Fact]
    public async Task A_client_that_is_silent_is_reset_at_its_deadline_and_others_go_on()
    {
        const int Silent = 14;   // a process has sixteen control sockets
        Pair pair = await StartPairAsync(serverHocon: ShortDeadline.Replace("300ms", "3s", StringComparison.Ordinal));
        var silent = new List<ScriptedClient>();
        for (int i = 0; i < Silent; i++)
        {
            silent.Add(NewClient(pair));
            await silent[i].BeginAsync();
        }

        await using (Ends ends = await pair.ConnectAsync()) await Exchange.BothWaysAsync(ends, 100_000, Seed.Take(output));
        foreach (ScriptedClient client in silent)
        {
            Assert.Equal(SocketError.ConnectionReset, await ResetAsync(client));
            client.Dispose();
        }

        Assert.Empty(await pair.Server.GetConnectionsAsync());
    }

    [Fact]
    public async Task A_client_that_stops_after_its_Proposal_is_reset_and_keeps_no_DMB()
    {
        Pair pair = await StartPairAsync(serverHocon: ShortDeadline);
        using ScriptedClient client = NewClient(pair);
        await client.BeginAsync();
        client.Propose();
        await client.ReadAcceptAsync();
        Assert.Equal(SocketError.ConnectionReset, await ResetAsync(client));

        // The client knows the token, and so might write: only its detach, or its end, brings the DMB back.
        Assert.Equal(1, pair.Server.Device.DmbsInUse);
        client.Session.Send(new Smc.Transport.Wire.Rendezvous.Detach(client.Accept.LinkId, client.Accept.Token));
        await pair.Server.DmbsAsync(0);
    }

    [Fact]
    public async Task A_DMB_registered_for_a_handshake_that_has_failed_is_detached()
    {
        Pair pair = await StartPairAsync(serverHocon: ShortDeadline);
        using ScriptedClient client = NewClient(pair);
        await client.BeginAsync();
        client.Propose();
        await client.ReadAcceptAsync();
        Assert.Equal(SocketError.ConnectionReset, await ResetAsync(client));
        ulong token = await client.OfferDmbAsync();
        Assert.Equal(token, (await client.DetachedAsync()).Token);
    }

    [Fact]
    public async Task An_announcement_without_a_connection_is_nothing_to_anybody()
    {
        Pair pair = await StartPairAsync();
        using ScriptedClient client = NewClient(pair);
        client.Announce();
        await using Ends ends = await pair.ConnectAsync();
        Assert.Equal(SmcMode.SmcD, ends.Server.Mode);
    }

    [Fact]
    public async Task First_bytes_that_are_no_Proposal_are_the_applications()
    {
        Pair pair = await StartPairAsync();
        using ScriptedClient client = NewClient(pair);
        await client.BeginAsync();
        await client.Socket.SendAsync(Hello);
        client.Socket.Shutdown(SocketShutdown.Send);
        await using SmcStream stream = await pair.Listener.AcceptAsync().Guard();
        Assert.Equal((SmcMode.Tcp, SmcReason.PeerNoSmc), (stream.Mode, stream.FallbackReason));
        Assert.Equal(Hello, await Exchange.ReadToEndAsync(stream));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(7)]
    public async Task Fewer_bytes_than_a_header_and_the_end_are_the_applications(int count)
    {
        Pair pair = await StartPairAsync();
        using ScriptedClient client = NewClient(pair);
        await client.BeginAsync();
        byte[] few = ScriptedClient.ProposalOf(client.Rendezvous.Gid)[..count];
        await client.Socket.SendAsync(few);
        client.Socket.Shutdown(SocketShutdown.Send);
        await using SmcStream stream = await pair.Listener.AcceptAsync().Guard();
        Assert.Equal(few, await Exchange.ReadToEndAsync(stream));
    }

    [Fact]
    public async Task A_Proposal_byte_by_byte_is_a_Proposal()
    {
        Pair pair = await StartPairAsync();
        using ScriptedClient client = NewClient(pair);
        await client.BeginAsync();
        foreach (byte one in ScriptedClient.ProposalOf(client.Rendezvous.Gid)) await client.Socket.SendAsync(new[] { one });
        await client.ReadAcceptAsync();
    }

    [Fact]
    public async Task A_Proposal_that_breaks_the_rules_past_its_header_is_reset()
    {
        Pair pair = await StartPairAsync();
        using ScriptedClient client = NewClient(pair);
        await client.BeginAsync();
        byte[] proposal = ScriptedClient.ProposalOf(client.Rendezvous.Gid);
        proposal[^1] ^= 1;   // the trailer
        await client.Socket.SendAsync(proposal);
        Assert.Equal(SocketError.ConnectionReset, await ResetAsync(client));
    }

    [Fact]
    public async Task A_Proposal_of_another_device_than_that_of_the_control_socket_is_declined()
    {
        Pair pair = await StartPairAsync();
        using ScriptedClient client = NewClient(pair);
        await client.BeginAsync();
        client.Propose(SmcGid.NewRandom());
        Assert.Equal(SmcReason.NoSmcdV2Device, ScriptedEnd.ReasonOf(await client.ReadClcAsync()));
        await using SmcStream stream = await pair.Listener.AcceptAsync().Guard();
        Assert.Equal((SmcMode.Tcp, SmcReason.NoSmcdV2Device), (stream.Mode, stream.FallbackReason));
        await client.Socket.SendAsync(Hello);
        byte[] read = new byte[Hello.Length];
        await stream.ReadExactlyAsync(read).Guard();
        Assert.Equal(Hello, read);
    }

    [Fact]
    public async Task A_Decline_and_what_the_clients_application_says_at_once_are_kept_apart()
    {
        Pair pair = await StartPairAsync();
        using ScriptedClient client = NewClient(pair);
        await client.BeginAsync();
        client.Propose();
        await client.ReadAcceptAsync();
        client.Decline(SmcReason.OutOfMemory, Hello);
        await using SmcStream stream = await pair.Listener.AcceptAsync().Guard();
        Assert.Equal((SmcMode.Tcp, SmcReason.PeerDeclined), (stream.Mode, stream.FallbackReason));
        byte[] read = new byte[Hello.Length];
        await stream.ReadExactlyAsync(read).Guard();
        Assert.Equal(Hello, read);
        await Exchange.LookalikesAsync(stream, client.Socket);
    }

    [Fact]
    public async Task A_client_that_cancels_is_plain_at_once_and_its_bytes_are_untouched_whatever_they_look_like()
    {
        Pair pair = await StartPairAsync();
        using ScriptedClient client = NewClient(pair);
        await client.BeginAsync();
        client.Cancel();
        await using SmcStream stream = await pair.Listener.AcceptAsync().Guard();   // before any byte: the server may speak first
        Assert.Equal((SmcMode.Tcp, SmcReason.PeerCancelled), (stream.Mode, stream.FallbackReason));
        byte[] proposal = ScriptedClient.ProposalOf(client.Rendezvous.Gid);
        await client.Socket.SendAsync(proposal);
        client.Socket.Shutdown(SocketShutdown.Send);
        Assert.Equal(proposal, await Exchange.ReadToEndAsync(stream));
    }

    [Fact]
    public async Task A_cancel_and_bytes_right_behind_it_are_taken_in_that_order()
    {
        Pair pair = await StartPairAsync();
        byte[] proposal = ScriptedClient.ProposalOf(SmcGid.NewRandom());
        using ScriptedClient client = NewClient(pair);
        for (int i = 0; i < 100; i++)
        {
            client.Announce();
            await client.ConnectAsync();
            client.Cancel();   // at any moment of the match
            await client.Socket.SendAsync(proposal);
            client.Socket.Shutdown(SocketShutdown.Send);
            await using SmcStream stream = await pair.Listener.AcceptAsync().Guard();
            Assert.Equal(SmcMode.Tcp, stream.Mode);
            Assert.Equal(proposal, await Exchange.ReadToEndAsync(stream));
            client.Socket.Dispose();
        }
    }

    [Fact]
    public async Task A_cancel_at_any_moment_lets_the_server_speak_first()
    {
        Pair pair = await StartPairAsync();
        using ScriptedClient client = NewClient(pair);
        for (int i = 0; i < 100; i++)
        {
            client.Announce();
            await client.ConnectAsync();
            client.Cancel();
            await using SmcStream stream = await pair.Listener.AcceptAsync().Guard();
            await stream.WriteAsync(Hello);
            byte[] read = new byte[Hello.Length];
            Assert.Equal(Hello.Length, await client.Socket.ReceiveAsync(read).Guard());
            client.Socket.Dispose();
        }
    }

    private static void Send<T>(Socket control, T frame)
        where T : IControlFrame
    {
        Span<byte> bytes = stackalloc byte[256];
        control.Send(bytes[..frame.Write(bytes)]);
    }

    private ScriptedClient NewClient(Pair pair) => new(Folder, pair.Listener.LocalEndPoint);

    private static async Task<SocketError> ResetAsync(ScriptedClient client)
    {
        SocketException broken = await Assert.ThrowsAsync<SocketException>(client.ReadClcAsync);
        return broken.SocketErrorCode;
    }
}
