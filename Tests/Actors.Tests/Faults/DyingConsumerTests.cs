using System.Net.Sockets;
using Actors.Tests.Harness;
using Xunit.Abstractions;

namespace Actors.Tests.Faults;

/// <summary>A client process is killed at each step of a read, while this end sleeps in a write at the full window: a thread or an operation.</summary>
[Collection(Alone.Name)]
public sealed class DyingConsumerTests(ITestOutputHelper output) : RendezvousTest
{
    [Theory]
    [InlineData("dies-before-it-reads")]
    [InlineData("dies-after-making-room")]
    [InlineData("dies-after-taking-the-writer")]
    public async Task A_writer_that_waits_for_room_is_reset_and_nothing_is_left_behind(string step)
    {
        Pair pair = await StartPairAsync();
        ProcessResources before = await ProcessResources.CountAsync(pair);
        foreach (bool sync in new[] { false, true })
        {
            HostilePair dying = await HostilePair.OpenAsync(pair, args => ReadyAsync([.. args, FolderArgument]), step, Seed.Take(output));
            Task<SocketError> writing = sync ? OnThread.WriteToBreakAsync(dying.Stream) : Exchange.WriteToBreakAsync(dying.Stream);
            await pair.Server.WriterAsleepAsync(dying.Stream, writing);
            await dying.Peer.TellAsync("attack");
            Assert.Equal(SocketError.ConnectionReset, await writing.Guard());
            await Assert.ThrowsAsync<IOException>(() => dying.Stream.WriteAsync(new byte[1]).Guard());
            await dying.EndAsync();
            await pair.DmbsAsync(0);
            await before.ComeBackAsync();
        }
    }
}
