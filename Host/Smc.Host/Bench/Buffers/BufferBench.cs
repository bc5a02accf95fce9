using System.Diagnostics;
using Smc.Host.CommandLine;
using Smc.Transport.Memory;

namespace Smc.Host.Bench.Buffers;

/// <summary>The group <c>buffers</c>: idle buffers by index, batches through a queue, and pools, each beside its rivals, in one process.</summary>
internal sealed class BufferBench(BenchPace pace)
{
    public const string Group = "buffers";

    private const int Burst = 64;
    private const string Nanoseconds = "ns";

    private int Runs => pace switch { BenchPace.Full => 5, BenchPace.Quick => 3, _ => 1 };

    private TimeSpan RunTime => TimeSpan.FromMilliseconds(pace switch { BenchPace.Full => 300, BenchPace.Quick => 100, _ => 1 });

    /// <returns>A row for each cell and contender, ours before its rivals.</returns>
    /// <exception cref="CommandFailure">A contender does not do what it should.</exception>
    public IReadOnlyList<BenchRow> Run(CancellationToken ct) => [.. Cells().SelectMany(cell => Run(cell, ct))];

    private static IEnumerable<BufferCell> Cells()
    {
        foreach (int threads in (int[])[1, 2])
            foreach (int inUse in (int[])[10, 100, 200, 1_000, 10_000])
                yield return new BufferCell(
                    "descriptor",
                    threads,
                    () => new DescriptorWork<ListedDescriptors>("ours-freelist", new ListedDescriptors(inUse, threads), rounds: 2_000),
                    () => new DescriptorWork<WalkedDescriptors>("list-walk", new WalkedDescriptors(inUse, threads), rounds: 20))
                { InUse = inUse };
        yield return Queue(batch: 8, sides: 1);
        yield return Queue(batch: 16, sides: 1);
        yield return Queue(batch: 8, sides: 2);
        yield return Bursts("pool-hit", 1);
        yield return Bursts("pool-burst", Burst);
        yield return new BufferCell(
            "pool-handover",
            2,
            () => new HandoverWork<QuickBytes>("ours-pool", new QuickBytes()),
            () => new HandoverWork<SharedArrays>("array-pool", default),
            () => new HandoverWork<ObjectBytes>("object-pool", new ObjectBytes()))
        { IsTogether = true };
    }

    private static BufferCell Queue(int batch, int sides)
    {
        QueueSide side = sides == 1 ? QueueSide.Single : QueueSide.Many;
        return new BufferCell(
            "bulk-queue",
            2 * sides,
            () => new QueueWork<ArrayQueue>("ours-alf", new ArrayQueue(side, side), sides, batch),
            () => new QueueWork<LinkedQueue>("concurrent-queue", new LinkedQueue(), sides, batch))
        { Batch = batch, IsTogether = true };
    }

    private static BufferCell Bursts(string workload, int burst) => new(
        workload,
        1,
        () => new BurstWork<QuickBytes>("ours-pool", new QuickBytes(), burst, rounds: 1_024),
        () => new BurstWork<SharedArrays>("array-pool", default, burst, rounds: 1_024),
        () => new BurstWork<ObjectBytes>("object-pool", new ObjectBytes(), burst, rounds: 1_024))
    { Batch = burst };

    private BenchRow[] Run(BufferCell cell, CancellationToken ct)
    {
        IBufferWork[] works = [.. cell.Contenders.Select(make => make())];
        var results = works.ToDictionary(work => work, _ => new List<Measurement>());
        foreach (IBufferWork work in works) WarmUp(cell, work);
        for (int run = 0; run < Runs; run++)
            foreach (IBufferWork work in works)
            {
                ct.ThrowIfCancellationRequested();
                results[work].Add(Measure(cell, work));
            }

        foreach (IBufferWork work in works) work.Dispose();
        return [.. results.Select(r => ToRow(cell, r.Key, r.Value))];
    }

    private void WarmUp(BufferCell cell, IBufferWork work)
    {
        try
        {
            work.Validate();
        }
        catch (InvalidOperationException e)
        {
            throw CommandFailure.Failed($"{Group}/{cell.Workload}, {work.Name}: {e.Message}", e);
        }

        Measure(cell, work);
    }

    private Measurement Measure(BufferCell cell, IBufferWork work)
    {
        long[] operations = new long[cell.Threads];
        long[] ticks = new long[cell.Threads];
        long allocated = GC.GetTotalAllocatedBytes(precise: true);
        using var start = new Barrier(cell.Threads);
        Thread[] threads = [.. Enumerable.Range(0, cell.Threads).Select(thread => new Thread(() =>
        {
            start.SignalAndWait();
            long began = Stopwatch.GetTimestamp();
            do operations[thread] += work.Work(thread);
            while (Stopwatch.GetElapsedTime(began) < RunTime || (pace == BenchPace.Smoke && operations.Sum() == 0));
            ticks[thread] = Stopwatch.GetTimestamp() - began;
        }))];
        foreach (Thread thread in threads) thread.Start();
        foreach (Thread thread in threads) thread.Join();
        allocated = GC.GetTotalAllocatedBytes(precise: true) - allocated;
        long done = Math.Max(operations.Sum(), 1);
        double nanoseconds = (cell.IsTogether ? ticks.Max() : ticks.Sum()) * 1e9 / Stopwatch.Frequency;
        return new Measurement(nanoseconds / done, (double)allocated / done);
    }

    private static BenchRow ToRow(BufferCell cell, IBufferWork work, List<Measurement> runs) => new()
    {
        Group = Group,
        Workload = cell.Workload,
        Over = work.Name,
        Api = PeerConfiguration.Sync,
        Bytes = cell.Batch,
        Connections = cell.InUse,
        Threads = cell.Threads,
        Unit = Nanoseconds,
        Median = Statistics.Median(runs.Select(r => r.Nanoseconds)),
        Min = runs.Min(r => r.Nanoseconds),
        Max = runs.Max(r => r.Nanoseconds),
        Runs = runs.Count,
        Allocated = Statistics.Median(runs.Select(r => r.Allocated)),
    };

    /// <param name="Nanoseconds">Of an operation.</param>
    /// <param name="Allocated">Managed bytes of one; what the threads themselves cost is in it.</param>
    private readonly record struct Measurement(double Nanoseconds, double Allocated);
}
