namespace Smc.Host.Bench.Buffers;

/// <summary>One workload of one size, on some threads of this process.</summary>
/// <param name="Workload">descriptor, dmb, bulk-queue, pool-hit, pool-burst or pool-handover.</param>
/// <param name="Threads">That work at once.</param>
/// <param name="Contenders">Makes them, ours first.</param>
internal sealed record BufferCell(string Workload, int Threads, params Func<IBufferWork>[] Contenders)
{
    /// <summary>Buffers in use besides those that move, or null.</summary>
    public int? InUse { get; init; }

    /// <summary>Elements of a batch, or null.</summary>
    public int? Batch { get; init; }

    /// <summary>Whether the time of all threads is divided by what they do together; else each thread's by what it does.</summary>
    public bool IsTogether { get; init; }
}
