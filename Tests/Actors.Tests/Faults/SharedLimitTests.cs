using System.Net.Sockets;
using Actors.Tests.Harness;
using Smc.Actors.Inspection;
using Smc.Peer;
using Smc.Transport;
using Xunit.Abstractions;

namespace Actors.Tests.Faults;

/// <summary>Two processes of one user, and what a third grants to that user.</summary>
public sealed class SharedLimitTests(ITestOutputHelper output) : RendezvousTest
{
    private const int Bytes = 100_000;
    private const string Limit = "smc.buffers.max-dmbs-per-user";

    [Theory]
    [InlineData("quit")]
    [InlineData("die")]
    public async Task What_one_process_of_a_user_holds_another_has_not_until_the_first_goes(string order)
    {
        int seed = Seed.Take(output);
        Pair pair = await StartPairAsync(serverHocon: $"{Limit} = 1");
        string[] arguments = [FolderArgument, $"at={pair.Listener.LocalEndPoint}", $"seed={seed}"];
        PeerProcess first = await ReadyAsync(["connect", "sink", .. arguments]);
        PeerProcess second = await ReadyAsync(["connect", "source", $"bytes={Bytes}", .. arguments]);

        await using SmcStream held = await AcceptAsync(pair, first, "open SmcD None");
        await using (SmcStream refused = await AcceptAsync(pair, second, "open Tcp PeerDeclined"))
        {
            Assert.Equal((SmcMode.Tcp, SmcReason.MaxDmb), (refused.Mode, refused.FallbackReason));
            Assert.Equal(SeededBytes.Take(Bytes, seed), await Exchange.ReadToEndAsync(refused));
        }

        Assert.Equal(new DmbLimitReport(Limit, 1, 1), Assert.Single(pair.Server.Device.Dmbs.Report(), limit => limit.Refusals > 0));
        Assert.Equal(1, pair.Server.Connections.Fallbacks[SmcReason.MaxDmb]);

        await first.TellAsync(order);
        Assert.Equal(SocketError.ConnectionReset, (await Exchange.ReadToBreakAsync(held)).Error);
        await first.EndedAsync();
        await held.DisposeAsync();
        await pair.Server.DmbsAsync(0);
        await using SmcStream shared = await AcceptAsync(pair, second, "open SmcD None");
        Assert.Equal(SeededBytes.Take(Bytes, seed), await Exchange.ReadToEndAsync(shared));
        Assert.Equal(1, pair.Server.Connections.Fallbacks[SmcReason.MaxDmb]);
    }

    private static async Task<SmcStream> AcceptAsync(Pair pair, PeerProcess peer, string expected)
    {
        await peer.TellAsync("connect");
        SmcStream stream = await pair.Listener.AcceptAsync().Guard();
        Assert.Equal(expected, await peer.LineAsync("open"));
        return stream;
    }
}
