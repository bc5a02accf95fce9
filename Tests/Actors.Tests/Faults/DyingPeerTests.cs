using System.Net.Sockets;
using Actors.Tests.Harness;
using Smc.Peer;
using Smc.Transport;
using Xunit.Abstractions;

namespace Actors.Tests.Faults;

/// <summary>A client process is killed after each step of a write and of a close, while this end sleeps in a read: a thread or an operation.</summary>
[Collection(Alone.Name)]
public sealed class DyingPeerTests(ITestOutputHelper output) : RendezvousTest
{
    [Theory]
    [InlineData("dies-before-it-copies", 0, SocketError.ConnectionReset)]
    [InlineData("dies-after-copying", 0, SocketError.ConnectionReset)]
    [InlineData("dies-after-publishing", HostilePair.Honest, SocketError.ConnectionReset)]
    [InlineData("dies-after-taking-the-sleeper", HostilePair.Honest, SocketError.ConnectionReset)]
    [InlineData("dies-after-the-bell", HostilePair.Honest, SocketError.ConnectionReset)]
    [InlineData("dies-after-closing", HostilePair.Honest, SocketError.Success)]
    public async Task What_was_published_is_read_and_then_the_end(string step, int bytes, SocketError end)
    {
        Pair pair = await StartPairAsync();
        ProcessResources before = await ProcessResources.CountAsync(pair);
        foreach (bool sync in new[] { false, true })
        {
            HostilePair dying = await HostilePair.OpenAsync(pair, args => ReadyAsync([.. args, FolderArgument]), step, Seed.Take(output));
            Task<(byte[] Bytes, SocketError Error)> reading = sync ? OnThread.ReadToBreakAsync(dying.Stream) : Exchange.ReadToBreakAsync(dying.Stream);
            await dying.Peer.TellAsync("attack");
            (byte[] read, SocketError error) = await reading.Guard();
            Assert.Equal((bytes, end), (read.Length, error));
            Assert.Equal(SeededBytes.Take(bytes, dying.PeerSeed), read);
            await dying.EndAsync();
            await pair.DmbsAsync(0);
            await before.ComeBackAsync();
        }
    }

    [Fact]
    public async Task A_peer_that_is_stopped_is_waited_for_and_loses_no_byte()
    {
        const int Bytes = 3_000_000;
        int seed = Seed.Take(output);
        Pair pair = await StartPairAsync();
        PeerProcess peer = await ReadyAsync("connect", "echo", FolderArgument, $"at={pair.Listener.LocalEndPoint}");
        ValueTask<SmcStream> accepting = pair.Listener.AcceptAsync();
        await peer.TellAsync("connect");
        await using SmcStream stream = await accepting.Guard();
        Task echo = Exchange.EchoAsync(stream, Bytes, seed);
        await Eventually.TrueAsync(() => Task.FromResult(stream.Statistics.BytesRead > 0), "the echo to begin");
        await peer.StopAsync();
        await using (Ends other = await pair.ConnectAsync()) await Exchange.BothWaysAsync(other, 1_000_000, seed + 1);
        Assert.False(echo.IsFaulted);
        await peer.SignalAsync("CONT");
        await echo.Guard();
    }
}
