using System.Text.Json.Nodes;
using Actors.Tests.Harness;
using Smc.Actors;
using Smc.Actors.Inspection;
using Smc.Actors.Inspection.Commands;
using Smc.Actors.LinkGroups;
using Smc.Transport;
using Smc.Transport.Memory;
using Xunit.Abstractions;

namespace Actors.Tests.Inspection;

/// <summary>The histograms of <c>smc stats</c>: two runtimes whose DMBs differ, and writes of known sizes.</summary>
public sealed class SizeStatsTests(ITestOutputHelper output) : RendezvousTest
{
    private const int ServerDmb = 16 * 1024;
    private const int ClientDmb = 128 * 1024;
    private const string Mutable = "smc.inspection.allow-mutations = on\n";
    private const string OfServer = Mutable + "smc.buffers.size = 16KiB\n";
    private const string OfClient = "smc.buffers.size = 128KiB\n";

    private static readonly int[] Requests = [1, 100, 8_192, 8_193, 40_000, 1_048_576, 1_048_577];

    [Fact]
    public async Task Both_ends_count_requests_and_DMBs_by_size()
    {
        Pair pair = await StartPairAsync(OfServer, OfClient);
        await using Ends ends = await pair.ConnectAsync();
        await using Ends idle = await pair.ConnectAsync();
        foreach (int size in Requests) await SendAsync(ends, size);
        JsonObject server = await StatsAsync(pair.Server, until: row => Number(row, "bytesReceived") == Requests.Sum());
        JsonObject client = await StatsAsync(pair.Client, until: row => Number(row, "writes") == Requests.Length);

        SizeHistogram wanted = Requests.Aggregate(default(SizeHistogram), (sum, size) => sum.Plus(size, 1));
        Assert.Equal((wanted, default), (Sizes(client, "writeSizes"), Sizes(client, "readSizes")));
        SizeHistogram reads = Sizes(server, "readSizes");
        Assert.Equal((Number(server, "reads"), default), (reads.Total, Sizes(server, "writeSizes")));
        Assert.InRange(reads[0], 3, long.MaxValue);
        Assert.Equal(reads.Total, reads[0] + reads[1]);   // no read gets more than the DMB of 16 KiB holds

        SizeHistogram small = default(SizeHistogram).Plus(ServerDmb, 2), large = default(SizeHistogram).Plus(ClientDmb, 2);
        Assert.Equal((small, large), (Sizes(server, "dmbSizes"), Sizes(server, "peerDmbSizes")));
        Assert.Equal((large, small), (Sizes(client, "dmbSizes"), Sizes(client, "peerDmbSizes")));
        Assert.Equal((2 * ServerDmb, 2 * ClientDmb), (Number(server, "dmbBytesInUse"), Number(server, "peerDmbBytesInUse")));
        Assert.Equal((2 * ClientDmb, 2 * ServerDmb), (Number(client, "dmbBytesInUse"), Number(client, "peerDmbBytesInUse")));
        Assert.Equal((2, 0, 0), (Number(server, "dmbAllocations"), Number(server, "dmbReuses"), Number(server, "dmbDowngrades")));

        string text = (await pair.Client.InspectAsync("stats -d")).ToText(80);
        Assert.Contains("  Bufs        0       0       0       0       2       0       0       0\n", text, StringComparison.Ordinal);   // RX
        Assert.Contains("  Bufs        0       2       0       0       0       0       0       0\n", text, StringComparison.Ordinal);   // TX
        Assert.Contains("  Reqs        3       1       0       1       0       0       0       2\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_closed_connections_and_ended_groups_have_counted_stays_and_a_reset_begins_anew()
    {
        const string ShortDelay = "smc.link-group.idle-delay = 200ms\n";
        Pair pair = await StartPairAsync(OfServer + ShortDelay, OfClient + ShortDelay);
        await using (Ends first = await pair.ConnectAsync()) await SendAsync(first, 20_000);
        await Eventually.TrueAsync(async () => !await pair.Server.HasGroupAsync() && !await pair.Client.HasGroupAsync(), "both ends have given the group up");
        SizeHistogram once = default(SizeHistogram).Plus(ClientDmb, 1);
        JsonObject server = await StatsAsync(pair.Server, until: row => Number(row, "open") == 0 && Number(row, "dmbBytesInUse") == 0);
        long reads = Number(server, "reads");
        Assert.Equal((once, 0, 0), (Sizes(server, "peerDmbSizes"), Number(server, "peerDmbBytesInUse"), Number(server, "dmbBytesInUse")));
        Assert.Equal(reads, Sizes(server, "readSizes").Total);

        Assert.False((await pair.Server.InspectAsync("stats-reset")).IsError);
        server = await StatsAsync(pair.Server);
        foreach (string sizes in (string[])["readSizes", "writeSizes", "dmbSizes", "peerDmbSizes"]) Assert.Equal(default, Sizes(server, sizes));
        await using Ends second = await pair.ConnectAsync();
        await SendAsync(second, 10);
        server = await StatsAsync(pair.Server, until: row => Number(row, "reads") == 1);
        Assert.Equal((1, 1, once), (Sizes(server, "readSizes")[0], Sizes(server, "readSizes").Total, Sizes(server, "peerDmbSizes")));
        Assert.Equal((ServerDmb, ClientDmb), (Number(server, "dmbBytesInUse"), Number(server, "peerDmbBytesInUse")));
        server = await StatsAsync(pair.Server, "-a", row => Number(row, "reads") == reads + 1);
        Assert.Equal((reads + 1, once.Plus(once)), (Sizes(server, "readSizes").Total, Sizes(server, "peerDmbSizes")));
    }

    [Fact]
    public async Task A_DMB_that_was_used_before_is_a_reuse_and_TCP_has_none()
    {
        Pair pair = await StartPairAsync(OfServer + "smc.buffers.max-dmbs = 1", OfClient);
        await (await pair.ConnectAsync()).DisposeAsync();
        await pair.DmbsAsync(0);
        await using Ends again = await pair.ConnectAsync();
        await using Ends fallen = await pair.ConnectAsync();
        Assert.Equal(SmcMode.Tcp, fallen.Client.Mode);
        await SendAsync(fallen, 10_000);
        JsonObject server = await StatsAsync(pair.Server, until: row => Number(row, "dmbBytesInUse") == ServerDmb);
        JsonObject tcp = await StatsAsync(pair.Client, "-t tcp", row => Number(row, "writes") == 1);
        Assert.Equal((1, 1), (Number(server, "dmbAllocations"), Number(server, "dmbReuses")));
        Assert.Equal((1, 1), (Sizes(tcp, "writeSizes")[1], Sizes(tcp, "writeSizes").Total));
        foreach (string none in (string[])["dmbSizes", "peerDmbSizes", "dmbBytesInUse", "peerDmbBytesInUse", "dmbAllocations", "dmbReuses", "dmbDowngrades"])
        {
            Assert.True(tcp.ContainsKey(none), none);
            Assert.Null(tcp[none]);
        }
    }

    [Fact]
    public async Task No_sum_of_sizes_ever_goes_back_while_connections_come_and_go()
    {
        int seed = Seed.Take(output);
        Pair pair = await StartPairAsync(OfServer, OfClient);
        Task busy = ComeAndGoAsync(pair, seed);
        SizeHistogram before = default;
        while (!busy.IsCompleted)
        {
            SizeHistogram now = pair.Client.Connections.Sum()[SmcMode.SmcD].WriteSizes;
            for (int bucket = 0; bucket < SizeHistogram.Buckets; bucket++) Assert.InRange(now[bucket], before[bucket], long.MaxValue);
            before = now;
        }

        await busy;
        Assert.Equal(100, pair.Client.Connections.Sum()[SmcMode.SmcD].WriteSizes.Total);
    }

    [Fact]
    public void Counted_DMBs_of_a_peer_stay_counted_when_they_are_let_go()
    {
        var counters = new PeerDmbCounters();
        SizeClass small = SizeClass.ForSmcd(ServerDmb), largest = SizeClass.ForSmcd(1024 * 1024);
        counters.Attach(small);
        counters.Attach(largest);
        counters.Attach(small);
        counters.Detach(largest);
        SizeHistogram attached = default(SizeHistogram).Plus(ServerDmb, 2).Plus(1024 * 1024, 1);
        Assert.Equal((attached, 2 * ServerDmb), (counters.Sizes, counters.BytesInUse));
        counters.DetachAll();
        Assert.Equal((attached, 0), (counters.Sizes, counters.BytesInUse));

        var report = new BufferReport([new BufferClassReport(ServerDmb) { Dmbs = 8, InUse = 3, Rents = 5, Reuses = 2 }], 1, 0) { PeerSizes = attached, PeerBytesInUse = 7 };
        BufferReport sum = BufferReport.Sum([report, report.History()]);
        Assert.Equal((attached.Plus(attached), 7), (sum.PeerSizes, sum.PeerBytesInUse));
        Assert.Equal((default(SizeHistogram).Plus(ServerDmb, 10), 3 * ServerDmb, 6, 4), (sum.Sizes, sum.BytesInUse, sum.Allocations, sum.Reuses));
    }

    [Theory]
    [InlineData(0, "0")]
    [InlineData(999, "999")]
    [InlineData(1_000, "1.000K")]
    [InlineData(65_536, "65.54K")]
    [InlineData(1_048_576, "1.049M")]
    [InlineData(9_999_500, "10.00M")]
    [InlineData(97_999_000, "98.00M")]
    [InlineData(999_949_999, "999.9M")]
    [InlineData(999_950_000, "1.000G")]
    [InlineData(long.MaxValue, "9.223E")]
    public void A_large_number_is_shortened_to_six_characters(long number, string text) => Assert.Equal(text, SizeStats.Shorten(number));

    private static async Task SendAsync(Ends ends, int size)
    {
        Task write = ends.Client.WriteAsync(new byte[size]).AsTask();
        await ends.Server.ReadExactlyAsync(new byte[size]).AsTask().Guard();
        await write.Guard();
    }

    private static async Task ComeAndGoAsync(Pair pair, int seed)
    {
        var random = new Random(seed);
        for (int i = 0; i < 50; i++)
        {
            await using Ends ends = await pair.ConnectAsync();
            await SendAsync(ends, random.Next(1, 2_000_000));
            await SendAsync(ends, random.Next(1, 20_000));
        }
    }

    /// <summary>The row of one mode, SMC-D's if no other is named, once it is as it is to be: a report may be one that was taken for another question a moment ago.</summary>
    private static async Task<JsonObject> StatsAsync(SmcRuntime runtime, string arguments = "", Func<JsonObject, bool>? until = null)
    {
        string command = arguments.Contains("-t", StringComparison.Ordinal) ? $"stats {arguments}" : $"stats -t smcd {arguments}".TrimEnd();
        JsonObject row = [];
        await Eventually.TrueAsync(
            async () =>
            {
                row = Assert.Single((await runtime.InspectAsync(command)).ToJson()["rows"]!.AsArray())!.AsObject();
                return until is null || until(row);
            },
            command);
        return row;
    }

    private static long Number(JsonObject row, string name) => row[name]!.GetValue<long>();

    private static SizeHistogram Sizes(JsonObject row, string name)
    {
        JsonObject sizes = row[name]!.AsObject();
        Assert.Equal(SizeHistogram.Buckets, sizes.Count);
        return sizes.Select((size, bucket) => (Count: size.Value!.GetValue<long>(), Bytes: SizeHistogram.LimitOf(bucket) ?? int.MaxValue))
            .Aggregate(default(SizeHistogram), (sum, size) => sum.Plus(size.Bytes, size.Count));
    }
}
