using Smc.Host.Bench;
using Smc.Host.Bench.Buffers;

namespace Smc.Host.Tests.Bench;

/// <summary>It looks at all DMBs of the process.</summary>
[Collection(Alone.Name)]
public sealed class IdleBytesTests
{
    [Fact]
    public async Task The_memory_of_what_has_closed_comes_back_and_that_of_what_is_open_stays()
    {
        IReadOnlyList<BenchRow> rows = await new IdleBytes(BenchPace.Smoke).RunAsync(CancellationToken.None);
        Assert.Equal(["ours-opened", "ours-used", "ours-burst", "ours-trimmed"], rows.Select(row => row.Over));
        Assert.Equal([20, 20, 2, 2], rows.Select(row => row.Connections!.Value));
        Assert.InRange(rows[0].Median, 2 * 4096, 16 * 4096);
        Assert.Equal([2 * 65_536, 20 * 65_536, 2 * 65_536], rows.Skip(1).Select(row => (int)row.Median));
    }
}
