using System.Net;
using Actors.Tests.Harness;
using Smc.Actors;
using Smc.Peer;
using Smc.Transport;
using Xunit.Abstractions;

namespace Actors.Tests.Places;

/// <summary>Processes of several network namespaces share the rendezvous folder, and have the same addresses and ports.</summary>
public sealed class NetworkNamespaceTests(ITestOutputHelper output) : RendezvousTest
{
    private const int Bytes = 100_000;
    private const string NewNamespace = "netns=new";
    private const string ShortMatch = "hocon=smc.handshake.match-timeout = 200ms";

    [PrivilegedFact]
    public async Task A_listener_of_another_namespace_is_not_taken_for_the_plain_server_of_this_one()
    {
        int seed = Seed.Take(output);
        (PeerProcess plain, IPEndPoint at) = await ServeAsync("tcp-serve", "sink");
        (PeerProcess other, _) = await ServeAsync("serve", "sink", FolderArgument, $"at={at}", NewNamespace);
        SmcRuntime runtime = await StartRuntimeAsync();
        await using (SmcStream stream = await runtime.ConnectAsync(at).Guard())
        {
            Assert.Equal((SmcMode.Tcp, SmcReason.PeerNoSmc), (stream.Mode, stream.FallbackReason));
            await Exchange.SendAsync(stream, Bytes, seed);
        }

        Assert.Equal(Done(seed), await plain.LineAsync("done"));

        // The entry is there, and good for those who live with it.
        PeerProcess neighbour = await ClientOfAsync(other, at, seed);
        await neighbour.TellAsync("connect");
        Assert.Equal("open SmcD None", await neighbour.LineAsync("open"));
        Assert.Equal(Done(seed), await other.LineAsync("done"));
    }

    [PrivilegedFact]
    public async Task A_listener_of_this_namespace_is_not_taken_for_the_plain_server_of_another_one()
    {
        int seed = Seed.Take(output);
        SmcRuntime runtime = await StartRuntimeAsync();
        await using ISmcListener listener = await runtime.ListenAsync(Loopback);
        (PeerProcess plain, IPEndPoint at) = await ServeAsync("tcp-serve", "sink", $"at={listener.LocalEndPoint}", NewNamespace);
        PeerProcess client = await ClientOfAsync(plain, at, seed);
        await client.TellAsync("connect");
        Assert.Equal("open Tcp PeerNoSmc", await client.LineAsync("open"));
        Assert.Equal(Done(seed), await plain.LineAsync("done"));
        await using Ends own = await new Pair(runtime, runtime, listener).ConnectAsync();
        Assert.Equal(SmcMode.SmcD, own.Client.Mode);
    }

    [PrivilegedFact]
    public async Task Two_namespaces_with_listeners_of_one_port_each_get_their_own_clients_on_shared_memory()
    {
        int seed = Seed.Take(output);
        Pair here = await StartPairAsync();
        (PeerProcess there, IPEndPoint at) = await ServeAsync("serve", "sink", FolderArgument, $"at={here.Listener.LocalEndPoint}", NewNamespace);
        PeerProcess neighbour = await ClientOfAsync(there, at, seed);
        for (int i = 0; i < 3; i++)
        {
            await neighbour.TellAsync("connect");
            Assert.Equal("open SmcD None", await neighbour.LineAsync("open"));
            Assert.Equal(Done(seed), await there.LineAsync("done"));
            await using Ends ends = await here.ConnectAsync();
            Assert.Equal((SmcMode.SmcD, SmcMode.SmcD), (ends.Client.Mode, ends.Server.Mode));
            await Exchange.BothWaysAsync(ends, Bytes, seed);
        }
    }

    [PrivilegedFact]
    public async Task A_listener_whose_address_leads_elsewhere_from_here_is_given_up_before_the_first_CLC_byte()
    {
        // Beyond loopback an address may be routed from one namespace to another, so that the entry counts: the match decides.
        int seed = Seed.Take(output);
        (PeerProcess plain, IPEndPoint at) = await ServeAsync("tcp-serve", "sink", "at=192.0.2.1:0", NewNamespace);
        await ServeAsync("serve", "sink", FolderArgument, $"at={at}", NewNamespace);
        PeerProcess client = await ClientOfAsync(plain, at, seed, ShortMatch);
        await client.TellAsync("connect");
        Assert.Equal("open Tcp MatchTimeout", await client.LineAsync("open"));
        Assert.Equal(Done(seed), await plain.LineAsync("done"));
    }

    /// <summary>A client in the namespace of another process.</summary>
    private Task<PeerProcess> ClientOfAsync(PeerProcess other, IPEndPoint at, int seed, params string[] more) =>
        ReadyAsync(["connect", "source", FolderArgument, $"at={at}", $"netns={other.Id}", $"bytes={Bytes}", $"seed={seed}", .. more]);

    private static string Done(int seed) => $"done {Bytes} {Exchange.Sha(SeededBytes.Take(Bytes, seed))}";
}
