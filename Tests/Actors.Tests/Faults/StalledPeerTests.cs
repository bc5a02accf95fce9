using System.Net;
using Actors.Tests.Harness;
using Smc.Actors;
using Smc.Actors.Inspection;
using Smc.Peer;
using Smc.Transport;
using Xunit.Abstractions;

namespace Actors.Tests.Faults;

/// <summary>A process is stopped for long, with connections of this one.</summary>
public sealed class StalledPeerTests(ITestOutputHelper output) : RendezvousTest
{
    private const int Bytes = 300_000;   // more than the rings of both directions
    private const int Closed = 2;
    /// <summary>Longer than any timer that could take a stopped process for a dead one.</summary>
    private static readonly TimeSpan Stopped = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan Step = TimeSpan.FromSeconds(1);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Its_writer_waits_at_the_full_window_for_a_minute_as_stalled_and_then_every_byte_arrives(bool serves)
    {
        int seed = Seed.Take(output);
        SmcRuntime runtime = await StartRuntimeAsync(VirtualTime.Hocon);
        (PeerProcess peer, SmcStream opened) = await OpenAsync(runtime, serves);
        await using SmcStream stream = opened;
        byte[] data = SeededBytes.Take(Bytes, seed), back = new byte[Bytes];
        await peer.StopAsync();

        using var impatience = new CancellationTokenSource();
        Task canceled = stream.WriteAsync(data, impatience.Token).AsTask();
        await runtime.WriterAsleepAsync(stream, canceled);
        await impatience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => canceled.Guard());
        int written = (int)stream.Statistics.BytesWritten;
        Task writing = stream.WriteAsync(data.AsMemory(written)).AsTask();
        Task<int> reading = stream.ReadAtLeastAsync(back, back.Length).AsTask();
        await runtime.WriterAsleepAsync(stream, writing);
        for (TimeSpan passed = TimeSpan.Zero; passed < Stopped; passed += Step) runtime.Advance(Step);
        await Eventually.TrueAsync(
            async () =>
            {
                Assert.False(writing.IsCompleted);
                return (await runtime.ReportAsync(stream)).IsStalled;
            },
            "the connection to be stalled");
        ConnectionReport report = await runtime.ReportAsync(stream);
        Assert.Equal(("ACTIVE", written), (report.State, (int)report.BytesSent));
        Assert.Contains("stalled: the peer's buffer is full", (await runtime.InspectAsync($"connection -i {report.Id}")).ToText(160), StringComparison.Ordinal);
        Assert.False(writing.IsCompleted || reading.IsCompleted);

        await peer.SignalAsync("CONT");
        await writing.Guard();
        await reading.Guard();
        Assert.Equal(Exchange.Sha(data), Exchange.Sha(back));
        Assert.False((await runtime.ReportAsync(stream)).IsStalled);
    }

    [Theory]
    [InlineData("CONT")]
    [InlineData("KILL")]
    public async Task What_it_may_still_write_to_counts_against_its_limits_until_it_goes_on_or_dies(string signal)
    {
        int seed = Seed.Take(output);
        Pair pair = await StartPairAsync(serverHocon: $"smc.buffers.max-dmbs-per-user = {Closed}");
        PeerProcess peer = await ReadyAsync("connect", "sink", FolderArgument, $"at={pair.Listener.LocalEndPoint}");
        var streams = new List<SmcStream>();
        for (int i = 0; i < Closed; i++) streams.Add(await AcceptAsync(pair.Listener, peer));
        await peer.StopAsync();
        foreach (SmcStream stream in streams) await stream.DisposeAsync();
        await Eventually.EqualAsync((long)Closed, () => pair.Server.SumAsync("linkgroups", "quarantined"), "DMBs in quarantine");
        await using (Ends refused = await pair.ConnectAsync())
        {
            Assert.Equal((SmcMode.Tcp, SmcReason.MaxDmb), (refused.Server.Mode, refused.Server.FallbackReason));
            Assert.Equal(Closed, pair.Server.Device.DmbsInUse);
            await Exchange.BothWaysAsync(refused, Bytes, seed);
        }

        await peer.SignalAsync(signal);
        await pair.Server.DmbsAsync(0);
        await using Ends shared = await pair.ConnectAsync();
        Assert.Equal(SmcMode.SmcD, shared.Server.Mode);
        await Exchange.BothWaysAsync(shared, Bytes, seed);
        await Eventually.EqualAsync(0L, () => pair.Server.SumAsync("linkgroups", "quarantined"), "DMBs in quarantine");
    }

    private async Task<(PeerProcess Peer, SmcStream Stream)> OpenAsync(SmcRuntime runtime, bool serves)
    {
        if (!serves)
        {
            (PeerProcess server, IPEndPoint at) = await ServeAsync("serve", "echo", FolderArgument);
            return (server, await runtime.ConnectAsync(at).Guard());
        }

        ISmcListener listener = Own(await runtime.ListenAsync(Loopback).Guard());
        PeerProcess client = await ReadyAsync("connect", "echo", FolderArgument, $"at={listener.LocalEndPoint}");
        return (client, await AcceptAsync(listener, client));
    }

    private static async Task<SmcStream> AcceptAsync(ISmcListener listener, PeerProcess client)
    {
        ValueTask<SmcStream> accepting = listener.AcceptAsync();
        await client.TellAsync("connect");
        Assert.Equal("open SmcD None", await client.LineAsync("open", "refused"));
        return await accepting.Guard();
    }
}
