namespace Smc.Transport;

/// <summary>The counters of one connection. Each is written by one side only; a snapshot is not taken at one instant.</summary>
public readonly record struct SmcStatistics
{
    /// <summary>Bytes read by the application.</summary>
    public long BytesRead { get; init; }

    /// <summary>Bytes written by the application.</summary>
    public long BytesWritten { get; init; }

    /// <summary>Reads that returned data.</summary>
    public long Reads { get; init; }

    /// <summary>Writes that were complete.</summary>
    public long Writes { get; init; }

    /// <summary>Reads that returned data, by the bytes that each returned: the kernel's RXPLOAD_SIZE.</summary>
    public SizeHistogram ReadSizes { get; init; }

    /// <summary>Writes that were complete, by the bytes that each was asked to write: the kernel's TXPLOAD_SIZE. Those of nothing are in no bucket.</summary>
    public SizeHistogram WriteSizes { get; init; }

    /// <summary>Writes that found the peer's buffer full, each counted once and when it does: also those that are not complete, or never will be.</summary>
    public long PeerBufferFull { get; init; }

    /// <summary>Consumer cursors sent to the peer.</summary>
    public long WindowUpdates { get; init; }

    /// <summary>Wake-ups that this end caused with a system call.</summary>
    public long Bells { get; init; }

    /// <summary>Times that this end's reader or writer slept.</summary>
    public long Sleeps { get; init; }

    /// <summary>Waits that spinning ended.</summary>
    public long SpinWins { get; init; }

    /// <summary>Spins that ended in sleep.</summary>
    public long SpinLosses { get; init; }

    /// <summary>Sleepers that the once-a-second sweep found with work waiting: the peer published and did not ring.</summary>
    public long MissedBells { get; init; }

    /// <summary>What has come since <paramref name="earlier"/>, counter by counter.</summary>
    public SmcStatistics Minus(in SmcStatistics earlier) => new()
    {
        BytesRead = BytesRead - earlier.BytesRead,
        BytesWritten = BytesWritten - earlier.BytesWritten,
        Reads = Reads - earlier.Reads,
        Writes = Writes - earlier.Writes,
        ReadSizes = ReadSizes.Minus(earlier.ReadSizes),
        WriteSizes = WriteSizes.Minus(earlier.WriteSizes),
        PeerBufferFull = PeerBufferFull - earlier.PeerBufferFull,
        WindowUpdates = WindowUpdates - earlier.WindowUpdates,
        Bells = Bells - earlier.Bells,
        Sleeps = Sleeps - earlier.Sleeps,
        SpinWins = SpinWins - earlier.SpinWins,
        SpinLosses = SpinLosses - earlier.SpinLosses,
        MissedBells = MissedBells - earlier.MissedBells,
    };

    /// <summary>The sum of both, counter by counter.</summary>
    public SmcStatistics Plus(in SmcStatistics other) => new()
    {
        BytesRead = BytesRead + other.BytesRead,
        BytesWritten = BytesWritten + other.BytesWritten,
        Reads = Reads + other.Reads,
        Writes = Writes + other.Writes,
        ReadSizes = ReadSizes.Plus(other.ReadSizes),
        WriteSizes = WriteSizes.Plus(other.WriteSizes),
        PeerBufferFull = PeerBufferFull + other.PeerBufferFull,
        WindowUpdates = WindowUpdates + other.WindowUpdates,
        Bells = Bells + other.Bells,
        Sleeps = Sleeps + other.Sleeps,
        SpinWins = SpinWins + other.SpinWins,
        SpinLosses = SpinLosses + other.SpinLosses,
        MissedBells = MissedBells + other.MissedBells,
    };
}
