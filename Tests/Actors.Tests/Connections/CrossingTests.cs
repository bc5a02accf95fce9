using System.Net.Sockets;
using Actors.Tests.Harness;
using Smc.Peer.Handshakes;
using Smc.Transport;
using Smc.Transport.Wire;
using Xunit.Abstractions;

namespace Actors.Tests.Connections;

/// <summary>The match of one end and the cancel of the other are on their way at once.</summary>
public sealed class CrossingTests(ITestOutputHelper output) : RendezvousTest
{
    [Fact]
    public async Task A_match_that_comes_after_the_cancel_changes_nothing()
    {
        using var server = new ScriptedServer(Folder);
        PeerProcess client = await ReadyAsync("connect", "echo", FolderArgument, $"at={server.EndPoint}", "hocon=smc.handshake.match-timeout = 200ms");
        await client.TellAsync("connect");
        Assert.True(await server.AcceptConnectionAsync().Guard());
        await server.CanceledAsync();
        server.Match();
        Assert.Equal("open Tcp MatchTimeout", await client.LineAsync("open"));
        byte[] proposal = ScriptedClient.ProposalOf(SmcGid.NewRandom());
        await server.Socket.SendAsync(proposal);   // an application's, as it happens
        Assert.Equal(proposal, await server.ReadClcAsync());
        server.Socket.Shutdown(SocketShutdown.Send);
        Assert.Equal($"done {proposal.Length} {Exchange.Sha(proposal)}", await client.LineAsync("done"));
        Assert.Empty(await server.ReadClcAsync());

        await client.TellAsync("connect");   // the control socket has not been spoiled
        Assert.True(await server.AcceptConnectionAsync().Guard());
        server.Match();
        Assert.NotEmpty(await server.ReadClcAsync());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    public async Task A_client_and_a_server_that_decide_at_one_moment_agree_whatever_it_is(int milliseconds)
    {
        int seed = Seed.Take(output);
        Pair pair = await StartPairAsync(clientHocon: $"smc.handshake.match-timeout = {milliseconds}ms");
        for (int i = 0; i < 50; i++)
        {
            await using Ends ends = await pair.ConnectAsync();
            Assert.Equal(ends.Client.Mode, ends.Server.Mode);
            await Exchange.BothWaysAsync(ends, 1000, seed + i);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public async Task A_caller_who_cancels_at_any_moment_leaves_no_CLC_byte_to_the_server(int milliseconds)
    {
        Pair pair = await StartPairAsync();
        ConcurrentReads reads = new(pair.Listener);
        for (int i = 0; i < 50; i++)
        {
            using var caller = new CancellationTokenSource(TimeSpan.FromMilliseconds(milliseconds));
            try
            {
                await (await pair.Client.ConnectAsync(pair.Listener.LocalEndPoint, caller.Token).Guard()).DisposeAsync();
            }
            catch (OperationCanceledException)
            {
                // In time.
            }
        }

        await using SmcStream last = await pair.Client.ConnectAsync(pair.Listener.LocalEndPoint).Guard();
        await last.WriteAsync(ConcurrentReads.Marker);
        last.ShutdownWrite();
        await reads.MarkedAsync();
        Assert.Equal(0, reads.OtherBytes);
    }

    /// <summary>Reads all that a listener accepts to its end: nothing, but for one connection that sends the marker.</summary>
    private sealed class ConcurrentReads
    {
        private readonly TaskCompletionSource _marked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private long _otherBytes;

        public ConcurrentReads(ISmcListener listener) => _ = AcceptAsync(listener);

        public static byte[] Marker { get; } = [4, 2];

        /// <summary>Bytes that came, the marker apart.</summary>
        public long OtherBytes => Volatile.Read(ref _otherBytes);

        public Task MarkedAsync() => _marked.Task.Guard();

        private async Task AcceptAsync(ISmcListener listener)
        {
            try
            {
                while (true) _ = ReadAsync(await listener.AcceptAsync());
            }
            catch (ObjectDisposedException)
            {
                // The test is over.
            }
        }

        private async Task ReadAsync(SmcStream stream)
        {
            await using (stream)
            {
                (byte[] bytes, _) = await Exchange.ReadToBreakAsync(stream);
                if (bytes.SequenceEqual(Marker)) _marked.TrySetResult();
                else Interlocked.Add(ref _otherBytes, bytes.Length);
            }
        }
    }
}
