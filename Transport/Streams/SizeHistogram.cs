using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Smc.Transport;

/// <summary>
/// Requests or buffers counted by their size, in the buckets of the kernel's statistics of SMC (TX_RMB_SIZE, RX_RMB_SIZE, TXPLOAD_SIZE and
/// RXPLOAD_SIZE of its SMC_GEN_NETLINK family), each for the sizes above the limit of the one before, in bytes.
/// <code>
/// bucket  0      1       2       3       4        5        6        7         8
/// up to   8 KiB  16 KiB  32 KiB  64 KiB  128 KiB  256 KiB  512 KiB  1024 KiB  any
/// </code>
/// A size of 0 is in none. One side counts, with plain increments; whoever else looks in takes a copy with <see cref="Read"/>.
/// </summary>
public struct SizeHistogram : IEquatable<SizeHistogram>
{
    /// <summary>How many buckets there are.</summary>
    public const int Buckets = 9;

    private const int Last = Buckets - 1;

    /// <summary>The limit of the first bucket is 1 &lt;&lt; 13 bytes.</summary>
    private const int FirstShift = 13;

    private Counts _counts;

    /// <summary>Everything that is counted.</summary>
    public readonly long Total
    {
        get
        {
            long total = 0;
            foreach (long count in _counts) total += count;
            return total;
        }
    }

    /// <summary>What one bucket has counted.</summary>
    /// <param name="bucket">0 to 8.</param>
    /// <exception cref="IndexOutOfRangeException">There is no such bucket.</exception>
    public readonly long this[int bucket] => _counts[bucket];

    /// <summary>Bucket by bucket.</summary>
    public static bool operator ==(in SizeHistogram left, in SizeHistogram right) => left.Equals(right);

    /// <summary>Bucket by bucket.</summary>
    public static bool operator !=(in SizeHistogram left, in SizeHistogram right) => !left.Equals(right);

    /// <summary>The largest size of a bucket, in bytes; null for the last, which has no limit.</summary>
    /// <param name="bucket">0 to 8.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such bucket.</exception>
    public static int? LimitOf(int bucket)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bucket);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bucket, Last);
        return bucket == Last ? null : 1 << (FirstShift + bucket);
    }

    /// <summary>The bucket of a size: the length of (<paramref name="bytes"/> - 1) &gt;&gt; 13 in bits, 8 at most, as the kernel has it.</summary>
    /// <param name="bytes">At least 1.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int BucketOf(int bytes)
    {
        // One bit less is shifted out: a number of n bits becomes one of n + 1, whose logarithm, rounded down, is n; and that of 0 or 1 is 0.
        int bucket = BitOperations.Log2((uint)(bytes - 1) >> (FirstShift - 1));
        return Math.Min(bucket, Last);
    }

    /// <summary>What has come since <paramref name="earlier"/>, bucket by bucket.</summary>
    public readonly SizeHistogram Minus(in SizeHistogram earlier)
    {
        SizeHistogram difference = default;
        for (int bucket = 0; bucket < Buckets; bucket++) difference._counts[bucket] = _counts[bucket] - earlier._counts[bucket];
        return difference;
    }

    /// <summary>The sum of both, bucket by bucket.</summary>
    public readonly SizeHistogram Plus(in SizeHistogram other)
    {
        SizeHistogram sum = default;
        for (int bucket = 0; bucket < Buckets; bucket++) sum._counts[bucket] = _counts[bucket] + other._counts[bucket];
        return sum;
    }

    /// <summary>With some more of one size.</summary>
    /// <param name="bytes">The size, at least 1.</param>
    /// <param name="count">How many.</param>
    public readonly SizeHistogram Plus(int bytes, long count)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bytes);
        SizeHistogram sum = this;
        sum._counts[BucketOf(bytes)] += count;
        return sum;
    }

    /// <inheritdoc />
    public readonly bool Equals(SizeHistogram other) => ((ReadOnlySpan<long>)_counts).SequenceEqual(other._counts);

    /// <inheritdoc />
    public override readonly bool Equals(object? obj) => obj is SizeHistogram other && Equals(other);

    /// <inheritdoc />
    public override readonly int GetHashCode()
    {
        var hash = new HashCode();
        hash.AddBytes(MemoryMarshal.AsBytes((ReadOnlySpan<long>)_counts));
        return hash.ToHashCode();
    }

    /// <inheritdoc />
    public override readonly string ToString() => string.Join(' ', ((ReadOnlySpan<long>)_counts).ToArray());

    /// <summary>Counts one, on the side that counts.</summary>
    /// <param name="bytes">Its size, at least 0.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Add(int bytes)
    {
        // Small requests are the ones that a counter costs something: one comparison, which takes 0 for a large number, and no bucket to be found.
        if ((uint)(bytes - 1) < 1 << FirstShift) _counts[0]++;
        else AddLarge(bytes);
    }

    /// <summary>What is counted now, for any thread: each bucket is read at once, so that none is ever seen to go back.</summary>
    internal readonly SizeHistogram Read()
    {
        SizeHistogram copy = default;
        for (int bucket = 0; bucket < Buckets; bucket++) copy._counts[bucket] = Volatile.Read(in _counts[bucket]);   // the other side is the increment in Add; nothing is published with it
        return copy;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void AddLarge(int bytes)
    {
        if (bytes != 0) _counts[BucketOf(bytes)]++;
    }

    [InlineArray(Buckets)]
    private struct Counts
    {
        private long _first;
    }
}
