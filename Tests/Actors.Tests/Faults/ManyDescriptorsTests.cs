using System.Net;
using Actors.Tests.Harness;
using Smc.Transport;
using Xunit.Abstractions;

namespace Actors.Tests.Faults;

/// <summary>Another process sends more descriptors with a frame than there is room for: what the kernel cuts off, and what it does not, is closed,
/// and nothing is left of it.</summary>
[Collection(Alone.Name)]
public sealed class ManyDescriptorsTests(ITestOutputHelper output) : RendezvousTest
{
    private const int Bytes = 10_000;
    private const string RoomForOne = "descriptors 1";
    private const string Enough = "descriptors 50";

    /// <summary>One too many, as many as the buffer of a frame has room for, one that the kernel has to cut off, and as many as the kernel carries.</summary>
    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(253)]
    public async Task A_frame_with_more_than_one_ends_its_control_socket_and_leaves_none(int count)
    {
        Pair pair = await StartPairAsync();
        await (await pair.ConnectAsync()).DisposeAsync();   // what .NET keeps, it has from here on
        PeerProcess giver = await GiverAsync(count, pair.Listener.LocalEndPoint);
        ProcessResources before = ProcessResources.Count();
        await giver.TellAsync("attack");
        Assert.Equal("answered 0", await giver.LineAsync("answered "));
        Assert.Equal(1, pair.Server.Device.Rendezvous!.Counters.BadFrames);
        await before.ComeBackAsync();
        await using Ends ends = await pair.ConnectAsync();
        Assert.Equal(SmcMode.SmcD, ends.Server.Mode);
        await Exchange.BothWaysAsync(ends, Bytes, Seed.Take(output));
    }

    [Fact]
    public async Task One_that_is_no_memory_is_refused_and_the_control_socket_stays()
    {
        Pair pair = await StartPairAsync();
        await (await pair.ConnectAsync()).DisposeAsync();
        PeerProcess giver = await GiverAsync(1, pair.Listener.LocalEndPoint);
        ProcessResources before = ProcessResources.Count();
        await giver.TellAsync("attack");
        Assert.NotEqual("answered 0", await giver.LineAsync("answered "));
        Assert.Equal(0, pair.Server.Device.Rendezvous!.Counters.BadFrames);
        await before.ComeBackAsync();
    }

    /// <summary>The kernel hands out one of two, for which there is a number, and says that it has cut the other off.</summary>
    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    public async Task A_server_with_room_for_one_of_several_keeps_none_and_serves_on(int count)
    {
        (PeerProcess server, IPEndPoint at) = await PeerProcess.ListeningAsync(keepsItsThreads: true, "serve", "echo", FolderArgument);
        Own(server);
        await WarmUp.ServerAsync(server, at);
        await WarmUp.SharedServerAsync(server, at, await StartRuntimeAsync());
        PeerProcess giver = await GiverAsync(count, at);
        ProcessResources before = ProcessResources.Count(server);
        await server.ObeyedAsync(RoomForOne);
        await giver.TellAsync("attack");
        Assert.NotEqual("answered 0", await giver.LineAsync("answered "));   // an offer whose descriptor was lost on the way
        await before.ComeBackAsync();

        await server.ObeyedAsync(Enough);
        await using SmcStream stream = await (await StartRuntimeAsync()).ConnectAsync(at).Guard();
        Assert.Equal("open SmcD None", await server.LineAsync("open "));
        await Exchange.EchoAsync(stream, Bytes, Seed.Take(output));
    }

    /// <summary>A process that has opened a control socket, and waits for the word.</summary>
    private async Task<PeerProcess> GiverAsync(int count, IPEndPoint at)
    {
        PeerProcess giver = Own(PeerProcess.Start(keepsItsThreads: false, "giver", $"{count}", FolderArgument, $"at={at}"));
        await giver.LineAsync("greeted ");
        return giver;
    }
}
