using Smc.Transport.Interop.Linux;

namespace Smc.Transport.Tests.Interop.Linux;

public sealed class CpuAffinityTests
{
    private const string AllowedKey = "Cpus_allowed_list:";

    [Fact]
    public void A_pinned_thread_runs_on_its_cpu_as_the_kernel_says() => OnThread(() =>
    {
        foreach (int cpu in CpuAffinity.OfProcess)
        {
            Assert.Equal(PinResult.Pinned, CpuAffinity.Pin(cpu));
            Assert.Equal([cpu], CpuAffinity.OfThread);
            Assert.Equal($"{cpu}", AllowedOfThread());
        }
    });

    [Fact]
    public void The_process_may_run_where_its_first_thread_may() => OnThread(() =>
    {
        IReadOnlyList<int> before = CpuAffinity.OfProcess;
        Assert.NotEmpty(before);
        CpuAffinity.Pin(before[0]);
        Assert.Equal(before, CpuAffinity.OfProcess);
    });

    [Fact]
    public void A_thread_that_a_pinned_thread_starts_is_not_pinned() => OnThread(() =>
    {
        IReadOnlyList<int> allowed = CpuAffinity.OfProcess;
        Assert.Equal(PinResult.Pinned, CpuAffinity.Pin(allowed[^1]));
        OnThread(() => Assert.Equal(allowed, CpuAffinity.OfThread));
    });

    [Theory]
    [InlineData(8191)]
    [InlineData(8192)]
    [InlineData(int.MaxValue)]
    public void A_cpu_that_is_not_there_is_named_as_such_and_changes_nothing(int cpu) => OnThread(() =>
    {
        IReadOnlyList<int> before = CpuAffinity.OfThread;
        Assert.Equal(PinResult.NoSuchCpu, CpuAffinity.Pin(cpu));
        Assert.Equal(before, CpuAffinity.OfThread);
    });

    [Fact]
    public void A_negative_cpu_is_a_mistake_of_the_caller() => Assert.Throws<ArgumentOutOfRangeException>(() => CpuAffinity.Pin(-1));

    private static string AllowedOfThread() => File.ReadLines("/proc/thread-self/status")
        .First(line => line.StartsWith(AllowedKey, StringComparison.Ordinal))[AllowedKey.Length..].Trim();

    /// <summary>On a thread of its own, which nobody misses when it is pinned.</summary>
    private static void OnThread(Action act)
    {
        Exception? failure = null;
        var thread = new Thread(() => failure = Record.Exception(act));
        thread.Start();
        thread.Join();
        if (failure is not null) throw new InvalidOperationException(failure.Message, failure);
    }
}
