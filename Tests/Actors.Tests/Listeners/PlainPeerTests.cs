using System.Net;
using System.Net.Sockets;
using Actors.Tests.Harness;
using Smc.Actors;
using Smc.Peer;
using Smc.Peer.Handshakes;
using Smc.Transport;
using Smc.Transport.Wire;
using Xunit.Abstractions;

namespace Actors.Tests.Listeners;

/// <summary>One end knows nothing of SMC.</summary>
public sealed class PlainPeerTests(ITestOutputHelper output) : RendezvousTest
{
    private const int Bytes = 400_000;

    [Fact]
    public async Task A_server_that_is_not_SMC_gets_the_clients_bytes_and_no_others()
    {
        int seed = Seed.Take(output);
        SmcRuntime runtime = await StartRuntimeAsync();
        (PeerProcess peer, IPEndPoint at) = await ServeAsync("tcp-serve", "sink");
        await using (SmcStream stream = await runtime.ConnectAsync(at).Guard())
        {
            Assert.Equal((SmcMode.Tcp, SmcReason.PeerNoSmc), (stream.Mode, stream.FallbackReason));
            await Exchange.SendAsync(stream, Bytes, seed);
        }

        Assert.Equal($"done {Bytes} {Exchange.Sha(SeededBytes.Take(Bytes, seed))}", await peer.LineAsync("done"));
        Assert.Equal(1, runtime.Connections.Fallbacks[SmcReason.PeerNoSmc]);
    }

    [Fact]
    public async Task A_server_that_is_not_SMC_gets_no_CLC_byte_on_the_port_of_a_dead_one_whose_entry_is_swept()
    {
        int seed = Seed.Take(output);
        SmcRuntime runtime = await StartRuntimeAsync();
        (PeerProcess dead, IPEndPoint at) = await ServeAsync("serve", "sink", FolderArgument);
        await using (SmcStream smc = await runtime.ConnectAsync(at).Guard()) Assert.Equal(SmcMode.SmcD, smc.Mode);
        await dead.KillAsync();
        string[] entries = Directory.GetFiles(Folder, "*.entry");

        (PeerProcess peer, IPEndPoint taken) = await ServeAsync("tcp-serve", "sink", $"at={at}");
        Assert.Equal(at, taken);
        await using (SmcStream stream = await runtime.ConnectAsync(at).Guard())
        {
            Assert.Equal(SmcMode.Tcp, stream.Mode);
            await Exchange.SendAsync(stream, Bytes, seed);
        }

        Assert.Equal($"done {Bytes} {Exchange.Sha(SeededBytes.Take(Bytes, seed))}", await peer.LineAsync("done"));
        await (await runtime.ConnectAsync(at).Guard()).DisposeAsync();
        Assert.Single(entries);
        Assert.Empty(Directory.GetFiles(Folder, "*.entry"));
    }

    [Theory]
    [InlineData("silent", "200ms", SmcReason.MatchTimeout)]
    [InlineData("same", "200ms", SmcReason.MatchTimeout)]
    [InlineData("another", "50s", SmcReason.ControlSocketLost)]
    public async Task A_server_that_is_not_SMC_gets_no_CLC_byte_on_the_port_of_a_dead_one_whose_control_socket_another_process_holds(
        string hello, string matchTimeout, SmcReason reason)
    {
        int seed = Seed.Take(output);
        SmcRuntime runtime = await StartRuntimeAsync($"smc.handshake.match-timeout = {matchTimeout}");
        (PeerProcess dead, IPEndPoint at) = await ServeAsync("serve", "sink", FolderArgument);
        string entry = Assert.Single(Directory.GetFiles(Folder, "*.entry"));
        await dead.KillAsync();
        (PeerProcess peer, _) = await ServeAsync("tcp-serve", "sink", $"at={at}");
        await ReadyAsync("impostor", hello, FolderArgument, $"at={at}", $"gid={Path.GetFileNameWithoutExtension(entry)}");
        await using (SmcStream stream = await runtime.ConnectAsync(at).Guard())
        {
            Assert.Equal((SmcMode.Tcp, reason), (stream.Mode, stream.FallbackReason));
            await Exchange.SendAsync(stream, Bytes, seed);
        }

        Assert.Equal($"done {Bytes} {Exchange.Sha(SeededBytes.Take(Bytes, seed))}", await peer.LineAsync("done"));
        Assert.True(File.Exists(entry));
    }

