using System.Net;
using Actors.Tests.Harness;
using Smc.Actors;
using Smc.Transport;
using Xunit.Abstractions;

namespace Actors.Tests.Faults;

/// <summary>
/// A process meets its first peer with room for so many descriptors: the theory's numbers lead through every place where a handshake takes one
/// (the folder, control socket, TCP connection, memory of the group and of a slab, a descriptor that comes), and -1 takes the reactor's spare one
/// too. Whatever it is, both ends know what has become of the connection, nothing is left of it, and with descriptors the next one is on shared
/// memory.
/// </summary>
[Collection(Alone.Name)]
public sealed class DescriptorScarcityTests(ITestOutputHelper output) : RendezvousTest
{
    private const int Bytes = 100_000;

    private const int ForASocket = 1;

    /// <summary>Slabs of the largest class hold so many DMBs: the next connection needs another slab.</summary>
    private const int DmbsOfALargeSlab = 4;

    private const string Large = "smc.buffers.size = 1MiB";

    private const string Enough = "descriptors 50";

    /// <summary>A client that waits for a server without a descriptor for its connection hears nothing: TCP, when this is over.</summary>
    private const string MatchTimeout = "smc.handshake.match-timeout = 5s";

    public static TheoryData<int> Rooms => [-1, 0, 1, 2, 3, 4, 5];

    [Theory]
    [MemberData(nameof(Rooms))]
    public async Task A_server_with_room_for_few_descriptors_serves_and_says_how(int room)
    {
        int seed = Seed.Take(output);
        (PeerProcess peer, IPEndPoint at) = await PeerProcess.ListeningAsync(keepsItsThreads: true, "serve", "echo", FolderArgument);
        Own(peer);
        await WarmUp.ServerAsync(peer, at);
        await WarmUp.SharedServerAsync(peer, at, await StartRuntimeAsync());
        ProcessResources before = ProcessResources.Count(peer);
        SmcRuntime runtime = await StartRuntimeAsync(MatchTimeout);

        await peer.ObeyedAsync($"descriptors {room}");
        int heard = peer.Heard;
        await using (SmcStream stream = await runtime.ConnectAsync(at).Guard())
        {
            await peer.ObeyedAsync(Enough);   // from here on it accepts what waits
            AssertAgree(stream, await peer.LineAsync("open ", heard));
            await Exchange.EchoAsync(stream, Bytes, seed);
        }

        await peer.LineAsync("done", heard);
        await using (SmcStream next = await runtime.ConnectAsync(at).Guard())
        {
            Assert.Equal("open SmcD None", await peer.LineAsync("open "));
            await Exchange.EchoAsync(next, Bytes, seed + 1);
        }

        await runtime.DmbsAsync(0);
        await runtime.DisposeAsync();
        await before.ComeBackAsync();
    }

    [Theory]
    [MemberData(nameof(Rooms))]
    public async Task A_client_with_room_for_few_descriptors_connects_or_is_refused_and_says_how(int room)
    {
        int seed = Seed.Take(output);
        (PeerProcess peer, IPEndPoint at) = await WarmUp.ClientAsync(Own, FolderArgument);
        await WarmUp.SharedClientAsync(peer, at, await StartRuntimeAsync());
        ProcessResources before = ProcessResources.Count(peer);
        SmcRuntime runtime = await StartRuntimeAsync();
        ISmcListener listener = await runtime.ListenAsync(at);
        Task<SmcStream> accepting = listener.AcceptAsync().Guard();

        await peer.ObeyedAsync($"descriptors {room}");
        await peer.TellAsync("connect");
        string outcome = await peer.LineAsync("open ", "refused ");
        Assert.NotEqual($"open Tcp {SmcReason.PeerNoSmc}", outcome);   // who cannot look does not know that
        if (outcome != "refused TooManyOpenSockets")
        {
            await using SmcStream stream = await accepting;
            AssertAgree(stream, outcome);
            await Exchange.EchoAsync(stream, Bytes, seed);
            await stream.DisposeAsync();
            await peer.LineAsync("done");
            accepting = listener.AcceptAsync().Guard();
        }

        await peer.ObeyedAsync(Enough);
        await peer.TellAsync("connect");
        await using (SmcStream next = await accepting)
        {
            Assert.Equal("open SmcD None", await peer.LineAsync("open "));
            await Exchange.EchoAsync(next, Bytes, seed + 1);
        }

        await runtime.DmbsAsync(0);
        await runtime.DisposeAsync();
        await before.ComeBackAsync();
    }

