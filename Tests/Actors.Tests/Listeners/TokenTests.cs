using System.Net.Sockets;
using System.Text;
using Actors.Tests.Harness;
using Actors.Tests.Telemetry;
using Smc.Peer.Handshakes;
using Smc.Transport;
using Xunit.Abstractions;
using static Smc.Actors.Protocol.RuntimeEvents;

namespace Actors.Tests.Listeners;

/// <summary>Tokens that nobody may name: a guess, one that has been used, one of another connection. Each costs its handshake, is told and counted by
/// its name, and the third costs the control socket.</summary>
public sealed class TokenTests(ITestOutputHelper output) : RendezvousTest
{
    private const ulong Guess = 4711;
    private static readonly byte[] Hello = Encoding.ASCII.GetBytes("GET / HTTP/1.1\r\n\r\n");

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_token_counts_once_and_on_its_own_control_socket_only(bool replayed)
    {
        using var collected = new Collected();
        Pair pair = await StartPairAsync();
        var heard = new HeardEvents(pair.Server);
        using ScriptedClient owner = NewClient(pair);
        ValueTask<SmcStream> accepting = pair.Listener.AcceptAsync();
        await BeginAsync(owner);
        ulong token = await owner.OfferDmbAsync();
        await owner.MappedAsync();
        owner.Confirm(token);
        await using SmcStream stream = await accepting.Guard();
        using Socket first = owner.Socket;

        using ScriptedClient other = NewClient(pair);
        ScriptedClient thief = replayed ? owner : other;
        await BeginAsync(thief);
        await ConfirmInVainAsync(thief, token);
        await stream.WriteAsync(Hello);   // its rightful owner's connection goes on
        Assert.False(owner.Session.IsLost);
        await CountedAsync(pair, heard, collected, 1, thief);
    }

    [Fact]
    public async Task A_token_counts_in_the_handshake_that_it_was_registered_for_only()
    {
        using var collected = new Collected();
        Pair pair = await StartPairAsync();
        var heard = new HeardEvents(pair.Server);
        using ScriptedClient client = NewClient(pair);
        ValueTask<SmcStream> accepting = pair.Listener.AcceptAsync();
        await BeginAsync(client);
        ulong token = await client.OfferDmbAsync();
        await client.MappedAsync();
        byte[] confirm = client.ConfirmOf(token);
        using Socket first = client.Socket;
        await BeginAsync(client);   // another connection over the same control socket
        await ConfirmInVainAsync(client, token);
        Assert.False(client.Session.IsLost);
        await CountedAsync(pair, heard, collected, 1, client);

        await first.SendAsync(confirm);   // and there it still counts
        await using SmcStream stream = await accepting.Guard();
        Assert.Equal(SmcMode.SmcD, stream.Mode);
    }

    [Fact]
    public async Task A_Confirm_of_a_token_that_nobody_registered_is_reset_and_the_third_ends_the_control_socket()
    {
        const int Allowed = 3;
        using var collected = new Collected();
        Pair pair = await StartPairAsync();
        var heard = new HeardEvents(pair.Server);
        using ScriptedClient client = NewClient(pair);
        for (int i = 1; i <= Allowed; i++)
        {
            Assert.False(client.Session?.IsLost ?? false);
            await BeginAsync(client);
            await ConfirmInVainAsync(client, Guess);
            client.Socket.Dispose();
            await CountedAsync(pair, heard, collected, i, client);
        }

        await client.LostAsync();
        await pair.Server.DmbsAsync(0);
        await using Ends ends = await pair.ConnectAsync();
        Assert.Equal(SmcMode.SmcD, ends.Client.Mode);
        await Exchange.BothWaysAsync(ends, 10_000, Seed.Take(output));
    }

    private ScriptedClient NewClient(Pair pair) => new(Folder, pair.Listener.LocalEndPoint);

    private static async Task BeginAsync(ScriptedClient client)
    {
        await client.BeginAsync();
        client.Propose();
        await client.ReadAcceptAsync();
    }

    private static async Task ConfirmInVainAsync(ScriptedClient client, ulong token)
    {
        client.Confirm(token);
        SocketException broken = await Assert.ThrowsAsync<SocketException>(client.ReadClcAsync);
        Assert.Equal(SocketError.ConnectionReset, broken.SocketErrorCode);
    }

    /// <summary>So many wrong tokens of this peer are told and counted, and nothing else is.</summary>
    private static async Task CountedAsync(Pair pair, HeardEvents heard, Collected collected, int count, ScriptedClient by)
    {
        await Eventually.EqualAsync(count, () => heard.Of<RuleBroken>().Count, "rules that were told to be broken");
        Assert.All(
            heard.Of<RuleBroken>(),
            broken => Assert.Equal((RuleLayer.Token, "WrongToken", by.NameInEvents()), (broken.Layer, broken.Rule, broken.Peer)));
        await Eventually.EqualAsync($"smc.violation=token {count}", () => Points(pair, collected), "the metric");
        Assert.Empty(pair.Server.Connections.Violations);
        Assert.Empty(pair.Server.Connections.Breaches);
    }

    private static string Points(Pair pair, Collected collected) => string.Join(", ", collected.Points(pair.Server.TelemetryName)
        .Where(point => point.Name == "smc.peer.violations")
        .Select(point => $"{point.Tags} {point.Value}"));
}
