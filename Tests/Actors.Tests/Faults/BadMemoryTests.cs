using System.Net;
using Actors.Tests.Harness;
using Smc.Peer.Hostile;
using Smc.Transport;
using Smc.Transport.Memory;
using Smc.Transport.Paths.Smcd;
using Xunit.Abstractions;

namespace Actors.Tests.Faults;

/// <summary>
/// A process offers memory that is no sealed memory of the size it says, of every kind, one connection after the other. Each is refused before it is
/// mapped, the connection is TCP with that reason, everybody else goes on, and of the descriptors that came nothing is kept.
/// </summary>
[Collection(Alone.Name)]
public sealed class BadMemoryTests(ITestOutputHelper output) : RendezvousTest
{
    private static readonly byte[] Hello = "hello"u8.ToArray();

    [Fact]
    public Task A_server_declines_what_a_client_offers_as_slab() => OfferAsync("bad-memory", "slab", async (pair, peer, kind) =>
    {
        ValueTask<SmcStream> accepting = pair.Listener.AcceptAsync();
        await peer.TellAsync("connect");
        Assert.Equal($"refused {kind} {SmcReason.DescriptorRefused}", await peer.LineAsync("refused"));
        await using SmcStream stream = await accepting.Guard();
        Assert.Equal((SmcMode.Tcp, SmcReason.PeerDeclined, SmcReason.DescriptorRefused), (stream.Mode, stream.FallbackReason, stream.PeerReason));
        await stream.WriteAsync(Hello);
        await peer.LineAsync("detached");   // and so the server's DMB is free again
    });

    /// <summary>The next accepted connection is that of the neighbours' runtime: this one never becomes a stream.</summary>
    [Fact]
    public Task A_client_that_confirms_a_slab_which_was_refused_is_reset() => OfferAsync("bad-memory", "confirmed", async (pair, peer, kind) =>
    {
        await peer.TellAsync("connect");
        Assert.Equal($"refused {kind} {SmcReason.DescriptorRefused}", await peer.LineAsync("refused"));
        await peer.LineAsync("detached");
        await using Ends next = await pair.ConnectAsync();
        Assert.Equal(SmcMode.SmcD, next.Server.Mode);
    });

    [Theory]
    [InlineData("slab")]
    [InlineData("control")]
    public Task A_client_falls_back_from_what_a_server_offers(string what) => OfferAsync("bad-memory-serve", what, async (pair, peer, kind) =>
    {
        await peer.TellAsync("connect");
        var at = IPEndPoint.Parse((await peer.LineAsync("listening")).Split(' ')[1]);
        await using SmcStream stream = await pair.Client.ConnectAsync(at).Guard();
        Assert.Equal((SmcMode.Tcp, SmcReason.DescriptorRefused), (stream.Mode, stream.FallbackReason));
        Assert.Equal($"refused {kind} {SmcReason.DescriptorRefused}, declined {SmcReason.DescriptorRefused}", await peer.LineAsync("refused"));
    });

    /// <summary>Why a group need not remember its control region where it looks for memory that it knows: no slab has its size.</summary>
    [Fact]
    public void No_slab_has_the_size_of_a_control_region() => Assert.NotEqual(0, LinkGroupMemory.ControlBytes % SizeClass.SmallestBytes);

    private async Task OfferAsync(string role, string what, Func<Pair, PeerProcess, BadMemoryKind, Task> offer)
    {
        int seed = Seed.Take(output);
        Pair pair = await StartPairAsync();
        PeerProcess peer = await ReadyAsync(role, what, FolderArgument, $"at={pair.Listener.LocalEndPoint}");
        await using Ends neighbours = await pair.ConnectAsync();
        ProcessResources before = ProcessResources.Count();
        Task exchange = Exchange.BothWaysAsync(neighbours, 2_000_000, seed);
        foreach (BadMemoryKind kind in Enum.GetValues<BadMemoryKind>()) await offer(pair, peer, kind);
        await exchange;
        await peer.KillAsync();
        await before.ComeBackAsync();
        await pair.DmbsAsync(1);   // the neighbours'
        Assert.Empty(pair.Server.Connections.Violations);
        await using Ends next = await pair.ConnectAsync();
        Assert.Equal(SmcMode.SmcD, next.Client.Mode);
        await Exchange.BothWaysAsync(next, 10_000, seed + 1);
    }
}
