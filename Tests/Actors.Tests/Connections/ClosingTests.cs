using System.Net.Sockets;
using Actors.Tests.Harness;
using Akka.Actor;
using Smc.Actors.Protocol;
using Smc.Peer;
using Smc.Transport;
using Smc.Transport.Rings;
using Xunit.Abstractions;

namespace Actors.Tests.Connections;

public sealed class ClosingTests(ITestOutputHelper output) : RendezvousTest
{
    private const int Bytes = 300_000;

    [Fact]
    public async Task A_half_closed_direction_ends_after_its_bytes_and_the_other_goes_on()
    {
        int seed = Seed.Take(output);
        Pair pair = await StartPairAsync();
        Ends ends = await pair.ConnectAsync();
        Task sending = Task.Run(async () =>
        {
            await Exchange.SendAsync(ends.Client, Bytes, seed);
            ends.Client.ShutdownWrite();
        });
        Assert.Equal(Exchange.Sha(SeededBytes.Take(Bytes, seed)), Exchange.Sha(await Exchange.ReadToEndAsync(ends.Server)));
        await sending;

        Task back = Exchange.SendAsync(ends.Server, Bytes, seed + 1);
        byte[] received = new byte[Bytes];
        await ends.Client.ReadExactlyAsync(received).Guard();
        await back;
        await ends.Server.DisposeAsync();
        Assert.Equal(0, await ends.Client.ReadAsync(new byte[1]).Guard());
        await ends.Client.DisposeAsync();
        await pair.DmbsAsync(0);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Either_end_may_close_first(bool clientFirst)
    {
        Pair pair = await StartPairAsync();
        Ends ends = await pair.ConnectAsync();
        (SmcStream first, SmcStream second) = clientFirst ? (ends.Client, ends.Server) : (ends.Server, ends.Client);
        await first.WriteAsync(new byte[] { 1, 2, 3 });
        await first.DisposeAsync();
        Assert.Equal([1, 2, 3], await Exchange.ReadToEndAsync(second));
        await second.DisposeAsync();
        await pair.DmbsAsync(0);
        Assert.Empty(await pair.Client.GetConnectionsAsync());
        Assert.Empty(await pair.Server.GetConnectionsAsync());
    }

    [Fact]
    public async Task Connections_whose_peers_break_a_rule_of_the_ring_are_counted_by_rule()
    {
        Pair pair = await StartPairAsync();
        await using Ends first = await pair.ConnectAsync();
        await using Ends second = await pair.ConnectAsync();
        foreach (IActorRef connection in await pair.Server.ConnectionActorsAsync(2))
            connection.Tell(new ConnectionProtocol.PathViolated(RingViolation.ConsumerOutsideRing));
        await Eventually.EqualAsync(2, () => pair.Server.Connections.Violations.GetValueOrDefault(RingViolation.ConsumerOutsideRing), "violations");
        Assert.Single(pair.Server.Connections.Violations);
        Assert.Empty(pair.Client.Connections.Violations);
    }

    [Fact]
    public async Task Both_ends_may_close_at_once()
    {
        Pair pair = await StartPairAsync();
        for (int i = 0; i < 200; i++)
        {
            Ends ends = await pair.ConnectAsync();
            await Task.WhenAll(Task.Run(ends.Client.Dispose), Task.Run(ends.Server.Dispose));
        }

        await pair.DmbsAsync(0);
    }

    [Fact]
    public async Task A_client_that_closes_at_once_leaves_nothing_behind()
    {
        Pair pair = await StartPairAsync();
        for (int i = 0; i < 200; i++)
        {
            ValueTask<SmcStream> accepting = pair.Listener.AcceptAsync();
            await (await pair.Client.ConnectAsync(pair.Listener.LocalEndPoint).Guard()).DisposeAsync();
            await using SmcStream server = await accepting.Guard();
            Assert.Equal(0, await server.ReadAsync(new byte[1]).Guard());
        }

        await pair.DmbsAsync(0);
    }

    [Fact]
    public async Task A_server_that_speaks_and_closes_at_once_is_heard()
    {
        Pair pair = await StartPairAsync();
        byte[] greeting = [.. "220 ready"u8];
        for (int i = 0; i < 200; i++)
        {
            Task<byte[]> reading = Task.Run(async () =>
            {
                await using SmcStream client = await pair.Client.ConnectAsync(pair.Listener.LocalEndPoint);
                return await Exchange.ReadToEndAsync(client);
            });
            await using (SmcStream server = await pair.Listener.AcceptAsync().Guard()) server.Write(greeting);
            Assert.Equal(greeting, await reading.Guard());
        }

        await pair.DmbsAsync(0);
    }

    [Fact]
    public async Task An_abort_resets_the_peer()
    {
        Pair pair = await StartPairAsync();
        Ends ends = await pair.ConnectAsync();
        ends.Client.Abort();
        Assert.Equal(SocketError.ConnectionReset, (await Exchange.ReadToBreakAsync(ends.Server)).Error);
        Assert.Equal(SocketError.ConnectionReset, await Exchange.WriteToBreakAsync(ends.Server));
        await ends.Server.DisposeAsync();
        await pair.DmbsAsync(0);
    }

    [Fact]
    public async Task Closing_with_unread_bytes_is_an_abort()
    {
        Pair pair = await StartPairAsync();
        Ends ends = await pair.ConnectAsync();
        await ends.Client.WriteAsync(new byte[1]);
        await ends.Server.DisposeAsync();
        Assert.Equal(SocketError.ConnectionReset, (await Exchange.ReadToBreakAsync(ends.Client)).Error);
        await ends.Client.DisposeAsync();
        await pair.DmbsAsync(0);
    }

    [Fact]
    public async Task A_runtime_that_ends_resets_the_peers_of_its_open_connections_and_its_own_users()
    {
        Pair pair = await StartPairAsync();
        Ends ends = await pair.ConnectAsync();
        Task<(byte[] Bytes, SocketError Error)> reading = Exchange.ReadToBreakAsync(ends.Client);
        Task<(byte[] Bytes, SocketError Error)> ownReading = Exchange.ReadToBreakAsync(ends.Server);
        await pair.Server.DisposeAsync();
        Assert.Equal(SocketError.ConnectionReset, (await reading).Error);
        Assert.Equal(SocketError.ConnectionReset, (await ownReading).Error);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => pair.Listener.AcceptAsync().AsTask());
        await Assert.ThrowsAsync<ObjectDisposedException>(() => pair.Server.ConnectAsync(pair.Listener.LocalEndPoint).AsTask());
        await ends.Client.DisposeAsync();
        await pair.Client.DmbsAsync(0);
    }

    [Fact]
    public async Task A_listener_that_ends_resets_those_who_wait_and_lets_others_go_on()
    {
        int seed = Seed.Take(output);
        Pair pair = await StartPairAsync();
        await using Ends ends = await pair.ConnectAsync();
        await using SmcStream waiting = await pair.Client.ConnectAsync(pair.Listener.LocalEndPoint).Guard();
        await pair.Listener.DisposeAsync();
        Assert.Equal(SocketError.ConnectionReset, (await Exchange.ReadToBreakAsync(waiting)).Error);
        await Exchange.BothWaysAsync(ends, Bytes, seed);

        // The port is free again, at once.
        Own(await pair.Server.ListenAsync(pair.Listener.LocalEndPoint));
    }
}
