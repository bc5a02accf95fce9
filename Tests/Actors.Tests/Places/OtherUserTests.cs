using System.Net;
using System.Runtime.Versioning;
using Actors.Tests.Harness;
using Smc.Actors;
using Smc.Actors.Inspection;
using Smc.Peer;
using Smc.Peer.Places;
using Smc.Transport;
using Smc.Transport.Paths.Smcd.Rendezvous;
using Xunit.Abstractions;

namespace Actors.Tests.Places;

/// <summary>A process of another user at the rendezvous folder.</summary>
[SupportedOSPlatform("linux")]
public sealed class OtherUserTests(ITestOutputHelper output) : RendezvousTest
{
    private const int Bytes = 100_000;
    private const UnixFileMode ForAll = (UnixFileMode)0b111_111_111;

    [PrivilegedFact]
    public async Task Another_user_cannot_enter_the_folder_and_is_plain()
    {
        Pair pair = await StartPairAsync();
        Assert.Equal("control closed: AccessDenied", await KnockAsync(pair, "path"));
        Assert.Equal(0, CredentialsRefused(pair.Server));
    }

    [PrivilegedTheory]
    [InlineData("path")]
    [InlineData("link")]
    [InlineData("descriptor")]
    public async Task Another_user_whom_somebody_lets_at_the_control_socket_is_refused_and_counted(string way)
    {
        int seed = Seed.Take(output);
        Pair pair = await StartPairAsync();
        await using Ends neighbours = await pair.ConnectAsync();
        Task exchange = Exchange.BothWaysAsync(neighbours, 2_000_000, seed);
        if (way == "path") File.SetUnixFileMode(Folder, ForAll);

        Assert.Equal("control 0 bytes", await KnockAsync(pair, way));
        Assert.Equal(1, CredentialsRefused(pair.Server));
        await exchange;
        await using Ends next = await pair.ConnectAsync();
        Assert.Equal(SmcMode.SmcD, next.Client.Mode);
        await Exchange.BothWaysAsync(next, Bytes, seed + 1);
    }

    [PrivilegedFact]
    public async Task A_control_socket_that_another_user_holds_is_refused_and_counted_and_the_server_gets_no_CLC_byte()
    {
        int seed = Seed.Take(output);
        SmcRuntime runtime = await StartRuntimeAsync();
        (PeerProcess plain, IPEndPoint at) = await ServeAsync("tcp-serve", "sink");
        await ReadyAsync("impostor", "same", FolderArgument, $"at={at}", $"gid={Guid.NewGuid()}", "user=nobody");
        await using (SmcStream stream = await runtime.ConnectAsync(at).Guard())
        {
            Assert.Equal((SmcMode.Tcp, SmcReason.CredentialsRefused), (stream.Mode, stream.FallbackReason));
            await Exchange.SendAsync(stream, Bytes, seed);
        }

        Assert.Equal($"done {Bytes} {Exchange.Sha(SeededBytes.Take(Bytes, seed))}", await plain.LineAsync("done"));
        Assert.Equal(1, CredentialsRefused(runtime));
    }

    [PrivilegedFact]
    public async Task An_entry_that_another_user_owns_is_none()
    {
        int seed = Seed.Take(output);
        SmcRuntime first = await StartRuntimeAsync();
        (PeerProcess server, IPEndPoint at) = await ServeAsync("serve", "sink", FolderArgument);
        await using (SmcStream stream = await first.ConnectAsync(at).Guard()) Assert.Equal(SmcMode.SmcD, stream.Mode);

        User.Give(Assert.Single(Directory.GetFiles(Folder, "*.entry")), User.Nobody);
        SmcRuntime second = await StartRuntimeAsync();
        await using (SmcStream stream = await second.ConnectAsync(at).Guard())
        {
            Assert.Equal((SmcMode.Tcp, SmcReason.PeerNoSmc), (stream.Mode, stream.FallbackReason));
            await Exchange.SendAsync(stream, Bytes, seed);
        }

        await server.LineAsync("open Tcp PeerNoSmc");
        Assert.Equal($"done {Bytes} {Exchange.Sha(SeededBytes.Take(Bytes, seed))}", await server.LineAsync("done"));
    }

    /// <summary>A stranger knocks at the control socket, announces a connection and sends a Proposal, which arrive as an application's.</summary>
    /// <returns>What came of the knock.</returns>
    private async Task<string> KnockAsync(Pair pair, string way)
    {
        string socket = EntryOf(pair.Server).SocketName;
        File.SetUnixFileMode(Path.GetDirectoryName(Folder)!, ForAll);
        File.SetUnixFileMode(Path.Combine(Folder, socket), ForAll);
        PeerProcess stranger = await ReadyAsync(
            "stranger", way, FolderArgument, $"at={pair.Listener.LocalEndPoint}", $"socket={socket}");
        await stranger.TellAsync("connect");
        string control = await stranger.LineAsync("control");
        byte[] read;
        await using (SmcStream stream = await pair.Listener.AcceptAsync().Guard())
        {
            Assert.Equal((SmcMode.Tcp, SmcReason.PeerNoSmc), (stream.Mode, stream.FallbackReason));
            read = await Exchange.ReadToEndAsync(stream);
        }

        Assert.Equal($"done {read.Length} {Exchange.Sha(read)}", await stranger.LineAsync("done"));
        return control;
    }

    private static RegistryEntry EntryOf(SmcRuntime runtime) => new(runtime.Device.Rendezvous!.Gid, 0, []);

    /// <summary>As the violations tell it.</summary>
    private static long CredentialsRefused(SmcRuntime runtime)
    {
        ViolationReport? told = runtime.Device.Rules.Report().SingleOrDefault();
        if (told is not null) Assert.Equal(("credentials", "ForeignUser"), (told.Layer, told.Rule));
        Assert.Equal(runtime.Device.Rendezvous!.Counters.CredentialsRefused, told?.Times.Count ?? 0);
        return told?.Times.Count ?? 0;
    }
}
