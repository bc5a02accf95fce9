using Actors.Tests.Harness;
using Smc.Transport;

namespace Actors.Tests.Settings;

/// <summary>What a server allows one link group, and one other process.</summary>
public sealed class LinkGroupLimitsTests : RendezvousTest
{
    private const int Connections = 16;
    private const int Groups = 2;

    [Fact]
    public async Task A_peer_gets_so_many_connections_a_group_and_so_many_groups_and_then_tcp()
    {
        Pair pair = await StartPairAsync($"smc.link-group {{ max-connections = {Connections}, max-per-peer = {Groups} }}");
        var open = new List<Ends>();
        for (int i = 0; i < Groups * Connections; i++) open.Add(await pair.ConnectAsync());
        Assert.All(open, ends => Assert.Equal(SmcMode.SmcD, ends.Client.Mode));
        Assert.Equal([Connections, Connections], (await pair.Server.GetConnectionsAsync()).CountBy(report => report.LinkGroup).Select(group => group.Value));

        await using (Ends beyond = await pair.ConnectAsync())
        {
            Assert.Equal((SmcMode.Tcp, SmcReason.LimitReached), (beyond.Server.Mode, beyond.Server.FallbackReason));
        }

        // Another process has its own share.
        await using (Ends other = await (pair with { Client = await StartRuntimeAsync() }).ConnectAsync()) Assert.Equal(SmcMode.SmcD, other.Client.Mode);

        await open[0].DisposeAsync();
        await pair.DmbsAsync((Groups * Connections) - 1);
        await using (Ends again = await pair.ConnectAsync()) Assert.Equal(SmcMode.SmcD, again.Client.Mode);
        foreach (Ends ends in open) await ends.DisposeAsync();
    }
}
