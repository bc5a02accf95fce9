using System.Net;
using System.Runtime.Versioning;
using Actors.Tests.Harness;
using Smc.Actors;
using Smc.Actors.Inspection;
using Smc.Transport;
using Xunit.Abstractions;

namespace Actors.Tests.Faults;

public sealed class ExhaustionTests(ITestOutputHelper output) : RendezvousTest
{
    private const int Bytes = 200_000;

    /// <summary>Slabs of the largest class hold so many DMBs: the next connection needs another slab, and a descriptor to hand it over.</summary>
    private const int DmbsOfALargeSlab = 4;

    private const string Large = "smc.buffers.size = 1MiB";

    [Fact]
    public async Task A_server_without_a_descriptor_for_memory_declines_and_serves_on_TCP()
    {
        int seed = Seed.Take(output);
        SmcRuntime runtime = await StartRuntimeAsync();
        (PeerProcess peer, IPEndPoint at) = await PeerProcess.ListeningAsync(keepsItsThreads: true, "serve", "echo", FolderArgument, $"hocon={Large}");
        Own(peer);
        await WarmUp.ServerAsync(peer, at);
        List<SmcStream> open = await OpenAsync(DmbsOfALargeSlab, () => runtime.ConnectAsync(at).Guard());
        for (int i = 0; i < DmbsOfALargeSlab; i++) await peer.LineAsync("open SmcD None");

        await peer.TellAsync("descriptors 1");   // for the TCP connection
        await peer.LineAsync("descriptors ");
        await using (SmcStream stream = await runtime.ConnectAsync(at).Guard())
        {
            Assert.Equal("open Tcp DescriptorsExhausted", await peer.LineAsync("open"));
            Assert.Equal((SmcMode.Tcp, SmcReason.PeerDeclined), (stream.Mode, stream.FallbackReason));
            await Exchange.EchoAsync(stream, Bytes, seed);
        }

        foreach (SmcStream stream in open)
        {
            await Exchange.EchoAsync(stream, Bytes, ++seed);
            await stream.DisposeAsync();
        }

        await runtime.DmbsAsync(0);
    }

    [Fact]
    public async Task A_client_without_a_descriptor_for_memory_declines_and_goes_on_with_TCP()
    {
        SmcRuntime runtime = await StartRuntimeAsync(Large);
        (PeerProcess peer, IPEndPoint at) = await WarmUp.ClientAsync(Own, FolderArgument);
        await using ISmcListener listener = await runtime.ListenAsync(at);
        List<SmcStream> open = await OpenAsync(DmbsOfALargeSlab, async () =>
        {
            await peer.TellAsync("connect");
            return await listener.AcceptAsync().Guard();
        });
        for (int i = 0; i < DmbsOfALargeSlab; i++) await peer.LineAsync("open SmcD None");

        await peer.TellAsync("descriptors 1");
        await peer.LineAsync("descriptors ");
        await peer.TellAsync("connect");
        await using (SmcStream stream = await listener.AcceptAsync().Guard())
        {
            Assert.Equal("open Tcp DescriptorsExhausted", await peer.LineAsync("open"));
            Assert.Equal((SmcMode.Tcp, SmcReason.PeerDeclined), (stream.Mode, stream.FallbackReason));
            await Exchange.EchoAsync(stream, Bytes, Seed.Take(output));
        }

        foreach (SmcStream stream in open) await stream.DisposeAsync();
        await runtime.DmbsAsync(0);
    }

    [Fact]
    public async Task A_client_without_a_descriptor_for_a_connection_is_refused_and_goes_on_when_it_has_one()
    {
        SmcRuntime runtime = await StartRuntimeAsync();
        (PeerProcess peer, IPEndPoint at) = await WarmUp.ClientAsync(Own, FolderArgument);
        await using ISmcListener listener = await runtime.ListenAsync(at);
        await peer.TellAsync("connect");
        await using SmcStream first = await listener.AcceptAsync().Guard();
        await peer.LineAsync("open");

        await peer.TellAsync("descriptors 0");
        await peer.LineAsync("descriptors ");
        for (int i = 0; i < 12; i++)   // oftener than a supervisor would start anything again
        {
            await peer.TellAsync("connect");
            Assert.StartsWith("refused TooManyOpenSockets", await peer.LineAsync("refused"), StringComparison.Ordinal);
        }

        await peer.TellAsync("descriptors 20");
        await peer.LineAsync("descriptors ");
        await peer.TellAsync("connect");
        await using SmcStream stream = await listener.AcceptAsync().Guard();
        await Exchange.EchoAsync(stream, Bytes, Seed.Take(output));
    }

