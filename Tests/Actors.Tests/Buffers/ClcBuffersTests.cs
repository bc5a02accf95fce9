using Actors.Tests.Harness;
using Akka.Actor;
using Smc.Actors;
using Smc.Actors.Buffers;
using Smc.Actors.Inspection;
using Smc.Transport;

namespace Actors.Tests.Buffers;

/// <summary>The blocks of handshakes end with their runtime, however that ends.</summary>
public sealed class ClcBuffersTests : RendezvousTest
{
    [Fact]
    public void Nothing_is_idle_in_a_pool_that_has_ended_and_what_comes_back_late_does_no_harm()
    {
        var buffers = new ClcBuffers();
        (byte[] early, byte[] late) = (buffers.Take(), buffers.Take());
        buffers.Return(early);
        buffers.Dispose();
        buffers.Return(late);
        ClcBufferReport report = buffers.Report();
        Assert.Equal((1L, 0L, 1L), (report.InUse, report.Idle, report.Frees));
        Assert.Throws<ObjectDisposedException>(buffers.Take);
    }

    [Fact]
    public async Task They_end_with_a_runtime_that_is_disposed()
    {
        Pair pair = await StartPairAsync();
        await UseAsync(pair);
        await pair.Client.DisposeAsync().Guard();
        await pair.Server.DisposeAsync().Guard();
        foreach (SmcRuntime runtime in new[] { pair.Client, pair.Server })
        {
            ClcBufferReport report = runtime.Device.ClcBuffers.Report();
            Assert.Equal((0L, 0L, report.Allocations), (report.InUse, report.Idle, report.Frees));
        }
    }

    [Fact]
    public async Task They_end_with_the_actor_system_of_a_runtime()
    {
        ActorSystem system = ActorSystem.Create("host", $"smc.rendezvous.folder = \"{Folder}\"");
        SmcRuntime server = Own(SmcExtension.Get(system));
        await UseAsync(new Pair(server, await StartRuntimeAsync(), await server.ListenAsync(Loopback).Guard()));
        await system.Terminate().Guard();
        await Eventually.EqualAsync(0, () => server.Device.ClcBuffers.Report().Idle, "idle blocks");
    }

    /// <summary>A connection, after which blocks are idle at both ends.</summary>
    private static async Task UseAsync(Pair pair)
    {
        await using (Ends ends = await pair.ConnectAsync()) Assert.Equal(SmcMode.SmcD, ends.Client.Mode);
        Assert.NotEqual(0, pair.Client.Device.ClcBuffers.Report().Idle);
        Assert.NotEqual(0, pair.Server.Device.ClcBuffers.Report().Idle);
    }
}
