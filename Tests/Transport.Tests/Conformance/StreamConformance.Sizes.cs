namespace Smc.Transport.Tests.Conformance;

public abstract partial class StreamConformance<TFixture>
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_write_is_counted_by_what_was_asked_for_and_a_read_by_what_it_got(bool asynchronous)
    {
        int[] sizes = [1, 8_192, 8_193, 20_000, 100_000, 1_048_576, 1_048_577];
        byte[] buffer = new byte[4_000];
        SizeHistogram reads = default;
        foreach (int size in sizes)
        {
            Task write = asynchronous ? Client.WriteAsync(new byte[size]).AsTask() : HangGuard.OnThread(() => Client.Write(new byte[size]));
            for (int left = size; left > 0;)
            {
                int count = await Server.ReadAsync(buffer).Guarded();
                reads = reads.Plus(count, 1);
                left -= count;
            }

            await write.Guarded();
        }

        SizeHistogram writes = sizes.Aggregate(default(SizeHistogram), (sum, size) => sum.Plus(size, 1));
        Assert.Equal((writes, writes.Total), (Client.Statistics.WriteSizes, Client.Statistics.Writes));
        Assert.Equal((reads, reads.Total), (Server.Statistics.ReadSizes, Server.Statistics.Reads));
        Assert.Equal((default, default), (Client.Statistics.ReadSizes, Server.Statistics.WriteSizes));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task One_read_of_much_is_counted_by_its_result(bool asynchronous)
    {
        await Client.WriteAsync(new byte[12_000]).Guarded();
        byte[] all = new byte[12_000];
        await UntilReadable(Server);
        for (int had = 0; had < all.Length;) had += asynchronous ? await Server.ReadAsync(all.AsMemory(had)).Guarded() : await HangGuard.OnThread(() => Server.Read(all.AsSpan(had)));
        SizeHistogram reads = Server.Statistics.ReadSizes;
        Assert.InRange(reads[0] + reads[1], 1, 12_000);
        Assert.Equal(reads[0] + reads[1], reads.Total);   // TCP may have delivered it in parts
    }

    [Fact]
    public async Task Reads_and_writes_of_nothing_are_in_no_bucket()
    {
        Client.Write([]);
        await Client.WriteAsync(ReadOnlyMemory<byte>.Empty).Guarded();
        await Client.WriteAsync(new byte[1]).Guarded();
        await UntilReadable(Server);
        Assert.Equal(1, await Server.ReadAsync(new byte[10]).Guarded());
        Client.ShutdownWrite();
        Assert.Equal(0, await Server.ReadAsync(new byte[10]).Guarded());
        Assert.Equal((1, 1), (Client.Statistics.WriteSizes[0], Client.Statistics.WriteSizes.Total));
        Assert.Equal((1, 1), (Server.Statistics.ReadSizes[0], Server.Statistics.ReadSizes.Total));
    }

    [Fact]
    public async Task A_write_that_is_given_up_is_not_counted()
    {
        using var giveUp = new CancellationTokenSource();
        Task write = Client.WriteAsync(new byte[Flood], giveUp.Token).AsTask();
        await UntilReadable(Server);
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => write.Guarded());
        Assert.Equal((0, 0), (Client.Statistics.Writes, Client.Statistics.WriteSizes.Total));
    }

    [Fact]
    public async Task No_bucket_is_ever_seen_to_go_back()
    {
        const int Messages = 2_000;
        Task write = HangGuard.OnThread(() =>
        {
            for (int i = 0; i < Messages; i++) Client.Write(new byte[1 + (i * 37 % 40_000)]);
            Client.ShutdownWrite();
        });
        Task<byte[]> read = ReadToEnd(Server);
        SmcStatistics client = default, server = default;
        do
        {
            AssertNotBack(client.WriteSizes, client = Client.Statistics);
            AssertNotBack(server.ReadSizes, server = Server.Statistics);
        }
        while (!write.IsCompleted || !read.IsCompleted);
        await write;
        await read;
        Assert.Equal(Messages, Client.Statistics.WriteSizes.Total);

        static void AssertNotBack(SizeHistogram before, SmcStatistics now)
        {
            for (int bucket = 0; bucket < SizeHistogram.Buckets; bucket++)
                Assert.True(before[bucket] <= now.ReadSizes[bucket] + now.WriteSizes[bucket], $"Bucket {bucket} went from {before[bucket]} to {now.ReadSizes[bucket]}/{now.WriteSizes[bucket]}.");
        }
    }
}
