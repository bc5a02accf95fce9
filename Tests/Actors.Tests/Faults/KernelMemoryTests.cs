using System.Net;
using System.Runtime.Versioning;
using Actors.Tests.Harness;
using Smc.Actors;
using Smc.Transport;
using Xunit.Abstractions;

namespace Actors.Tests.Faults;

/// <summary>The kernel has no memory for what a peer process takes beside shared memory: a Unix socket, one more descriptor to watch, the files of
/// the rendezvous folder. Its connections are TCP, and those that there are already go on.</summary>
[Collection(Alone.Name)]
public sealed class KernelMemoryTests(ITestOutputHelper output) : RendezvousTest
{
    private const int Bytes = 100_000;
    private const int Attempts = 3;

    [Fact]
    public async Task A_client_without_memory_for_a_control_socket_goes_on_with_TCP()
    {
        (PeerProcess peer, IPEndPoint at) = await WarmUp.ClientAsync(Own, FolderArgument);
        SmcRuntime runtime = await StartRuntimeAsync();
        await using ISmcListener listener = await runtime.ListenAsync(at);
        await peer.ObeyedAsync("nomemory socket 0");
        for (int i = 0; i < Attempts; i++)
        {
            await peer.TellAsync("connect");
            await using SmcStream stream = await listener.AcceptAsync().Guard();
            Assert.Equal(SmcMode.Tcp, stream.Mode);
            Assert.Equal($"open Tcp {SmcReason.OutOfMemory}", await peer.LineAsync("open "));
            await Exchange.EchoAsync(stream, Bytes, Seed.Take(output));
            await stream.DisposeAsync();
            await peer.LineAsync("done");
        }
    }

    [Fact]
    public async Task A_server_without_memory_for_Unix_sockets_of_its_own_takes_those_of_others()
    {
        (PeerProcess peer, IPEndPoint at) = await PeerProcess.ListeningAsync(keepsItsThreads: true, "serve", "echo", FolderArgument);
        Own(peer);
        await WarmUp.SharedServerAsync(peer, at, await StartRuntimeAsync());
        await peer.ObeyedAsync("nomemory socket 0");
        await using SmcStream stream = await (await StartRuntimeAsync()).ConnectAsync(at).Guard();
        Assert.Equal("open SmcD None", await peer.LineAsync("open "));
        await Exchange.EchoAsync(stream, Bytes, Seed.Take(output));
    }

    [Fact]
    public async Task A_server_that_cannot_watch_one_more_hangs_up_its_clients_are_TCP_and_its_connections_go_on()
    {
        (PeerProcess peer, IPEndPoint at) = await PeerProcess.ListeningAsync(keepsItsThreads: true, "serve", "echo", FolderArgument);
        Own(peer);
        await using SmcStream open = await (await StartRuntimeAsync()).ConnectAsync(at).Guard();
        Assert.Equal("open SmcD None", await peer.LineAsync("open "));
        SmcRuntime runtime = await StartRuntimeAsync();
        await peer.ObeyedAsync("nomemory watch 0");
        for (int i = 0; i < Attempts; i++)
        {
            await using SmcStream stream = await runtime.ConnectAsync(at).Guard();
            Assert.Equal((SmcMode.Tcp, SmcReason.ControlSocketLost), (stream.Mode, stream.FallbackReason));
            Assert.StartsWith("open Tcp ", await peer.LineAsync("open "), StringComparison.Ordinal);
        }

        Assert.Equal(Attempts, runtime.Connections.Fallbacks[SmcReason.ControlSocketLost]);
        await Exchange.EchoAsync(open, Bytes, Seed.Take(output));
    }

    [Fact]
    public async Task A_client_that_cannot_watch_one_more_goes_on_with_TCP_and_its_connections_go_on()
    {
        (PeerProcess peer, IPEndPoint at) = await WarmUp.ClientAsync(Own, FolderArgument);
        SmcRuntime first = await StartRuntimeAsync();
        SmcRuntime second = await StartRuntimeAsync();
        ISmcListener listener = await first.ListenAsync(at);
        await peer.TellAsync("connect");
        await using SmcStream open = await listener.AcceptAsync().Guard();
        Assert.Equal("open SmcD None", await peer.LineAsync("open "));
        await listener.DisposeAsync();
        listener = Own(await second.ListenAsync(at));   // another process, as far as its clients know
        await peer.ObeyedAsync("nomemory watch 0");
        for (int i = 0; i < Attempts; i++)
        {
            await peer.TellAsync("connect");
            await using SmcStream stream = await listener.AcceptAsync().Guard();
            Assert.Equal($"open Tcp {SmcReason.ControlSocketLost}", await peer.LineAsync("open "));
            Assert.Equal(SmcMode.Tcp, stream.Mode);
        }

        await Exchange.EchoAsync(open, Bytes, Seed.Take(output));
    }

    [PrivilegedTheory]
    [UnsupportedOSPlatform("windows")]
    [InlineData("serve")]
    [InlineData("connect")]
    public async Task In_a_rendezvous_folder_without_room_a_runtime_starts_and_its_connections_are_TCP(string kind)
    {
        Directory.CreateDirectory(Folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        SmcRuntime runtime = await StartRuntimeAsync();
        await using ISmcListener listener = await runtime.ListenAsync(Loopback);
        PeerProcess peer = Own(PeerProcess.StartWithFullPlace(Folder, kind, "echo", FolderArgument, $"at={(kind == "connect" ? listener.LocalEndPoint : Loopback)}"));
        Assert.Equal("left 0", await peer.LineAsync("left "));
        Task<SmcStream> opening = kind == "connect" ? listener.AcceptAsync().Guard() : ConnectAsync(runtime, await peer.LineAsync("listening "));
        if (kind == "connect")
        {
            await peer.LineAsync("ready");
            await peer.TellAsync("connect");
        }

        await using SmcStream stream = await opening;
        string words = await peer.LineAsync("open ");
        Assert.Equal($"open Tcp {(kind == "connect" ? SmcReason.PeerNoSmc : SmcReason.RegistryUnavailable)}", words);   // a server knows what its own folder lacks
        Assert.Equal((SmcMode.Tcp, SmcReason.PeerNoSmc), (stream.Mode, stream.FallbackReason));
        await Exchange.EchoAsync(stream, Bytes, Seed.Take(output));
    }

    private static Task<SmcStream> ConnectAsync(SmcRuntime runtime, string listening) => runtime.ConnectAsync(IPEndPoint.Parse(listening.Split(' ')[1])).Guard();
}
