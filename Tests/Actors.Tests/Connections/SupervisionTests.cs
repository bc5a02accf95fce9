using System.Net.Sockets;
using Actors.Tests.Harness;
using Akka.Actor;
using Smc.Transport;
using Smc.Transport.Paths.Smcd.Rendezvous;
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
    public async Task A_buffer_pool_that_crashes_costs_no_connection_and_grows_on()
    {
        const int MoreThanOneSlab = 6;
        int seed = Seed.Take(output);
        Pair pair = await StartPairAsync("smc.buffers.size = 1MiB");
        List<Ends> open = [await pair.ConnectAsync()];
        pair.Server.TellAll("linkgroups/*/buffers", Kill.Instance);
        pair.Client.TellAll("linkgroups/*/buffers", Kill.Instance);
        while (open.Count < MoreThanOneSlab) open.Add(await pair.ConnectAsync());
        foreach (Ends ends in open)
        {
            Assert.Equal((SmcMode.SmcD, SmcMode.SmcD), (ends.Client.Mode, ends.Server.Mode));
            await Exchange.BothWaysAsync(ends, Bytes, ++seed);
            await ends.DisposeAsync();
        }

        await pair.DmbsAsync(0);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task A_device_that_crashes_is_started_again_and_its_listeners_are_found_and_accept_as_before(int crashes)
    {
        Pair pair = await StartPairAsync();
        Ends victim = await pair.ConnectAsync();
        for (int i = 0; i < crashes; i++)
        {
            HostRendezvous? before = pair.Server.Device.Rendezvous;
            pair.Server.TellAll("loopback-ism", Kill.Instance);
            await Eventually.TrueAsync(() => pair.Server.Device.Rendezvous is { } now && now != before && IsPublished(pair, now), "the listener is published again");
            await ConnectPlainAsync(pair.Listener);
        }

        Assert.Equal(SocketError.ConnectionReset, (await Exchange.ReadToBreakAsync(victim.Client)).Error);
        await victim.DisposeAsync();
        await using Ends later = await pair.ConnectAsync();
        Assert.Equal(SmcMode.SmcD, later.Server.Mode);
        await Exchange.BothWaysAsync(later, Bytes, Seed.Take(output));
    }

    [Fact]
    public async Task A_device_that_ends_leaves_its_listeners_on_TCP()
    {
        Pair pair = await StartPairAsync();
        await pair.Server.StopAsync("loopback-ism");
        await using Ends ends = await pair.ConnectAsync();
        Assert.Equal((SmcMode.Tcp, SmcReason.NoSmcdDevice), (ends.Server.Mode, ends.Server.FallbackReason));
    }

    [Fact]
    public async Task A_directory_that_crashes_is_started_again()
    {
        Pair pair = await StartPairAsync();
        pair.Client.TellAll("directory", Kill.Instance);
        await using Ends ends = await pair.ConnectAsync();
        Assert.Equal(SmcMode.SmcD, ends.Client.Mode);
    }

    private static bool IsPublished(Pair pair, HostRendezvous by) =>
        pair.Client.Device.Rendezvous!.Find(pair.Listener.LocalEndPoint).Any(entry => entry.Gid == by.Gid);

    private static async Task ConnectPlainAsync(ISmcListener listener)
    {
        using var client = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await client.ConnectAsync(listener.LocalEndPoint);
        await using SmcStream stream = await listener.AcceptAsync().Guard();
        Assert.Equal(SmcMode.Tcp, stream.Mode);
    }
}
