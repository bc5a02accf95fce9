using Smc.Transport.Tests.Wire;

namespace Smc.Transport.Tests.Streams;

public sealed class SizeHistogramTests
{
    private const int Kib = 1024;

    [Theory]
    [InlineData(1, 0)]
    [InlineData(8 * Kib, 0)]
    [InlineData((8 * Kib) + 1, 1)]
    [InlineData(16 * Kib, 1)]
    [InlineData((16 * Kib) + 1, 2)]
    [InlineData(32 * Kib, 2)]
    [InlineData(64 * Kib, 3)]
    [InlineData(128 * Kib, 4)]
    [InlineData(256 * Kib, 5)]
    [InlineData(512 * Kib, 6)]
    [InlineData((512 * Kib) + 1, 7)]
    [InlineData(1024 * Kib, 7)]
    [InlineData((1024 * Kib) + 1, 8)]
    [InlineData(int.MaxValue, 8)]
    public void A_size_is_counted_in_the_bucket_whose_limit_it_does_not_pass(int bytes, int bucket)
    {
        SizeHistogram histogram = default;
        histogram.Add(bytes);
        Assert.Equal((1, 1), (histogram[bucket], histogram.Total));
        Assert.Equal(default(SizeHistogram).Plus(bytes, 1), histogram);
    }

    [Fact]
    public void A_size_of_nothing_is_not_counted()
    {
        SizeHistogram histogram = default;
        histogram.Add(0);
        Assert.Equal(default, histogram);
    }

    [Fact]
    public void The_bucket_is_the_length_in_bits_of_the_size_less_one_in_8_KiB_and_8_at_most() =>
        Laws.Hold<int>(any =>
        {
            int bytes = Math.Max(any & int.MaxValue, 1);
            int nearLimits = (int)(1 + ((long)bytes * 5_000 % (3 * Kib * Kib)));
            return Holds(bytes) && Holds(nearLimits);

            static bool Holds(int bytes)
            {
                int bits = 0;
                for (int rest = (bytes - 1) >> 13; rest != 0; rest >>= 1) bits++;
                int bucket = SizeHistogram.BucketOf(bytes);
                bool isWithin = bytes <= (SizeHistogram.LimitOf(bucket) ?? int.MaxValue) && (bucket == 0 || bytes > SizeHistogram.LimitOf(bucket - 1));
                return isWithin && bucket == Math.Min(bits, 8);
            }
        });

    [Fact]
    public void Limits_double_from_8_KiB_and_the_last_bucket_has_none()
    {
        Assert.Equal(
            [8, 16, 32, 64, 128, 256, 512, 1024, null], Enumerable.Range(0, SizeHistogram.Buckets).Select(bucket => SizeHistogram.LimitOf(bucket) / Kib));
        Assert.Throws<ArgumentOutOfRangeException>(() => SizeHistogram.LimitOf(9));
        Assert.Throws<ArgumentOutOfRangeException>(() => SizeHistogram.LimitOf(-1));
        Assert.Throws<IndexOutOfRangeException>(() => default(SizeHistogram)[9]);
        Assert.Throws<ArgumentOutOfRangeException>(() => default(SizeHistogram).Plus(0, 1));
    }

    [Fact]
    public void What_is_added_can_be_taken_away_again() =>
        Laws.Hold<(int[] First, int[] Second)>(sizes =>
        {
            SizeHistogram first = Of(sizes.First), second = Of(sizes.Second);
            SizeHistogram sum = first.Plus(second);
            return sum.Minus(first) == second && sum == Of([.. sizes.First, .. sizes.Second]) && sum.Total == sizes.First.Length + sizes.Second.Length;
        });

    [Fact]
    public void Histograms_are_equal_where_every_bucket_is()
    {
        SizeHistogram one = Of([1, 9_000, 2_000_000]), same = Of([2_000_000, 8_193, 8_192]), other = Of([1, 9_000]);
        Assert.True(one == same && one != other && one.Equals((object)same) && !one.Equals("1"));
        Assert.Equal(one.GetHashCode(), same.GetHashCode());
        Assert.Equal("1 1 0 0 0 0 0 0 1", one.ToString());
        Assert.Equal(new SmcStatistics { ReadSizes = one }, new SmcStatistics { ReadSizes = same });
        Assert.NotEqual(new SmcStatistics { WriteSizes = one }, new SmcStatistics { WriteSizes = other });
    }

    [Fact]
    public void Statistics_add_and_subtract_their_sizes()
    {
        var one = new SmcStatistics { ReadSizes = Of([1]), WriteSizes = Of([9_000, 9_000]) };
        var two = new SmcStatistics { ReadSizes = Of([2_000_000]), WriteSizes = Of([9_000]) };
        Assert.Equal(new SmcStatistics { ReadSizes = Of([1, 2_000_000]), WriteSizes = Of([9_000, 9_000, 9_000]) }, one.Plus(two));
        Assert.Equal(one, one.Plus(two).Minus(two));
    }

    private static SizeHistogram Of(int[] sizes)
    {
        SizeHistogram histogram = default;
        foreach (int size in sizes) histogram.Add(Math.Max(size & int.MaxValue, 1));
        return histogram;
    }
}
