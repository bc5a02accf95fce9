using System.Globalization;
using Actors.Tests.Harness;
using Smc.Transport.Interop.Linux;

namespace Actors.Tests.Dispatch;

/// <summary>How many vectors a process has, and where their threads run: in processes that differ in what they may use.</summary>
public sealed class VectorPlacementTests : RendezvousTest
{
    private static int Cpus => CpuAffinity.OfProcess.Count;

    [Fact]
    public async Task There_are_as_many_vectors_as_cpus_and_each_has_one_of_them() =>
        await HasAsync(Start("auto"), [.. CpuAffinity.OfProcess]);

    [Fact]
    public async Task There_are_as_many_vectors_as_configured_and_they_share_the_cpus() =>
        await HasAsync(Start($"{Cpus + 1}"), [.. CpuAffinity.OfProcess, CpuAffinity.OfProcess[0]]);

    [Fact]
    public async Task A_process_that_may_run_on_one_cpu_has_one_vector_and_it_runs_there()
    {
        int last = CpuAffinity.OfProcess[^1];
        await HasAsync(Own(ConfinedPeer.OnCpus(Text(last), Arguments("auto"))), last);
    }

    [Fact]
    public async Task Configured_vectors_of_a_process_that_may_run_on_one_cpu_all_run_there()
    {
        int last = CpuAffinity.OfProcess[^1];
        await HasAsync(Own(ConfinedPeer.OnCpus(Text(last), Arguments("2"))), last, last);
    }

    [PrivilegedTheory]
    [InlineData(1, 50_000)]
    [InlineData(1, 150_000)]
    [InlineData(2, 50_000)]
    [InlineData(2, 150_000)]
    public async Task There_are_no_more_vectors_than_the_quota_of_the_control_group_allows(int version, int microseconds)
    {
        int allowed = Math.Min(Cpus, (microseconds + 99_999) / 100_000);
        await HasAsync(Own(ConfinedPeer.WithQuota(version, microseconds, Arguments("auto"))), [.. CpuAffinity.OfProcess.Take(allowed)]);
    }

    [Fact]
    public async Task A_thread_that_is_not_to_be_pinned_runs_where_the_process_may()
    {
        PeerProcess peer = Start("1, smc.cq.pin = off");
        await peer.LineAsync("vectors 1 ");
        string[] vector = (await peer.LineAsync("vector ")).Split(' ');
        Assert.Equal(["vector", "0", "smc-cq-0"], vector[..3]);
        Assert.Equal(Cpus, int.Parse(vector[4], CultureInfo.InvariantCulture));
    }

    /// <summary>Reads what a peer says: so many vectors, none with a thread before it has an actor; then each with its name and its CPU alone.</summary>
    private static async Task HasAsync(PeerProcess peer, params int[] cpus)
    {
        Assert.Equal($"vectors {cpus.Length} threads 0", await peer.LineAsync("vectors"));
        for (int vector = 0; vector < cpus.Length; vector++)
            Assert.Equal($"vector {vector} smc-cq-{vector} {cpus[vector]} 1", await peer.LineAsync("vector "));
        Assert.Equal($"threads {cpus.Length}", await peer.LineAsync("threads"));
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private PeerProcess Start(string vectors) => Own(PeerProcess.Start(keepsItsThreads: false, Arguments(vectors)));

    private string[] Arguments(string vectors) => ["vectors", "report", FolderArgument, $"hocon=smc.cq.vectors = {vectors}"];
}
