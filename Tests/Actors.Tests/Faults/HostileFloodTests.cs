using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Actors.Tests.Harness;
using Smc.Actors;
using Smc.Transport;
using Xunit.Abstractions;

namespace Actors.Tests.Faults;

/// <summary>A client process that wakes its server for nothing, as fast as it can, in place of sending: the server does not listen to it for a while, again
/// and again, and goes on with others. What that costs is in the counts, on a machine that is busy otherwise too.</summary>
[Collection(Alone.Name)]
public sealed class HostileFloodTests(ITestOutputHelper output) : RendezvousTest
{
    private const int Echoed = 100_000;

    /// <summary>Turns of a flood, each of which would wake whoever obeys it.</summary>
    private const long Turns = 300_000;

    /// <summary>Wake-ups without a reason that a peer has at once; it has one more a millisecond.</summary>
    private const long Burst = 64;

    /// <summary>Sleeps of the connection that have other reasons than the flood: its honest bytes, and their answers.</summary>
    private const long Honest = 10;

    [Theory]
    [InlineData("startles", Turns)]
    [InlineData("rings", Turns / 100)]   // each of them rings for every slot
    [InlineData("asks", Turns)]
    public async Task Its_victim_is_deaf_to_it_for_a_while_again_and_again_and_serves_others(string attack, long turns)
    {
        int seed = Seed.Take(output);
        (PeerProcess victim, IPEndPoint at) = await ServeAsync("serve", "echo", FolderArgument);
        SmcRuntime neighbour = await StartRuntimeAsync();
        PeerProcess hostile = await ReadyAsync("hostile", attack, FolderArgument, $"at={at}", $"seed={seed}");
        await victim.LineAsync("open SmcD");
        long begin = Stopwatch.GetTimestamp();
        await hostile.TellAsync("attack");
        await Eventually.TrueAsync(async () => await AttacksOfAsync(hostile) >= turns, "the flood");
        await Eventually.TrueAsync(async () => await SumAsync(victim, "linkgroups", "mutes") > 0, "the victim to be deaf for a while");
        long sleeps = await SumAsync(victim, "stats -a", "sleeps");
        var elapsed = Stopwatch.GetElapsedTime(begin);
        output.WriteLine($"{await AttacksOfAsync(hostile)} turns, {sleeps} sleeps, {await SumAsync(victim, "linkgroups", "mutes")} mutes in {elapsed}");
        Assert.InRange(sleeps, 0, Burst + (long)elapsed.TotalMilliseconds + Honest);

        await using (SmcStream stream = await neighbour.ConnectAsync(at).Guard())
        {
            Assert.Equal(SmcMode.SmcD, stream.Mode);
            await Exchange.EchoAsync(stream, Echoed, seed);
        }

        await hostile.KillAsync();
        await victim.LineAsync($"failed {SocketError.ConnectionReset}");
    }

    private static async Task<long> AttacksOfAsync(PeerProcess hostile)
    {
        await hostile.TellAsync("attacks");
        return long.Parse((await hostile.LineAsync("attacks ")).Split(' ')[1], CultureInfo.InvariantCulture);
    }

    /// <summary>The sum of a number over the rows that another process's runtime answers with.</summary>
    private static async Task<long> SumAsync(PeerProcess process, string command, string property)
    {
        const string Answer = "inspected ";
        await process.TellAsync($"inspect {command}");
        JsonNode report = JsonNode.Parse((await process.LineAsync(Answer))[Answer.Length..])!;
        return report["rows"]!.AsArray().Sum(row => row![property]!.GetValue<long>());
    }
}
