using System.Net.Sockets;
using Actors.Tests.Harness;
using Akka.Actor;
using Smc.Transport;
using Xunit.Abstractions;

namespace Actors.Tests.Connections;

/// <summary>What survives when an actor crashes.</summary>
public sealed class SupervisionTests(ITestOutputHelper output) : RendezvousTest
{
    private const int Bytes = 100_000;

    [Fact]
    public async Task A_connection_that_crashes_is_reset_at_both_ends_and_its_neighbours_go_on()
    {
        const int Crashes = 5;   // more than the wrong tokens that a control socket takes
        int seed = Seed.Take(output);
        Pair pair = await StartPairAsync();
        await using Ends neighbour = await pair.ConnectAsync();
        var victims = new List<(Ends Ends, IActorRef Actor)>();
        for (int i = 0; i < Crashes; i++)
        {
            IReadOnlyCollection<IActorRef> before = await pair.Server.ConnectionActorsAsync(i + 1);
            Ends ends = await pair.ConnectAsync();
            victims.Add((ends, (await pair.Server.ConnectionActorsAsync(i + 2)).Except(before).Single()));
        }

        await using Ends other = await pair.ConnectAsync();

        foreach ((Ends victim, IActorRef actor) in victims)
        {
            actor.Tell(Kill.Instance);
            Assert.Equal(SocketError.ConnectionReset, (await Exchange.ReadToBreakAsync(victim.Server)).Error);
            Assert.Equal(SocketError.ConnectionReset, (await Exchange.ReadToBreakAsync(victim.Client)).Error);
            await victim.DisposeAsync();
        }

        await Exchange.BothWaysAsync(neighbour, Bytes, seed);
        await Exchange.BothWaysAsync(other, Bytes, seed + 1);
        await using Ends later = await pair.ConnectAsync();
        Assert.Equal(SmcMode.SmcD, later.Client.Mode);
        await Exchange.BothWaysAsync(later, Bytes, seed + 2);
    }

    [Fact]
    public async Task A_link_group_that_crashes_takes_its_connections_along_and_the_next_begins_another()
    {
        int seed = Seed.Take(output);
        Pair pair = await StartPairAsync();
        Ends victim = await pair.ConnectAsync();
        pair.Server.TellAll("linkgroups/*", Kill.Instance);
        Assert.Equal(SocketError.ConnectionReset, (await Exchange.ReadToBreakAsync(victim.Server)).Error);
        Assert.Equal(SocketError.ConnectionReset, (await Exchange.ReadToBreakAsync(victim.Client)).Error);
        await victim.DisposeAsync();
        await pair.DmbsAsync(0);

        await using Ends later = await pair.ConnectAsync();
        Assert.Equal(SmcMode.SmcD, later.Client.Mode);
        await Exchange.BothWaysAsync(later, Bytes, seed);
    }

    [Fact]
    public async Task A_buffer_pool_that_crashes_takes_its_group_along_and_no_handshake_waits_for_it()
    {
        Pair pair = await StartPairAsync();
        Ends victim = await pair.ConnectAsync();
        pair.Server.TellAll("linkgroups/*/buffers", Kill.Instance);
        Assert.Equal(SocketError.ConnectionReset, (await Exchange.ReadToBreakAsync(victim.Client)).Error);
        await victim.DisposeAsync();
        await using Ends later = await pair.ConnectAsync();
        Assert.Equal(SmcMode.SmcD, later.Client.Mode);
        await Exchange.BothWaysAsync(later, Bytes, Seed.Take(output));
    }

    [Fact]
    public async Task A_device_that_crashes_is_started_again_and_every_listener_goes_on_with_it()
    {
        Pair pair = await StartPairAsync();
        await using (Ends before = await pair.ConnectAsync()) Assert.Equal(SmcMode.SmcD, before.Client.Mode);
        pair.Server.TellAll("loopback-ism", Kill.Instance);
        await Eventually.TrueAsync(
            async () =>
            {
                await using Ends after = await pair.ConnectAsync();
                return after.Client.Mode == SmcMode.SmcD;
            },
            "shared memory again");
        using var plain = new TcpClient();
        ValueTask<SmcStream> accepting = pair.Listener.AcceptAsync();
        await plain.ConnectAsync(pair.Listener.LocalEndPoint).Guard();
        await using SmcStream accepted = await accepting.Guard();
        Assert.Equal(SmcMode.Tcp, accepted.Mode);
    }

    [Fact]
    public async Task A_directory_that_crashes_is_started_again()
    {
        Pair pair = await StartPairAsync();
        pair.Client.TellAll("directory", Kill.Instance);
        await using Ends ends = await pair.ConnectAsync();
        Assert.Equal(SmcMode.SmcD, ends.Client.Mode);
    }
}
