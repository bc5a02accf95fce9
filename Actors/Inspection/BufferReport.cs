using Smc.Transport;
using Smc.Transport.Memory;

namespace Smc.Actors.Inspection;

/// <summary>DMBs of a link group or of the whole runtime.</summary>
/// <param name="Classes">Those that there are or have been, by size, the smallest first.</param>
/// <param name="Downgrades">DMBs that were handed out of a smaller class than was wanted.</param>
/// <param name="Refusals">Handshakes that got none.</param>
public sealed record BufferReport(IReadOnlyList<BufferClassReport> Classes, long Downgrades, long Refusals)
{
    /// <summary>Of one that has none.</summary>
    public static BufferReport None { get; } = new([], 0, 0);

    /// <summary>Bytes of the slabs.</summary>
    public long Bytes => Classes.Sum(one => one.Bytes);

    /// <summary>Slabs.</summary>
    public int Slabs => Classes.Sum(one => one.Slabs);

    /// <summary>DMBs that are handed out.</summary>
    public int InUse => Classes.Sum(one => one.InUse);

    /// <summary>Bytes of the DMBs that are handed out, CDC areas included: the kernel's RX_RMB_USAGE.</summary>
    public long BytesInUse => Classes.Sum(one => one.BytesInUse);

    /// <summary>How often a DMB was handed out, by its size: the kernel's RX_RMB_SIZE.</summary>
    public SizeHistogram Sizes => Classes.Aggregate(default(SizeHistogram), (sizes, one) => sizes.Plus(one.DmbBytes, one.Rents));

    /// <summary>How often a connection has attached a DMB of its peer's, by its size: the kernel's TX_RMB_SIZE. SMC-D has no other send buffer here.</summary>
    public SizeHistogram PeerSizes { get; init; }

    /// <summary>Bytes of the peers' DMBs that connections write to now, CDC areas included: the kernel's TX_RMB_USAGE.</summary>
    public long PeerBytesInUse { get; init; }

    /// <summary>How often a DMB was handed out that had not been in use before.</summary>
    public long Allocations => Classes.Sum(one => one.Allocations);

    /// <summary>How often one that had.</summary>
    public long Reuses => Classes.Sum(one => one.Reuses);

    /// <summary>The sum of several.</summary>
    public static BufferReport Sum(IEnumerable<BufferReport> reports)
    {
        BufferReport[] all = [.. reports];
        return new BufferReport(
            [.. all.SelectMany(report => report.Classes).GroupBy(one => one.DmbBytes).OrderBy(group => group.Key).Select(group => group.Aggregate((a, b) => a.Plus(b)))],
            all.Sum(report => report.Downgrades),
            all.Sum(report => report.Refusals))
        {
            PeerSizes = all.Aggregate(default(SizeHistogram), (sizes, report) => sizes.Plus(report.PeerSizes)),
            PeerBytesInUse = all.Sum(report => report.PeerBytesInUse),
        };
    }

    /// <summary>What is left of it when its slabs are gone: how often something happened.</summary>
    internal BufferReport History() => this with { Classes = [.. Classes.Select(one => one.History())], PeerBytesInUse = 0 };
}

/// <summary>DMBs of one size class.</summary>
/// <param name="DmbBytes">The size of one.</param>
public sealed record BufferClassReport(int DmbBytes)
{
    /// <summary>Slabs that they lie in.</summary>
    public int Slabs { get; init; }

    /// <summary>DMBs of those slabs, in use or not.</summary>
    public int Dmbs { get; init; }

    /// <summary>DMBs that are handed out.</summary>
    public int InUse { get; init; }

    /// <summary>The most that have been handed out at once; of several groups at most so many.</summary>
    public int Peak { get; init; }

    /// <summary>DMBs that nobody will get any more, because the peer refused their slab, or because their group ends.</summary>
    public int Retired { get; init; }

