using System.Net;
using Actors.Tests.Harness;
using Smc.Actors;
using Smc.Peer.Handshakes;
using Smc.Transport;
using Smc.Transport.Wire;
using Xunit.Abstractions;

namespace Actors.Tests.Faults;

/// <summary>One end of a handshake is stopped until the other has given up, and then goes on with what it still believes.</summary>
[Collection(Alone.Name)]
public sealed class StoppedPeerTests(ITestOutputHelper output) : RendezvousTest
{
    private const int Bytes = 100_000;
    private const string ShortMatch = "smc.handshake.match-timeout = 200ms";
    private const string ShortDeadline = "smc.handshake.clc-timeout = 2s";
    private const string Shared = "open SmcD None";
    private const string OneDmb = "smc.buffers.max-dmbs = 1";

    [Fact]
    public async Task A_server_stopped_past_the_match_time_out_finds_a_plain_client_and_all_its_bytes()
    {
        int seed = Seed.Take(output);
        SmcRuntime runtime = await StartRuntimeAsync(ShortMatch);
        (PeerProcess server, IPEndPoint at) = await ServeAsync("serve", "echo", FolderArgument);
        await server.StopAsync();
        await using SmcStream stream = await runtime.ConnectAsync(at).Guard();
        Assert.Equal((SmcMode.Tcp, SmcReason.MatchTimeout), (stream.Mode, stream.FallbackReason));
        byte[] proposal = ScriptedClient.ProposalOf(SmcGid.NewRandom());
        await stream.WriteAsync(proposal);   // the application's own, as it happens
        await server.SignalAsync("CONT");
        byte[] back = new byte[proposal.Length];
        await stream.ReadExactlyAsync(back).Guard();
        Assert.Equal(proposal, back);
        await Exchange.EchoAsync(stream, Bytes, seed);
        Assert.StartsWith("open Tcp", await server.LineAsync("open"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_stopped_past_the_servers_deadline_fails_and_the_next_goes_on()
    {
        (PeerProcess server, IPEndPoint at) = await ServeAsync("serve", "echo", FolderArgument, $"hocon={ShortDeadline}");
        PeerProcess client = await ReadyAsync("connect", "source", FolderArgument, $"at={at}", $"bytes={Bytes}");
        await server.StopAsync();
        await client.TellAsync("connect");
        await Eventually.EqualAsync(1, () => TcpTable.EstablishedTo(at), "connections");
        await client.StopAsync();
        await server.SignalAsync("CONT");
        await Eventually.EqualAsync(0, () => TcpTable.EstablishedTo(at), "connections that the server has not reset");
        await client.SignalAsync("CONT");
        Assert.Equal("refused ConnectionReset", await client.LineAsync("refused"));
        await NextAsync(server, client, others: 0);
    }

    [Fact]
    public async Task A_client_stopped_after_its_Proposal_past_the_servers_deadline_fails_and_the_next_goes_on()
    {
        (PeerProcess server, IPEndPoint at) = await ServeAsync("serve", "echo", FolderArgument, $"hocon={ShortDeadline}\n{OneDmb}");
        PeerProcess client = await ReadyAsync("connect", "source", FolderArgument, $"at={at}", $"bytes={Bytes}");
        await MatchAndStopAsync(server, client, at);
        await client.SignalAsync("CONT");
        await Eventually.TrueAsync(() => TcpTable.UnreadAt(at) > 0 || TcpTable.EstablishedTo(at) == 0, "the Proposal, or the deadline of a slow machine");
        await client.StopAsync();
        await server.SignalAsync("CONT");
        await Eventually.EqualAsync(0, () => TcpTable.EstablishedTo(at), "connections that the server has not reset");
        await client.SignalAsync("CONT");
        Assert.Equal("refused ConnectionReset", await client.LineAsync("refused"));
        await NextAsync(server, client, others: 1);
    }

    [Fact]
    public async Task A_server_stopped_past_the_clients_deadline_keeps_nothing_and_gives_no_Proposal_to_its_application()
    {
        (PeerProcess server, IPEndPoint at) = await ServeAsync("serve", "echo", FolderArgument, $"hocon={OneDmb}");
        PeerProcess client = await ReadyAsync("connect", "source", FolderArgument, $"at={at}", $"bytes={Bytes}", $"hocon={ShortDeadline}");
        await MatchAndStopAsync(server, client, at);
        await client.SignalAsync("CONT");
        Assert.Equal("refused TimedOut", await client.LineAsync("refused"));
        await server.SignalAsync("CONT");
        await NextAsync(server, client, others: 1);
    }

    /// <summary>Has the server match a client that is stopped, and stops the server too.</summary>
    private async Task MatchAndStopAsync(PeerProcess server, PeerProcess client, IPEndPoint at)
    {
        await server.StopAsync();
        await client.TellAsync("connect");
        await Eventually.EqualAsync(1, () => TcpTable.EstablishedTo(at), "connections");
        using var behind = new ScriptedClient(Folder, at);
        behind.Announce();
        await behind.ConnectAsync();
        await client.StopAsync();
        await server.SignalAsync("CONT");
        await behind.MatchedAsync();   // and so is the one before it
        await server.StopAsync();
        behind.Cancel();
        behind.Socket.Dispose();
    }

    /// <summary>The client gets through to shared memory at last, for which the server's only DMB must have come back; and of all that the
    /// server has handed to its application none is the failed attempt.</summary>
    /// <param name="server">Says what it opens.</param>
    /// <param name="client">Connects again.</param>
    /// <param name="others">Connections that the server has opened for others.</param>
    private static async Task NextAsync(PeerProcess server, PeerProcess client, int others)
    {
        int expected = others;
        await Eventually.TrueAsync(
            async () =>
            {
                await client.TellAsync("connect");
                string line = await client.LineAsync("open ", "refused ");
                if (line.StartsWith("refused", StringComparison.Ordinal)) return false;
                string end = await client.LineAsync("done ", "failed ");
                if (end.StartsWith("failed", StringComparison.Ordinal)) return false;   // the short deadline again, on a slow machine
                Assert.StartsWith($"done {Bytes} ", end, StringComparison.Ordinal);
                expected++;
                return line == Shared;
            },
            "shared memory");

        int opened = 1;
        while (await server.LineAsync("open") != Shared) opened++;
        Assert.Equal(expected, opened);
    }
}
