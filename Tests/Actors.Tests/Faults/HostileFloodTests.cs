using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Actors.Tests.Harness;
using Smc.Actors;
using Smc.Transport;
using Xunit.Abstractions;

namespace Actors.Tests.Faults;

/// <summary>A client process that wakes its server for nothing, as fast as it can, in place of sending: the server's process, which has nothing else to do,
/// must not be kept busy by it.</summary>
[Collection(Alone.Name)]
public sealed class HostileFloodTests(ITestOutputHelper output) : RendezvousTest
{
    /// <summary>A flood that was obeyed would take a whole core, and more.</summary>
    private const double MostOfACore = 0.3;

    private const int Echoed = 100_000;

    private static readonly TimeSpan Watched = TimeSpan.FromSeconds(1);

    [Theory]
    [InlineData("startles")]
    [InlineData("rings")]
    [InlineData("asks")]
    public async Task Its_victim_sleeps_on_and_serves_others(string attack)
    {
        int seed = Seed.Take(output);
        (PeerProcess victim, IPEndPoint at) = await ServeAsync("serve", "echo", FolderArgument);
        SmcRuntime neighbour = await StartRuntimeAsync();
        PeerProcess hostile = await ReadyAsync("hostile", attack, FolderArgument, $"at={at}", $"seed={seed}");
        await victim.LineAsync("open SmcD");
        await hostile.TellAsync("attack");
        output.WriteLine($"{await CpuOfAsync(victim):P1} of a core");
        double share = await CpuOfAsync(victim);   // the second time, when the first rings have been compiled for
        output.WriteLine($"{share:P1} of a core");
        Assert.InRange(share, 0, MostOfACore);

        await using (SmcStream stream = await neighbour.ConnectAsync(at).Guard())
        {
            Assert.Equal(SmcMode.SmcD, stream.Mode);
            await Exchange.EchoAsync(stream, Echoed, seed);
        }

        await hostile.KillAsync();
        await victim.LineAsync($"failed {SocketError.ConnectionReset}");
    }

    private static async Task<double> CpuOfAsync(PeerProcess peer)
    {
        using var process = Process.GetProcessById(peer.Id);
        TimeSpan before = process.TotalProcessorTime;
        long begin = Stopwatch.GetTimestamp();
        await Task.Delay(Watched);   // no state to wait for: the time is what is asked about
        process.Refresh();
        return (process.TotalProcessorTime - before) / Stopwatch.GetElapsedTime(begin);
    }
}