    /// <summary>Bytes that may be committed: DMBs that have been in use since their memory was last given back, or, where slabs are prefaulted, all.</summary>
    public long CommittedBytes { get; init; }

    /// <summary>How often one was handed out.</summary>
    public long Rents { get; init; }

    /// <summary>How often one that had been in use before.</summary>
    public long Reuses { get; init; }

    /// <summary>How often one that had not. Of numbers that are not of one instant.</summary>
    public long Allocations => Math.Max(0, Rents - Reuses);

    /// <summary>How often one was handed out where a larger one was wanted.</summary>
    public long Downgrades { get; init; }

    /// <summary>Bytes of the DMBs that are handed out, CDC areas included.</summary>
    public long BytesInUse => (long)InUse * DmbBytes;

    /// <summary>How often the memory of one that had been idle was given back to the system.</summary>
    public long Trims { get; init; }

    /// <summary>The most that one connection has had written to it before it came round, in bytes.</summary>
    public int LargestUse { get; init; }

    /// <summary>DMBs that the next handshakes get. The numbers are not of one instant.</summary>
    public int Idle => Math.Max(0, Dmbs - InUse - Retired);

    /// <summary>Bytes of the slabs.</summary>
    public long Bytes => (long)Dmbs * DmbBytes;

    /// <summary>The sum of two of the same class.</summary>
    internal BufferClassReport Plus(BufferClassReport other) => new(DmbBytes)
    {
        Slabs = Slabs + other.Slabs,
        Dmbs = Dmbs + other.Dmbs,
        InUse = InUse + other.InUse,
        Peak = Peak + other.Peak,
        Retired = Retired + other.Retired,
        CommittedBytes = CommittedBytes + other.CommittedBytes,
        Rents = Rents + other.Rents,
        Reuses = Reuses + other.Reuses,
        Downgrades = Downgrades + other.Downgrades,
        Trims = Trims + other.Trims,
        LargestUse = Math.Max(LargestUse, other.LargestUse),
    };

    /// <summary>What is left when the slabs are gone.</summary>
    internal BufferClassReport History() => new(DmbBytes) { Rents = Rents, Reuses = Reuses, Downgrades = Downgrades, Trims = Trims, LargestUse = LargestUse };

    /// <summary>That of a pool.</summary>
    internal static BufferClassReport Of(DmbClassStatistics pool) => new(pool.SizeClass.Bytes)
    {
        Slabs = pool.Slabs,
        Dmbs = pool.Dmbs,
        InUse = pool.InUse,
        Peak = pool.Peak,
        Retired = pool.Retired,
        CommittedBytes = (long)pool.Committed * pool.SizeClass.Bytes,
        Rents = pool.Rents,
        Reuses = pool.Reuses,
        Trims = pool.Trims,
        LargestUse = pool.LargestUse,
    };
}

/// <summary>A limit of DMBs.</summary>
/// <param name="Key">The setting.</param>
/// <param name="Most">Its value.</param>
/// <param name="Refusals">Handshakes that got no DMB because of it.</param>
public sealed record DmbLimitReport(string Key, int Most, long Refusals);

/// <summary>The blocks that CLC messages are read into.</summary>
/// <param name="BlockBytes">The size of one.</param>
public sealed record ClcBufferReport(int BlockBytes)
{
    /// <summary>Blocks of handshakes under way.</summary>
    public long InUse { get; init; }

    /// <summary>Idle ones.</summary>
    public long Idle { get; init; }

    /// <summary>Takes that a thread's own stash met.</summary>
    public long Hits { get; init; }

    /// <summary>Batches that a stash got from the queue that all threads share.</summary>
    public long Refills { get; init; }

    /// <summary>Batches that a full stash gave to it.</summary>
    public long Spills { get; init; }

    /// <summary>Blocks that were made.</summary>
    public long Allocations { get; init; }

    /// <summary>Blocks that were let go.</summary>
    public long Frees { get; init; }
}