    [Theory]
    [InlineData(true, SmcReason.PeerDeclined, SmcReason.MaxDmb)]
    [InlineData(false, SmcReason.MaxDmb, SmcReason.PeerDeclined)]
    public async Task The_connection_past_the_limit_of_DMBs_is_TCP_with_a_reason_at_either_end(bool atServer, SmcReason clientReason, SmcReason serverReason)
    {
        int seed = Seed.Take(output);
        const string One = "smc.buffers.max-dmbs = 1";
        Pair pair = atServer ? await StartPairAsync(serverHocon: One) : await StartPairAsync(clientHocon: One);
        await using (Ends first = await pair.ConnectAsync())
        {
            await using Ends second = await pair.ConnectAsync();
            Assert.Equal(SmcReason.None, first.Client.FallbackReason);
            Assert.Equal((SmcMode.Tcp, clientReason), (second.Client.Mode, second.Client.FallbackReason));
            Assert.Equal((SmcMode.Tcp, serverReason), (second.Server.Mode, second.Server.FallbackReason));
            await Exchange.BothWaysAsync(second, Bytes, seed);
            await Exchange.BothWaysAsync(first, Bytes, seed);
            Assert.Equal(1, pair.Client.Connections.Fallbacks[clientReason]);
            Assert.Equal(1, pair.Server.Connections.Fallbacks[serverReason]);
        }

        await pair.DmbsAsync(0);
        await using Ends third = await pair.ConnectAsync();
        Assert.Equal(SmcMode.SmcD, third.Client.Mode);
    }

    [Theory]
    [InlineData("max-dmbs-per-peer")]
    [InlineData("max-dmbs-per-user")]
    public async Task What_one_process_takes_counts_together_whichever_of_its_runtimes_takes_it(string limit)
    {
        Pair pair = await StartPairAsync(serverHocon: $"smc.buffers.{limit} = 1");
        SmcRuntime another = await StartRuntimeAsync();
        await using (Ends first = await pair.ConnectAsync())
        {
            await using Ends second = await pair.ConnectAsync();
            Assert.Equal((SmcMode.SmcD, SmcMode.Tcp, SmcReason.MaxDmb), (first.Server.Mode, second.Server.Mode, second.Server.FallbackReason));
            await using SmcStream fromAnother = await another.ConnectAsync(pair.Listener.LocalEndPoint);
            await using SmcStream served = await pair.Listener.AcceptAsync().Guard();
            Assert.Equal(SmcMode.Tcp, fromAnother.Mode);
            DmbLimitReport refused = Assert.Single(pair.Server.Device.Dmbs.Report(), report => report.Refusals > 0);
            Assert.Equal(($"smc.buffers.{limit}", 1, 2), (refused.Key, refused.Most, refused.Refusals));
        }

        await pair.DmbsAsync(0);
        await using Ends third = await pair.ConnectAsync();
        Assert.Equal(SmcMode.SmcD, third.Server.Mode);
    }

    [Theory]
    [InlineData(true, SmcReason.PeerNoSmc, SmcReason.SmcDisabled)]
    [InlineData(false, SmcReason.SmcDisabled, SmcReason.PeerNoSmc)]
    public async Task Negotiation_never_is_TCP_and_says_so(bool atServer, SmcReason clientReason, SmcReason serverReason)
    {
        const string Never = "smc.negotiation = never";
        Pair pair = atServer ? await StartPairAsync(serverHocon: Never) : await StartPairAsync(clientHocon: Never);
        await using Ends ends = await pair.ConnectAsync();
        Assert.Equal((clientReason, serverReason), (ends.Client.FallbackReason, ends.Server.FallbackReason));
        await Exchange.BothWaysAsync(ends, Bytes, Seed.Take(output));
    }

    [Fact]
    public async Task A_folder_that_vanishes_is_a_fallback_with_a_reason_and_no_obstacle()
    {
        Pair pair = await StartPairAsync();
        await (await pair.ConnectAsync()).DisposeAsync();
        Directory.Delete(Folder, recursive: true);
        for (int i = 0; i < 12; i++)   // oftener than a supervisor would start anything again
        {
            await using Ends ends = await pair.ConnectAsync();
            Assert.Equal(SmcReason.RegistryUnavailable, ends.Client.FallbackReason);
        }

        await pair.Listener.DisposeAsync();
        await using ISmcListener another = await pair.Server.ListenAsync(Loopback);
        await using Ends last = await new Pair(pair.Server, pair.Client, another).ConnectAsync();
        await Exchange.BothWaysAsync(last, Bytes, Seed.Take(output));
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task A_folder_that_others_may_enter_is_refused()
    {
        Directory.CreateDirectory(Folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.OtherExecute);
        Pair pair = await StartPairAsync();
        await using Ends ends = await pair.ConnectAsync();
        Assert.Equal((SmcReason.RegistryUnavailable, SmcReason.RegistryUnavailable), (ends.Client.FallbackReason, ends.Server.FallbackReason));
        Assert.Empty(Directory.GetFiles(Folder));
    }

    private static async Task<List<SmcStream>> OpenAsync(int count, Func<Task<SmcStream>> open)
    {
        var streams = new List<SmcStream>();
        for (int i = 0; i < count; i++) streams.Add(await open());
        return streams;
    }
}
