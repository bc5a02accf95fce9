using Actors.Tests.Harness;
using Smc.Actors.Inspection;
using Smc.Actors.Protocol;
using Smc.Transport;
using Xunit.Abstractions;
using static Smc.Actors.Protocol.RuntimeEvents;

namespace Actors.Tests.Telemetry;

/// <summary>What a runtime tells on the event stream of its actor system.</summary>
public sealed class RuntimeEventsTests(ITestOutputHelper output) : RendezvousTest
{
    [Fact]
    public async Task A_connection_on_shared_memory_is_told_of_from_its_handshake_to_its_end()
    {
        Pair pair = await StartPairAsync();
        var atClient = new HeardEvents(pair.Client);
        var atServer = new HeardEvents(pair.Server);
        Ends ends = await pair.ConnectAsync();
        await Exchange.BothWaysAsync(ends, 1_000, Seed.Take(output));
        await ends.DisposeAsync();

        HandshakeEnded client = await atClient.FirstAsync<HandshakeEnded>();
        HandshakeEnded server = await atServer.FirstAsync<HandshakeEnded>();
        Assert.Equal((HandshakeOutcome.Smc, SmcMode.SmcD), (client.Outcome, client.Mode));
        Assert.Equal(HandshakeDecision.Complete(ConnectionRole.Client), client.Decision);
        Assert.Equal(HandshakeDecision.Complete(ConnectionRole.Server), server.Decision);
        Assert.Equal((pair.Listener.LocalEndPoint, client.Local), (client.Remote, server.Remote));
        List<string> said = Said(client);
        Assert.Equal(["< Matched", "> Connected"], said[1..3].Order(StringComparer.Ordinal));   // in either order
        Assert.Equal(["> Announce", "> Proposal", "< Accept", "> Confirm"], [said[0], .. said[3..]]);
        Assert.Equal(["< Announce", "> Matched", "< Proposal", "> Accept", "< Confirm"], Said(server));
        foreach (HandshakeEnded handshake in new[] { client, server })
        {
            Assert.Equal(handshake.Started + handshake.Duration, handshake.At);
            Assert.Equal(handshake.Messages.OrderBy(message => message.After), handshake.Messages);
            Assert.InRange(handshake.Messages[^1].After, TimeSpan.Zero, handshake.Duration);
        }

        ConnectionOpened opened = await atClient.FirstAsync<ConnectionOpened>();
        ConnectionClosed closed = await atClient.FirstAsync<ConnectionClosed>();
        LinkGroupOpened group = await atClient.FirstAsync<LinkGroupOpened>();
        Assert.Equal((opened.Id, SmcMode.SmcD, group.Group), (closed.Id, opened.Mode, opened.LinkGroup));
        Assert.Equal((ConnectionEnd.Closed, 1_000, 1_000), (closed.End, closed.BytesSent, closed.BytesReceived));
        Assert.Equal(ConnectionRole.Client, closed.Role);
        await pair.Client.DisposeAsync();
        await atServer.FirstAsync<LinkGroupClosed>();
    }

    [Fact]
    public async Task A_decline_is_told_with_the_step_the_end_that_decided_and_the_peers_own_reason()
    {
        Pair pair = await StartPairAsync("smc.buffers.max-dmbs = 1");
        var atClient = new HeardEvents(pair.Client);
        var atServer = new HeardEvents(pair.Server);
        await using Ends first = await pair.ConnectAsync();
        await using Ends second = await pair.ConnectAsync();

        Assert.Equal((SmcReason.PeerDeclined, SmcReason.MaxDmb), (second.Client.FallbackReason, second.Client.PeerReason));
        await Eventually.TrueAsync(() => atClient.Of<HandshakeEnded>().Count == 2 && atServer.Of<HandshakeEnded>().Count == 2, "both handshakes to be told");
        HandshakeEnded client = atClient.Of<HandshakeEnded>()[1];
        HandshakeEnded server = atServer.Of<HandshakeEnded>()[1];
        Assert.Equal(new HandshakeDecision(ConnectionRole.Client, HandshakeStep.Proposal, ConnectionRole.Server, SmcReason.PeerDeclined, SmcReason.MaxDmb), client.Decision);
        Assert.Equal(new HandshakeDecision(ConnectionRole.Server, HandshakeStep.Accept, ConnectionRole.Server, SmcReason.MaxDmb), server.Decision);
        Assert.Equal(HandshakeOutcome.Fallback, client.Outcome);
        Assert.Equal("< Decline", Said(client)[^1]);
        Assert.Equal("> Decline", Said(server)[^1]);

        ConnectionReport report = Assert.Single(await pair.Client.GetConnectionsAsync(), connection => connection.Mode == SmcMode.Tcp);
        Assert.Equal(client.Decision, report.Decision);
        string page = (await pair.Client.InspectAsync($"connection -i {report.Id}")).ToText(160);
        Assert.Contains("0x05000000/0x030d0000", page, StringComparison.Ordinal);
        Assert.Contains("MAX_DMB", page, StringComparison.Ordinal);
    }

    private static List<string> Said(HandshakeEnded handshake) =>
        [.. handshake.Messages.Select(message => $"{(message.IsSent ? '>' : '<')} {message.Kind}")];
}
