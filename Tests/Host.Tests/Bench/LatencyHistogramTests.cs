using Smc.Host.Bench;

namespace Smc.Host.Tests.Bench;

public sealed class LatencyHistogramTests
{
    [Fact]
    public void Two_that_are_added_are_one_that_counted_all()
    {
        LatencyHistogram first = new(), second = new(), all = new();
        for (int i = 1; i <= 100_000; i *= 3)
        {
            first.Record(i);
            second.Record(7 * i);
            all.Record(i);
            all.Record(7 * i);
        }

        first.Add(second);
        Assert.Equal((all.Count, all.Min, all.Max), (first.Count, first.Min, first.Max));
        for (double share = 0; share <= 1; share += 0.05) Assert.Equal(all.Quantile(share), first.Quantile(share));
    }

    [Fact]
    public void Values_below_64_are_exact()
    {
        var histogram = new LatencyHistogram();
        for (int i = 0; i < 64; i++) histogram.Record(i);
        for (int i = 1; i <= 64; i++) Assert.Equal(i - 1, histogram.Quantile(i / 64.0));
    }

    [Theory]
    [InlineData(20261121)]
    [InlineData(7)]
    public void Quantiles_are_never_below_the_true_value_and_within_one_part_in_32_above(int seed)
    {
        var random = new Random(seed);
        var histogram = new LatencyHistogram();
        long[] values = [.. Enumerable.Range(0, 20_000).Select(_ => (long)Math.Exp(random.NextDouble() * 40))];
        foreach (long value in values) histogram.Record(value);
        Array.Sort(values);
        foreach (double share in (double[])[0.01, 0.5, 0.9, 0.99, 0.999, 1])
        {
            long exact = values[(int)Math.Ceiling(share * values.Length) - 1];
            Assert.True(histogram.Quantile(share) >= exact && histogram.Quantile(share) <= exact + exact / 32 + 1, $"seed={seed} share={share}");
        }
    }

    [Fact]
    public void Buckets_join_without_a_gap_up_to_the_largest_value()
    {
        for (int i = 0; i < LatencyHistogram.IndexOf(long.MaxValue); i++)
        {
            Assert.Equal(i, LatencyHistogram.IndexOf(LatencyHistogram.UpperEnd(i)));
            Assert.Equal(i + 1, LatencyHistogram.IndexOf(LatencyHistogram.UpperEnd(i) + 1));
        }
    }

    [Fact]
    public void Nothing_recorded_is_all_zeros()
    {
        var histogram = new LatencyHistogram();
        Assert.Equal((0, 0, 0, 0), (histogram.Count, histogram.Min, histogram.Max, histogram.Quantile(0.99)));
        histogram.Record(1000);
        histogram.Clear();
        Assert.Equal((0, 0, 0, 0), (histogram.Count, histogram.Min, histogram.Max, histogram.Quantile(0.99)));
    }

    [Fact]
    public void The_extremes_are_kept_exactly_and_a_negative_time_is_zero()
    {
        var histogram = new LatencyHistogram();
        histogram.Record(1_000_001);
        histogram.Record(-5);
        Assert.Equal((2, 0, 1_000_001, 1_000_001), (histogram.Count, histogram.Min, histogram.Max, histogram.Quantile(1)));
    }

    [Fact]
    public void Recording_allocates_nothing()
    {
        var histogram = new LatencyHistogram();
        histogram.Record(1);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 10_000; i++) histogram.Record(i * 37);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
