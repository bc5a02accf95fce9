using System.Numerics;

namespace Smc.Host.Bench;

/// <summary>
/// Counts of durations in log-linear buckets: exact below 64 ns, and within one part in 32 above. Recording allocates nothing.
/// Quantiles are the upper end of their bucket, so that they never flatter.
/// </summary>
internal sealed class LatencyHistogram
{
    private const int SubBits = 5;
    private const int SubCount = 1 << SubBits;
    private const int Octaves = 64 - SubBits;

    private readonly long[] _counts = new long[Octaves * SubCount];
    private long _min = long.MaxValue;

    public long Count { get; private set; }

    public long Min => Count == 0 ? 0 : _min;

    public long Max { get; private set; }

    /// <param name="nanoseconds">The duration; below zero counts as zero.</param>
    public void Record(long nanoseconds)
    {
        long value = Math.Max(0, nanoseconds);
        _counts[IndexOf(value)]++;
        Count++;
        if (value < _min) _min = value;
        if (value > Max) Max = value;
    }

    /// <summary>Takes over what another has counted.</summary>
    public void Add(LatencyHistogram other)
    {
        for (int i = 0; i < _counts.Length; i++) _counts[i] += other._counts[i];
        Count += other.Count;
        _min = Math.Min(_min, other._min);
        Max = Math.Max(Max, other.Max);
    }

    public void Clear()
    {
        Array.Clear(_counts);
        (Count, Max, _min) = (0, 0, long.MaxValue);
    }

    /// <summary>The value that <paramref name="share"/> (0 to 1) of all recorded values do not exceed; 0 if there are none.</summary>
    public long Quantile(double share)
    {
        long rank = Math.Clamp((long)Math.Ceiling(share * Count), 1, Math.Max(1, Count));
        for (int i = 0, n = _counts.Length; i < n; i++)
        {
            rank -= _counts[i];
            if (rank <= 0) return Math.Clamp(UpperEnd(i), Min, Max);
        }
        return 0;
    }

    /// <summary>Values below 2 × 32 have a bucket each; every further doubling has 32.</summary>
    internal static int IndexOf(long value)
    {
        if (value < 2 * SubCount) return (int)value;
        int octave = BitOperations.Log2((ulong)value) - SubBits;
        return octave * SubCount + (int)(value >> octave);
    }

    /// <summary>The largest value that <see cref="IndexOf"/> puts into the bucket.</summary>
    internal static long UpperEnd(int index)
    {
        if (index < 2 * SubCount) return index;
        int octave = index / SubCount - 1;
        long first = SubCount + (long)(index % SubCount);
        return ((first + 1) << octave) - 1;
    }
}
