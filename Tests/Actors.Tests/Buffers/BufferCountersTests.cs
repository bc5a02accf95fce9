using Smc.Actors.Buffers;
using Smc.Actors.Inspection;

namespace Actors.Tests.Buffers;

public sealed class BufferCountersTests
{
    [Fact]
    public void Numbers_that_are_read_while_their_pool_writes_them_are_never_below_zero()
    {
        var counters = new BufferCounters.OfClass(64 * 1024) { Slabs = 1, Dmbs = 1, InUse = 1, Retired = 1, EverUsed = 1, Rents = 0 };
        BufferClassReport report = counters.Report();
        Assert.Equal((0, 0), (report.Idle, report.Reuses));
    }
}