    [Fact]
    public async Task A_server_without_a_descriptor_for_memory_that_comes_refuses_it_and_serves_on_TCP()
    {
        (PeerProcess peer, IPEndPoint at) = await PeerProcess.ListeningAsync(keepsItsThreads: true, "serve", "echo", FolderArgument);
        Own(peer);
        await WarmUp.ServerAsync(peer, at);
        SmcRuntime runtime = await StartRuntimeAsync(Large);
        var open = new List<SmcStream>();
        for (int i = 0; i < DmbsOfALargeSlab; i++)
        {
            open.Add(await runtime.ConnectAsync(at).Guard());
            Assert.Equal("open SmcD None", await peer.LineAsync("open "));
        }

        await peer.ObeyedAsync($"descriptors {ForASocket}");   // the server's own slab has room, the client's has none
        await using (SmcStream stream = await runtime.ConnectAsync(at).Guard())
        {
            Assert.Equal("open Tcp PeerDeclined", await peer.LineAsync("open "));
            Assert.Equal((SmcMode.Tcp, SmcReason.DescriptorsExhausted), (stream.Mode, stream.FallbackReason));
            await Exchange.EchoAsync(stream, Bytes, Seed.Take(output));
        }

        await GoOnAsync(open);
        await runtime.DmbsAsync(0);
    }

    [Fact]
    public async Task A_client_without_a_descriptor_for_memory_of_its_own_declines_and_goes_on_with_TCP()
    {
        (PeerProcess peer, IPEndPoint at) = await WarmUp.ClientAsync(Own, FolderArgument, $"hocon={Large}");
        SmcRuntime runtime = await StartRuntimeAsync();
        await using ISmcListener listener = await runtime.ListenAsync(at);
        var open = new List<SmcStream>();
        for (int i = 0; i < DmbsOfALargeSlab; i++)
        {
            await peer.TellAsync("connect");
            open.Add(await listener.AcceptAsync().Guard());
            Assert.Equal("open SmcD None", await peer.LineAsync("open "));
        }

        await peer.ObeyedAsync($"descriptors {ForASocket}");   // the server's slab has room, the client's own has none
        await peer.TellAsync("connect");
        await using (SmcStream stream = await listener.AcceptAsync().Guard())
        {
            Assert.Equal("open Tcp DescriptorsExhausted", await peer.LineAsync("open "));
            Assert.Equal((SmcMode.Tcp, SmcReason.PeerDeclined), (stream.Mode, stream.FallbackReason));
            await Exchange.EchoAsync(stream, Bytes, Seed.Take(output));
        }

        await GoOnAsync(open);
        await runtime.DmbsAsync(0);
    }

    [Fact]
    public async Task A_client_that_refuses_the_memory_of_more_groups_than_one_server_has_is_back_on_shared_memory_when_it_can()
    {
        const int Refusals = 130;
        const int ForASocketAndItsControlSocket = ForASocket + 1;
        (PeerProcess peer, IPEndPoint at) = await WarmUp.ClientAsync(Own, FolderArgument);
        await WarmUp.SharedClientAsync(peer, at, await StartRuntimeAsync());
        SmcRuntime runtime = await StartRuntimeAsync();
        await using ISmcListener listener = await runtime.ListenAsync(at);
        await peer.ObeyedAsync($"descriptors {ForASocketAndItsControlSocket}");
        Directory.SetLastWriteTimeUtc(Folder, DateTime.UnixEpoch);   // read once, for that takes two descriptors
        for (int i = 0; i < Refusals; i++)
        {
            await peer.TellAsync("connect");
            await using SmcStream stream = await listener.AcceptAsync().Guard();
            Assert.Equal("open Tcp DescriptorsExhausted", await peer.LineAsync("open "));
            Assert.Equal(SmcReason.PeerDeclined, stream.FallbackReason);
            await stream.DisposeAsync();
            await peer.LineAsync("done");   // and its descriptor is free
        }

        await peer.ObeyedAsync(Enough);
        await peer.TellAsync("connect");
        await using SmcStream next = await listener.AcceptAsync().Guard();
        Assert.Equal("open SmcD None", await peer.LineAsync("open "));
    }

    private async Task GoOnAsync(List<SmcStream> open)
    {
        foreach (SmcStream stream in open)
        {
            await Exchange.EchoAsync(stream, Bytes, Seed.Take(output));
            await stream.DisposeAsync();
        }
    }

    /// <summary>Both are on shared memory, or both on TCP and know why.</summary>
    private void AssertAgree(SmcStream stream, string peer)
    {
        output.WriteLine($"this end {stream.Mode} {stream.FallbackReason}, the peer {peer}");
        string[] words = peer.Split(' ');
        Assert.Equal($"open {stream.Mode}", $"{words[0]} {words[1]}");
        bool isShared = stream.Mode == SmcMode.SmcD;
        Assert.Equal((isShared, isShared), (stream.FallbackReason == SmcReason.None, words[2] == $"{SmcReason.None}"));
    }
}