    [Fact]
    public async Task A_client_that_is_not_SMC_speaks_first_and_its_bytes_are_untouched()
    {
        int seed = Seed.Take(output);
        SmcRuntime runtime = await StartRuntimeAsync();
        await using ISmcListener listener = await runtime.ListenAsync(Loopback);
        PeerProcess peer = await ReadyAsync("tcp-connect", "source", $"at={listener.LocalEndPoint}", $"bytes={Bytes}", $"seed={seed}");
        await peer.TellAsync("connect");
        await using SmcStream stream = await listener.AcceptAsync().Guard();
        Assert.Equal((SmcMode.Tcp, SmcReason.PeerNoSmc), (stream.Mode, stream.FallbackReason));
        Assert.Equal(Exchange.Sha(SeededBytes.Take(Bytes, seed)), Exchange.Sha(await Exchange.ReadToEndAsync(stream)));
    }

    [Fact]
    public async Task A_server_speaks_first_to_a_client_that_is_not_SMC()
    {
        int seed = Seed.Take(output);
        SmcRuntime runtime = await StartRuntimeAsync();
        await using ISmcListener listener = await runtime.ListenAsync(Loopback);
        PeerProcess peer = await ReadyAsync("tcp-connect", "sink", $"at={listener.LocalEndPoint}");
        await peer.TellAsync("connect");
        await using (SmcStream stream = await listener.AcceptAsync().Guard()) await Exchange.SendAsync(stream, Bytes, seed);
        Assert.Equal($"done {Bytes} {Exchange.Sha(SeededBytes.Take(Bytes, seed))}", await peer.LineAsync("done"));
    }

    [Fact]
    public async Task Bytes_that_look_like_a_handshake_are_the_applications_where_nobody_announced_one()
    {
        SmcRuntime runtime = await StartRuntimeAsync();
        await using ISmcListener listener = await runtime.ListenAsync(Loopback);
        PeerProcess peer = await ReadyAsync("tcp-connect", "proposal", $"at={listener.LocalEndPoint}");
        await peer.TellAsync("connect");
        byte[] read;
        await using (SmcStream stream = await listener.AcceptAsync().Guard())
        {
            Assert.Equal(SmcMode.Tcp, stream.Mode);
            read = await Exchange.ReadToEndAsync(stream);
        }

        Assert.Equal(ScriptedClient.ProposalOf(SmcGid.NewRandom()).Length, read.Length);
        Assert.Equal($"done {read.Length} {Exchange.Sha(read)}", await peer.LineAsync("done"));
    }

    [Fact]
    public async Task Nobody_listens_and_the_client_hears_it()
    {
        SmcRuntime runtime = await StartRuntimeAsync();
        ISmcListener listener = await runtime.ListenAsync(Loopback);
        await listener.DisposeAsync();
        SocketException refused = await Assert.ThrowsAsync<SocketException>(() => runtime.ConnectAsync(listener.LocalEndPoint).Guard());
        Assert.Equal(SocketError.ConnectionRefused, refused.SocketErrorCode);
    }

    [Fact]
    public async Task A_port_in_use_is_a_socket_exception()
    {
        SmcRuntime runtime = await StartRuntimeAsync();
        await using ISmcListener listener = await runtime.ListenAsync(Loopback);
        SocketException busy = await Assert.ThrowsAsync<SocketException>(() => runtime.ListenAsync(listener.LocalEndPoint).Guard());
        Assert.Equal(SocketError.AddressAlreadyInUse, busy.SocketErrorCode);
    }
}
