using System.Net;
using Actors.Tests.Harness;
using Smc.Actors;
using Smc.Transport;
using Xunit.Abstractions;

namespace Actors.Tests.Faults;

/// <summary>The kernel has no memory for a peer process: one of the calls that shared memory takes fails there. Memory that is committed at once
/// (prefaulted, and control regions always) fails before anybody touches it.</summary>
[Collection(Alone.Name)]
public sealed class MemoryScarcityTests(ITestOutputHelper output) : RendezvousTest
{
    private const int Bytes = 200_000;

    /// <summary>Slabs of the largest class hold so many DMBs: the next connection needs another slab.</summary>
    private const int DmbsOfALargeSlab = 4;

    private const string Large = "smc.buffers.size = 1MiB";

    /// <summary>The calls, and the setting with which they are made.</summary>
    public static TheoryData<string, string> Calls => new()
    {
        { "create", "plain" },
        { "size", "plain" },
        { "map", "plain" },
        { "commit", "prefaulted" },
    };

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task A_server_without_memory_for_a_link_group_serves_on_TCP_and_both_ends_tell_it(string call, string memory)
    {
        SmcRuntime runtime = await StartRuntimeAsync();
        (PeerProcess peer, IPEndPoint at) = await ServerAsync(memory);
        await WarmUp.SharedServerAsync(peer, at, await StartRuntimeAsync());
        ProcessResources before = ProcessResources.Count(peer);
        await peer.ObeyedAsync($"nomemory {call} 1");
        await FallsBackAsync(peer, await runtime.ConnectAsync(at).Guard());
        await runtime.DisposeAsync();
        await before.ComeBackAsync();
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task A_server_without_memory_for_a_slab_serves_on_TCP_and_with_what_it_has(string call, string memory)
    {
        SmcRuntime runtime = await StartRuntimeAsync();
        (PeerProcess peer, IPEndPoint at) = await ServerAsync(memory);
        await WarmUp.SharedServerAsync(peer, at, await StartRuntimeAsync());
        ProcessResources before = ProcessResources.Count(peer);
        var open = new Stack<SmcStream>();
        for (int i = 0; i < DmbsOfALargeSlab; i++)
        {
            open.Push(await runtime.ConnectAsync(at).Guard());
            await peer.LineAsync("open SmcD None");
        }

        await peer.ObeyedAsync($"nomemory {call} 1");
        await FallsBackAsync(peer, await runtime.ConnectAsync(at).Guard());
        foreach (SmcStream stream in open) await Exchange.EchoAsync(stream, Bytes, Seed.Take(output));

        await open.Pop().DisposeAsync();   // its buffer comes back, and the next connection has it
        await peer.LineAsync("done");
        await runtime.DmbsAsync(open.Count);
        await Eventually.TrueAsync(async () =>
        {
            await using SmcStream next = await runtime.ConnectAsync(at).Guard();
            if (next.Mode != SmcMode.SmcD) return false;   // the server hears of it by another way than this runtime
            await Exchange.EchoAsync(next, Bytes, Seed.Take(output));
            return true;
        }, "a connection on shared memory");

        foreach (SmcStream stream in open) await stream.DisposeAsync();
        await runtime.DmbsAsync(0);
        await runtime.DisposeAsync();
        await before.ComeBackAsync();
    }

    [Theory]
    [InlineData("size", "plain")]
    [InlineData("commit", "prefaulted")]
    public async Task A_server_without_memory_for_large_buffers_has_smaller_ones(string call, string memory)
    {
        const int MoreThanASlabOf32KiB = (2 * 1024 * 1024) + 1;
        SmcRuntime runtime = await StartRuntimeAsync();
        (PeerProcess peer, IPEndPoint at) = await ServerAsync(memory);
        await peer.ObeyedAsync($"nomemory {call} {MoreThanASlabOf32KiB}");
        await using SmcStream stream = await runtime.ConnectAsync(at).Guard();
        Assert.Equal("open SmcD None", await peer.LineAsync("open "));
        await Exchange.EchoAsync(stream, Bytes, Seed.Take(output));
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task A_client_without_memory_for_its_first_connection_goes_on_with_TCP_and_both_ends_tell_it(string call, string memory)
    {
        (PeerProcess peer, IPEndPoint at) = await WarmUp.ClientAsync(Own, FolderArgument, Hocon(memory));
        await WarmUp.SharedClientAsync(peer, at, await StartRuntimeAsync());
        ProcessResources before = ProcessResources.Count(peer);
        SmcRuntime runtime = await StartRuntimeAsync();
        ISmcListener listener = await runtime.ListenAsync(at);
        await peer.ObeyedAsync($"nomemory {call} 1");
        await peer.TellAsync("connect");
        await FallsBackAsync(peer, await listener.AcceptAsync().Guard());
        await runtime.DmbsAsync(0);
        await runtime.DisposeAsync();
        await before.ComeBackAsync();
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task A_client_without_memory_for_a_slab_goes_on_with_TCP_and_with_what_it_has(string call, string memory)
    {
        (PeerProcess peer, IPEndPoint at) = await WarmUp.ClientAsync(Own, FolderArgument, Hocon(memory));
        await WarmUp.SharedClientAsync(peer, at, await StartRuntimeAsync());
        ProcessResources before = ProcessResources.Count(peer);
        SmcRuntime runtime = await StartRuntimeAsync(Large);
        ISmcListener listener = await runtime.ListenAsync(at);
        var open = new List<SmcStream>();
        for (int i = 0; i < DmbsOfALargeSlab; i++)
        {
            await peer.TellAsync("connect");
            open.Add(await listener.AcceptAsync().Guard());
            await peer.LineAsync("open SmcD None");
        }

        await peer.ObeyedAsync($"nomemory {call} 1");
        await peer.TellAsync("connect");
        await FallsBackAsync(peer, await listener.AcceptAsync().Guard());
        foreach (SmcStream stream in open)
        {
            await Exchange.EchoAsync(stream, Bytes, Seed.Take(output));
            await stream.DisposeAsync();
        }

        await runtime.DmbsAsync(0);
        await runtime.DisposeAsync();
        await before.ComeBackAsync();
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("prefaulted")]
    public async Task A_full_dev_shm_changes_nothing(string memory)
    {
        SmcRuntime runtime = await StartRuntimeAsync();
        PeerProcess peer = Own(PeerProcess.StartWithFullSharedMemory("serve", "echo", FolderArgument, Hocon(memory)));
        Assert.Equal("left 0", await peer.LineAsync("left "));
        IPEndPoint at = IPEndPoint.Parse((await peer.LineAsync("listening ")).Split(' ')[1]);
        var open = new List<SmcStream>();
        for (int i = 0; i <= DmbsOfALargeSlab; i++)   // two slabs of 4 MiB
        {
            open.Add(await runtime.ConnectAsync(at).Guard());
            Assert.Equal("open SmcD None", await peer.LineAsync("open "));
        }

        foreach (SmcStream stream in open)
        {
            await Exchange.EchoAsync(stream, 3_000_000, Seed.Take(output));   // each page of its buffer
            await stream.DisposeAsync();
        }
    }

    private static string Hocon(string memory) => $"hocon=smc.buffers {{ size = 1MiB, memory = {memory} }}";

    private async Task<(PeerProcess Peer, IPEndPoint At)> ServerAsync(string memory)
    {
        (PeerProcess peer, IPEndPoint at) = await PeerProcess.ListeningAsync(keepsItsThreads: true, "serve", "echo", FolderArgument, Hocon(memory));
        return (Own(peer), at);
    }

    private async Task FallsBackAsync(PeerProcess peer, SmcStream stream)
    {
        await using (stream)
        {
            Assert.Equal("open Tcp OutOfMemory", await peer.LineAsync("open "));
            Assert.Equal((SmcMode.Tcp, SmcReason.PeerDeclined), (stream.Mode, stream.FallbackReason));
            await Exchange.EchoAsync(stream, Bytes, Seed.Take(output));
        }

        await peer.LineAsync("done");
    }
}
