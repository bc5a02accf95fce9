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
    private const string Walk = "list-walk";
    private const double Tail = 0.99;
    private const int Picoseconds = 1_000;   // of a nanosecond: a histogram counts whole numbers

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
                    () => new DescriptorWork<ListedDescriptors, int>("ours-freelist", new ListedDescriptors(inUse, threads), rounds: 2_000),
                    () => new DescriptorWork<WalkedDescriptors, int>(Walk, new WalkedDescriptors(inUse, threads), rounds: 20))
                { InUse = inUse };
        foreach (int threads in (int[])[1, 2])
            foreach (int inUse in (int[])[10, 100, 200, 1_000])   // a class has no more
                yield return new BufferCell(
                    "dmb",
                    threads,
                    () => new DescriptorWork<PooledDmbs, Dmb>("ours-dmbpool", new PooledDmbs(new DmbPool(), inUse, threads), rounds: 1_000),
                    () => new DescriptorWork<PooledDmbs, Dmb>(
                        Walk, new PooledDmbs(new DmbPool(static capacity => new WalkedList(capacity)), inUse, threads), rounds: 20))
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
        LatencyHistogram[] calls = [.. Enumerable.Range(0, cell.Threads).Select(_ => new LatencyHistogram())];
        long allocated = GC.GetTotalAllocatedBytes(precise: true);
        TimeSpan cpu = Environment.CpuUsage.TotalTime;
        using var start = new Barrier(cell.Threads);
        Thread[] threads = [.. Enumerable.Range(0, cell.Threads).Select(thread => new Thread(() =>
        {
            start.SignalAndWait();
            long began = Stopwatch.GetTimestamp();
            long now = began;
            do
            {
                long before = now;
                long done = work.Work(thread);
                now = Stopwatch.GetTimestamp();
                operations[thread] += done;
                if (done > 0) calls[thread].Record((long)(Stopwatch.GetElapsedTime(before, now).TotalNanoseconds * Picoseconds / done));
            }
            while (Stopwatch.GetElapsedTime(began, now) < RunTime || (pace == BenchPace.Smoke && operations.Sum() == 0));
            ticks[thread] = now - began;
        }))];
        foreach (Thread thread in threads) thread.Start();
        foreach (Thread thread in threads) thread.Join();
        cpu = Environment.CpuUsage.TotalTime - cpu;
        allocated = GC.GetTotalAllocatedBytes(precise: true) - allocated;
        for (int thread = 1; thread < calls.Length; thread++) calls[0].Add(calls[thread]);
        long all = Math.Max(operations.Sum(), 1);
        double nanoseconds = (cell.IsTogether ? ticks.Max() : ticks.Sum()) * 1e9 / Stopwatch.Frequency;
        return new Measurement(nanoseconds / all, (double)calls[0].Quantile(Tail) / Picoseconds, cpu.TotalSeconds * 1e6 / all, (double)allocated / all);
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
        P99 = Statistics.Median(runs.Select(r => r.P99)),
        CpuClientS = Statistics.Median(runs.Select(r => r.CpuSeconds)),
        Allocated = Statistics.Median(runs.Select(r => r.Allocated)),
    };

    /// <param name="Nanoseconds">Of an operation.</param>
    /// <param name="P99">Of an operation, too: what it takes in the hundredth of the calls, of some microseconds each, that are slowest.</param>
    /// <param name="CpuSeconds">Of the process, for a million.</param>
    /// <param name="Allocated">Managed bytes of one; what the threads themselves cost is in it.</param>
    private readonly record struct Measurement(double Nanoseconds, double P99, double CpuSeconds, double Allocated);
}
