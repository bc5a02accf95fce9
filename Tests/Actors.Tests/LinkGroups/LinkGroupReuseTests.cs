using Actors.Tests.Harness;
using Smc.Actors;
using Smc.Actors.Inspection;
using Smc.Transport;
using Smc.Transport.Paths.Smcd;
using Xunit.Abstractions;

namespace Actors.Tests.LinkGroups;

public sealed class LinkGroupReuseTests(ITestOutputHelper output) : RendezvousTest
{
    private const int SmallBuffers = 16 * 1024;
    private const string Small = "smc.buffers.size = 16KiB";

    [Fact]
    public async Task Later_connections_of_a_pair_share_its_link_group()
    {
        Pair pair = await StartPairAsync();
        await using Ends first = await pair.ConnectAsync();
        await using Ends second = await pair.ConnectAsync();
        Assert.Single(await GroupsAsync(pair.Client));
        Assert.Equal(await GroupsAsync(pair.Client), await GroupsAsync(pair.Server));
    }

    [Fact]
    public async Task The_two_directions_of_connecting_have_a_link_group_each()
    {
        Pair pair = await StartPairAsync();
        await using ISmcListener back = await pair.Client.ListenAsync(Loopback);
        await using Ends there = await pair.ConnectAsync();
        await using Ends andBack = await new Pair(pair.Client, pair.Server, back).ConnectAsync();
        Assert.Equal(SmcMode.SmcD, andBack.Client.Mode);
        Assert.Equal(2, (await pair.Client.GetConnectionsAsync()).Count);
        Assert.Equal(4, pair.Client.Device.DmbsInUse + pair.Server.Device.DmbsInUse);
    }

    [Fact]
    public async Task A_group_holds_255_connections_and_the_256th_begins_another()
    {
        int seed = Seed.Take(output);
        Pair pair = await StartPairAsync(Small, Small);
        var open = new List<Ends>();
        for (int i = 0; i < LinkGroupMemory.MaxConnections; i++) open.Add(await pair.ConnectAsync());
        Assert.Single(await GroupsAsync(pair.Client));

        Ends oneMore = await pair.ConnectAsync();
        Assert.Equal(SmcMode.SmcD, oneMore.Client.Mode);
        Assert.Equal(2, (await GroupsAsync(pair.Client)).Count);
        Assert.Equal(2, (await GroupsAsync(pair.Server)).Count);

        // One in the middle ends: its slot, and no third group, serves the next but the room in the second.
        string full = await GroupOfAsync(pair.Client, open[0]);
        await open[100].DisposeAsync();
        await pair.DmbsAsync(LinkGroupMemory.MaxConnections);
        open[100] = await pair.ConnectAsync();
        Ends other = await pair.ConnectAsync();
        IReadOnlyList<ConnectionReport> reports = await pair.Client.GetConnectionsAsync();
        Assert.Equal(2, reports.Select(r => r.LinkGroup).Distinct().Count());
        Assert.InRange(reports.Count(r => r.LinkGroup == full), LinkGroupMemory.MaxConnections - 1, LinkGroupMemory.MaxConnections);

        foreach ((Ends ends, int i) in open.Append(oneMore).Append(other).Select((ends, i) => (ends, i))) await Exchange.BothWaysAsync(ends, SmallBuffers + i, seed + i);
        foreach (Ends ends in open.Append(oneMore).Append(other)) await ends.DisposeAsync();
        await pair.DmbsAsync(0);
    }

    [Fact]
    public async Task A_full_group_under_coming_and_going_declines_nobody()
    {
        int seed = Seed.Take(output);
        Pair pair = await StartPairAsync(Small, Small);
        var random = new Random(seed);
        var open = new List<Ends>();
        for (int i = 0; i < LinkGroupMemory.MaxConnections - 8; i++) open.Add(await pair.ConnectAsync());
        for (int round = 0; round < 20; round++)
        {
            // Ends and beginnings cross at the edge of the group.
            Task<Ends[]> opening = Task.WhenAll(Enumerable.Range(0, 16).Select(_ => pair.ConnectAsync()));
            for (int i = 0; i < 16; i++)
            {
                int victim = random.Next(open.Count);
                await open[victim].DisposeAsync();
                open.RemoveAt(victim);
            }

            open.AddRange(await opening.Guard());
            Assert.All(open, ends => Assert.Equal(SmcReason.None, ends.Client.FallbackReason));
        }

        foreach (Ends ends in open) await ends.DisposeAsync();
        await pair.DmbsAsync(0);
    }

    [Fact]
    public async Task A_group_without_connections_ends_after_its_delay_and_a_later_connection_begins_another()
    {
        const string ShortDelay = "smc.link-group.idle-delay = 200ms";
        Pair pair = await StartPairAsync(ShortDelay, ShortDelay);
        string first;
        await using (Ends ends = await pair.ConnectAsync()) first = await GroupOfAsync(pair.Client, ends);
        await Eventually.TrueAsync(async () => !await pair.Server.HasGroupAsync() && !await pair.Client.HasGroupAsync(), "both ends have given the group up");

        await using Ends later = await pair.ConnectAsync();
        Assert.Equal(SmcMode.SmcD, later.Client.Mode);
        Assert.NotEqual(first, await GroupOfAsync(pair.Client, later));
    }

    [Fact]
    public async Task Connections_that_come_just_when_the_group_ends_succeed()
    {
        const string ShortestDelay = "smc.link-group.idle-delay = 1ms";
        Pair pair = await StartPairAsync(ShortestDelay, ShortestDelay);
        for (int i = 0; i < 300; i++)
        {
            await using Ends ends = await pair.ConnectAsync();
            Assert.Equal((i, SmcReason.None), (i, ends.Client.FallbackReason));
        }

        await pair.DmbsAsync(0);
    }

    private static async Task<IReadOnlyList<string>> GroupsAsync(SmcRuntime runtime) =>
        [.. (await runtime.GetConnectionsAsync()).Select(r => r.LinkGroup).Distinct().Order()];

    private static async Task<string> GroupOfAsync(SmcRuntime runtime, Ends ends) =>
        (await runtime.GetConnectionsAsync()).Single(r => r.Local == ends.Client.LocalEndPoint.ToString()).LinkGroup;
}
