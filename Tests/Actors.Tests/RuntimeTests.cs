using System.Net;
using Actors.Tests.Harness;
using Smc.Actors;
using Smc.Peer;
using Smc.Transport;
using Xunit.Abstractions;

namespace Actors.Tests;

public sealed class RuntimeTests(ITestOutputHelper output) : RendezvousTest
{
    private const int Bytes = 1_000_003;

    public static TheoryData<string, string> Binds => new()
    {
        { "127.0.0.1:0", "127.0.0.1" },
        { "[::1]:0", "::1" },
        { "0.0.0.0:0", "127.0.0.1" },
        { "[::]:0", "::1" },
        { "[::]:0", "127.0.0.1" },
    };

    [Theory]
    [MemberData(nameof(Binds))]
    public async Task Two_runtimes_of_a_process_meet_in_shared_memory(string bound, string reachedBy)
    {
        int seed = Seed.Take(output);
        Pair pair = await StartPairAsync(at: IPEndPoint.Parse(bound));
        await using Ends ends = await pair.ConnectAsync(new IPEndPoint(IPAddress.Parse(reachedBy), pair.Listener.LocalEndPoint.Port));
        Assert.Equal((SmcMode.SmcD, SmcReason.None), (ends.Client.Mode, ends.Client.FallbackReason));
        Assert.Equal((SmcMode.SmcD, SmcReason.None), (ends.Server.Mode, ends.Server.FallbackReason));
        await Exchange.BothWaysAsync(ends, Bytes, seed);
    }

    [Theory]
    [MemberData(nameof(Binds))]
    public async Task Two_processes_meet_in_shared_memory(string bound, string reachedBy)
    {
        int seed = Seed.Take(output);
        (PeerProcess peer, IPEndPoint at) = await ServeAsync("serve", "echo", FolderArgument, $"at={bound}");
        SmcRuntime runtime = await StartRuntimeAsync();
        await using (SmcStream stream = await runtime.ConnectAsync(new IPEndPoint(IPAddress.Parse(reachedBy), at.Port)).Guard())
        {
            Assert.Equal("open SmcD None", await peer.LineAsync("open"));
            Assert.Equal(SmcMode.SmcD, stream.Mode);
            await Exchange.EchoAsync(stream, Bytes, seed);
        }

        Assert.Equal($"done {Bytes} {Exchange.Sha(SeededBytes.Take(Bytes, seed))}", await peer.LineAsync("done"));
    }

    [Fact]
    public async Task A_process_sends_to_a_listener_in_another()
    {
        int seed = Seed.Take(output);
        SmcRuntime runtime = await StartRuntimeAsync();
        await using ISmcListener listener = await runtime.ListenAsync(Loopback);
        PeerProcess peer = await ReadyAsync("connect", "source", FolderArgument, $"at={listener.LocalEndPoint}", $"seed={seed}", $"bytes={Bytes}");
        await peer.TellAsync("connect");
        await using SmcStream stream = await listener.AcceptAsync().Guard();
        Assert.Equal(SmcMode.SmcD, stream.Mode);
        Assert.Equal(Exchange.Sha(SeededBytes.Take(Bytes, seed)), Exchange.Sha(await Exchange.ReadToEndAsync(stream)));
    }

    [Fact]
    public async Task A_runtime_reaches_its_own_listener()
    {
        int seed = Seed.Take(output);
        SmcRuntime runtime = await StartRuntimeAsync();
        await using ISmcListener listener = await runtime.ListenAsync(Loopback);
        var pair = new Pair(runtime, runtime, listener);
        await using Ends ends = await pair.ConnectAsync();
        Assert.Equal(SmcMode.SmcD, ends.Client.Mode);
        await Exchange.BothWaysAsync(ends, Bytes, seed);
    }

    [Fact]
    public async Task A_name_is_resolved_and_its_addresses_are_tried_in_turn()
    {
        Pair pair = await StartPairAsync();
        ValueTask<SmcStream> accepting = pair.Listener.AcceptAsync();
        await using SmcStream client = await pair.Client.ConnectAsync(new DnsEndPoint("localhost", pair.Listener.LocalEndPoint.Port)).Guard();
        await using SmcStream server = await accepting.Guard();
        Assert.Equal(SmcMode.SmcD, client.Mode);
    }
}
