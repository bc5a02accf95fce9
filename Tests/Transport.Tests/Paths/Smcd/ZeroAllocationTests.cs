using Smc.Transport.Paths.Smcd;

namespace Smc.Transport.Tests.Paths.Smcd;

/// <summary>Reads and writes on shared memory allocate nothing, waiting or not.</summary>
[Collection(Alone.Name)]
public sealed class ZeroAllocationTests : IDisposable
{
    private const int Turns = 100_000;
    private const int MessageBytes = 14;

    /// <summary>The quietest of these counts: the runtime allocates on its own now and then.</summary>
    private const int Windows = 4;

    private readonly SmcdGroup _group = new(new WaitSettings(LongestSpinMicroseconds: 0, InlineCompletions: false));
    private readonly SmcdGroup _inlineGroup = new(new WaitSettings(LongestSpinMicroseconds: 0, InlineCompletions: true));
    private readonly SmcdGroup _spinningGroup = new(new WaitSettings(LongestSpinMicroseconds: 200, InlineCompletions: false));

    [Fact]
    public void Synchronous_writes_and_reads_allocate_nothing()
    {
        SmcdLink link = _group.Connect();
        byte[] message = new byte[MessageBytes];
        Turn(100);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Turn(Turns);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Turn(int times)
        {
            for (int i = 0; i < times; i++)
            {
                link.Client.Stream.Write(message);
                link.Server.Stream.Read(message.AsSpan());
            }
        }
    }

    [Fact]
    public void Asynchronous_writes_and_reads_that_complete_at_once_allocate_nothing()
    {
        SmcdLink link = _group.Connect();
        byte[] message = new byte[MessageBytes];
        using var source = new CancellationTokenSource();
        Turn(100);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Turn(Turns);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Turn(int times)
        {
            for (int i = 0; i < times; i++)
            {
                ValueTask writing = link.Client.Stream.WriteAsync(message, source.Token);
                if (!writing.IsCompletedSuccessfully) Assert.Fail("The write waits.");
                ValueTask<int> reading = link.Server.Stream.ReadAsync(message, source.Token);
                if (!reading.IsCompletedSuccessfully || reading.Result != MessageBytes) Assert.Fail("The read waits.");
            }
        }
    }

    [Fact]
    public async Task Asynchronous_reads_that_wait_allocate_nothing() => await PingPong(_group, CancellationToken.None);

    [Fact]
    public async Task Asynchronous_reads_that_spin_before_they_wait_allocate_nothing() => await PingPong(_spinningGroup, CancellationToken.None);

    [Fact]
    public async Task Asynchronous_reads_that_wait_allocate_nothing_inline_on_the_wake_thread() => await PingPong(_inlineGroup, CancellationToken.None);

    [Fact]
    public async Task A_token_that_can_be_cancelled_adds_no_allocation()
    {
        using var source = new CancellationTokenSource();
        await PingPong(_group, source.Token);
    }

    [Fact]
    public async Task Asynchronous_writes_that_wait_allocate_nothing()
    {
        SmcdLink link = _group.Connect();
        byte[] big = new byte[3 * _group.RingBytes];
        byte[] buffer = new byte[_group.RingBytes];
        const int Warm = 200;
        const int Measured = 1000;
        Task reader = HangGuard.OnThread(() =>
        {
            long left = (long)big.Length * (Warm + (Windows * Measured));
            while (left > 0) left -= link.Server.Stream.Read(buffer.AsSpan());
        });
        long allocated = await Measure(Warm, Measured, () => link.Client.Stream.WriteAsync(big));
        await reader;
        Assert.InRange(link.Client.Path.Statistics.Sleeps, Warm, long.MaxValue);   // a message is three rings long: most writes waited
        Assert.InRange(allocated, long.MinValue, Measured);
    }

    public void Dispose()
    {
        _group.Dispose();
        _inlineGroup.Dispose();
        _spinningGroup.Dispose();
    }

    private static async Task PingPong(SmcdGroup group, CancellationToken token)
    {
        const int Warm = 2000;
        const int Measured = 8000;
        SmcdLink link = group.Connect();
        byte[] ping = new byte[MessageBytes];
        byte[] pong = new byte[MessageBytes];
        Task answers = HangGuard.OnThread(() =>
        {
            for (int i = 0; i < Warm + (Windows * Measured); i++)
            {
                link.Server.Stream.ReadExactly(pong);
                while (link.Client.Path.Statistics.Sleeps <= i) Thread.Yield();   // so that every read waits
                link.Server.Stream.Write(pong);
            }
        });
        long allocated = await Measure(Warm, Measured, () =>
        {
            link.Client.Stream.Write(ping);
            return link.Client.Stream.ReadAsync(ping, token);
        });
        await answers;
        Assert.InRange(link.Client.Path.Statistics.Sleeps, Warm + (Windows * Measured), long.MaxValue);
        Assert.InRange(allocated, long.MinValue, Measured);   // less than a byte an operation
    }

    /// <summary>Bytes that the process allocates while reads run one after another. The loops are one asynchronous method each, and run away
    /// from the test runner's synchronization context: both would allocate.</summary>
    private static Task<long> Measure(int warm, int measured, Func<ValueTask<int>> operation)
    {
        return Task.Run(Loop).Guarded();

        async Task<long> Loop()
        {
            for (int i = 0; i < warm; i++) await operation();
            long least = long.MaxValue;
            for (int window = 0; window < Windows; window++)
            {
                long before = Collect();
                for (int i = 0; i < measured; i++) await operation();
                least = Math.Min(least, GC.GetTotalAllocatedBytes(precise: true) - before);
            }

            return least;
        }
    }

    /// <inheritdoc cref="Measure(int, int, Func{ValueTask{int}})" />
    private static Task<long> Measure(int warm, int measured, Func<ValueTask> operation)
    {
        return Task.Run(Loop).Guarded();

        async Task<long> Loop()
        {
            for (int i = 0; i < warm; i++) await operation();
            long least = long.MaxValue;
            for (int window = 0; window < Windows; window++)
            {
                long before = Collect();
                for (int i = 0; i < measured; i++) await operation();
                least = Math.Min(least, GC.GetTotalAllocatedBytes(precise: true) - before);
            }

            return least;
        }
    }

    private static long Collect()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return GC.GetTotalAllocatedBytes(precise: true);
    }
}
