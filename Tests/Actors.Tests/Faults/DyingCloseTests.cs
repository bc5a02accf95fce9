using System.Net.Sockets;
using Actors.Tests.Harness;
using Smc.Peer;
using Xunit.Abstractions;

namespace Actors.Tests.Faults;

/// <summary>A client process is killed on its way from the last flag that it shows to the last message that it owes.</summary>
[Collection(Alone.Name)]
public sealed class DyingCloseTests(ITestOutputHelper output) : RendezvousTest
{
    private const string Quarantined = "quarantined";

    [Fact]
    public async Task One_that_dies_between_the_end_of_both_directions_and_that_of_the_TCP_connection_leaves_the_end_of_the_stream()
    {
        Pair pair = await StartPairAsync();
        ProcessResources before = await ProcessResources.CountAsync(pair);
        HostilePair dying = await OpenAsync(pair, "dies-before-the-TCP-shutdown");
        await dying.Peer.TellAsync("attack");
        (byte[] bytes, SocketError error) = await Exchange.ReadToBreakAsync(dying.Stream);
        Assert.Equal(SocketError.Success, error);
        Assert.Equal(SeededBytes.Take(HostilePair.Honest, dying.PeerSeed), bytes);
        dying.Stream.ShutdownWrite();
        await dying.Peer.EndedAsync();
        await Eventually.EqualAsync(
            1, async () => (await pair.Server.RowsAsync("linkgroups")).Count(group => $"{group!["state"]}" == "ENDING"), "link groups of the dead");
        Assert.Equal(([], SocketError.Success), await Exchange.ReadToBreakAsync(dying.Stream));
        await dying.EndAsync();
        await pair.DmbsAsync(0);
        await before.ComeBackAsync();
    }

    [Fact]
    public async Task One_that_has_closed_and_dies_before_it_detaches_leaves_the_end_of_the_stream_and_its_buffer_comes_back()
    {
        Pair pair = await StartPairAsync();
        ProcessResources before = await ProcessResources.CountAsync(pair);
        HostilePair dying = await OpenAsync(pair, "closes-and-does-not-detach");
        await dying.Peer.TellAsync("attack");
        (byte[] bytes, SocketError error) = await Exchange.ReadToBreakAsync(dying.Stream);
        Assert.Equal((HostilePair.Honest, SocketError.Success), (bytes.Length, error));
        await dying.Stream.DisposeAsync();
        await Eventually.EqualAsync(1L, () => pair.Server.SumAsync("linkgroups", Quarantined), "DMBs that the peer has not let go of");

        await dying.Peer.TellAsync("die");
        await dying.Peer.EndedAsync();
        await Eventually.EqualAsync(0L, () => pair.Server.SumAsync("linkgroups", Quarantined), "DMBs of the dead");
        await dying.EndAsync();
        await pair.DmbsAsync(0);
        await before.ComeBackAsync();
    }

    private Task<HostilePair> OpenAsync(Pair pair, string step) =>
        HostilePair.OpenAsync(pair, args => ReadyAsync([.. args, FolderArgument]), step, Seed.Take(output));
}
