using Smc.Host.Bench;
using Smc.Host.Bench.Buffers;

namespace Smc.Host.Tests.Bench;

/// <summary>It looks at all DMBs of the process.</summary>
[Collection(Alone.Name)]
public sealed class IdleBytesTests
{
    private const int Buffer = 64 * 1024;

    [Fact]
    public async Task The_memory_of_what_has_closed_comes_back_and_that_of_what_is_open_stays()
    {
        IReadOnlyList<BenchRow> rows = await new IdleBytes(BenchPace.Smoke).RunAsync(CancellationToken.None);
        Assert.Equal(["opened", "used", "burst", "trimmed"], Of("ours").Select(row => row.Over["ours-".Length..]));
        Assert.Equal([20, 20, 2, 2], Of("ours").Select(row => row.Connections!.Value));
        Assert.InRange(Of("ours")[0].Median, 2 * 4096, 16 * 4096);
        Assert.Equal([2 * Buffer, 20 * Buffer, 2 * Buffer], Of("ours").Skip(1).Select(row => (int)row.Median));

        int slabs = 2 * 64 * Buffer;   // one at each end
        Assert.Equal([slabs / 20, slabs / 20, slabs / 2, slabs / 2], Of("prefaulted").Select(row => (int)row.Median));

        BenchRow[] Of(string contender) => [.. rows.Where(row => row.Over.StartsWith($"{contender}-", StringComparison.Ordinal))];
    }
}
