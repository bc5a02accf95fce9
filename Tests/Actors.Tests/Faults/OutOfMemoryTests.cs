using System.Text.Json.Nodes;
using Actors.Tests.Harness;
using Smc.Actors;
using Smc.Actors.Buffers;
using Smc.Actors.Settings;
using Smc.Transport;
using Smc.Transport.Interop.Linux;
using Smc.Transport.Memory;
using Xunit.Abstractions;

namespace Actors.Tests.Faults;

/// <summary>There is no memory for a slab of any size at one end: a fallback that both ends name and count.</summary>
public sealed class OutOfMemoryTests(ITestOutputHelper output) : RendezvousTest
{
    private const int Bytes = 100_000;

    [Theory]
    [InlineData(true, SmcReason.PeerDeclined, SmcReason.OutOfMemory)]
    [InlineData(false, SmcReason.OutOfMemory, SmcReason.PeerDeclined)]
    public async Task A_connection_for_which_there_is_no_slab_is_TCP_and_counted_at_both_ends(bool atServer, SmcReason clientReason, SmcReason serverReason)
    {
        SmcRuntime server = await StartAsync(atServer), client = await StartAsync(!atServer);
        var pair = new Pair(server, client, Own(await server.ListenAsync(Loopback)));
        for (int i = 0; i < 2; i++)
        {
            await using Ends ends = await pair.ConnectAsync();
            Assert.Equal((SmcMode.Tcp, clientReason), (ends.Client.Mode, ends.Client.FallbackReason));
            Assert.Equal((SmcMode.Tcp, serverReason), (ends.Server.Mode, ends.Server.FallbackReason));
            await Exchange.BothWaysAsync(ends, Bytes, Seed.Take(output));
        }

        foreach ((SmcRuntime runtime, SmcReason reason) in new[] { (client, clientReason), (server, serverReason) })
        {
            Assert.Equal(2, runtime.Connections.Fallbacks[reason]);
            JsonNode row = Assert.Single((await ReportAsync(runtime, $"fallbacks -r {SmcReasons.ShortName(reason)}"))["rows"]!.AsArray())!;
            Assert.Equal(2, (long)row["count"]!);
            long lacking = reason == SmcReason.OutOfMemory ? 2 : 0;
            Assert.Equal((lacking, 0), ((long)(await ReportAsync(runtime, "buffers"))["refusals"]!, runtime.Device.DmbsInUse));
        }
    }

    private static async Task<JsonObject> ReportAsync(SmcRuntime runtime, string command) => (await runtime.InspectAsync(command).Guard()).ToJson();

    /// <param name="isWithout">It has no memory for slabs.</param>
    private async Task<SmcRuntime> StartAsync(bool isWithout)
    {
        DmbSlabMaker none = (uint _, SizeClass _, bool _, IMappingCount? _, out DmbSlab? slab, out FileDescriptor? descriptor) =>
        {
            (slab, descriptor) = (null, null);
            return MemoryError.OutOfMemory;
        };
        PropsFactory props = (actor, arguments) => SmcSupervisor.PropsOf(actor, [.. arguments.Select(one => one is DmbSlabMaker && isWithout ? none : one)]);
        return Own(await SmcRuntime.StartAsync(SmcSettings.Parse($"smc.rendezvous.folder = \"{Folder}\""), props));
    }
}
