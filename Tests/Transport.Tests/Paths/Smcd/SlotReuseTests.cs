using System.Net.Sockets;
using Smc.Transport.Memory;
using Smc.Transport.Paths.Smcd;

namespace Smc.Transport.Tests.Paths.Smcd;

/// <summary>Short connections through few slots and buffers, over the whole of a connection's life.</summary>
public sealed class SlotReuseTests : IDisposable
{
    private readonly SmcdGroup _group = new(new WaitSettings(LongestSpinMicroseconds: 0, InlineCompletions: false));

    [Fact]
    public async Task Connections_that_follow_each_other_in_a_slot_never_meet() => await Seeds.RunAsync(async seed =>
    {
        const int Rounds = 1500;
        await Task.WhenAll(Enumerable.Range(0, 3).Select(i => Task.Run(() => RunAsync(new Random(seed + i))))).Guarded();
        await UntilAllCameBack();

        async Task RunAsync(Random random)
        {
            for (int round = 0; round < Rounds; round++)
            {
                SmcdLink link = _group.Connect();
                byte mark = (byte)random.Next(1, 256);
                byte[] message = new byte[random.Next(1, 3000)];
                message.AsSpan().Fill(mark);
                bool abort = random.Next(4) == 0;
                ValueTask<int> leftWaiting = random.Next(2) == 0 ? link.Client.Stream.ReadAsync(new byte[10]) : default;
                await link.Client.Stream.WriteAsync(message);
                byte[] received = new byte[message.Length];
                await link.Server.Stream.ReadExactlyAsync(received);
                if (received.AsSpan().ContainsAnyExcept(mark)) Assert.Fail("Bytes of another connection.");
                if (abort) link.Client.Stream.Abort();
                else link.Client.Stream.Dispose();
                try
                {
                    await leftWaiting;
                }
                catch (IOException e) when (e.InnerException is SocketException { SocketErrorCode: SocketError.OperationAborted })
                {
                    // Closed while it waited: the point of the exercise.
                }

                link.Server.Stream.Dispose();
                Assert.Equal(0, link.Server.Path.Statistics.MissedBells + link.Client.Path.Statistics.MissedBells);
            }
        }
    });

    [Fact]
    public async Task Closed_and_Detached_are_told_exactly_once_whatever_races() => await Seeds.RunAsync(async seed =>
    {
        var random = new Random(seed);
        for (int i = 0; i < 150; i++)
        {
            SmcdLink link = _group.Connect();
            int delay = random.Next(1000);
            Task use = HangGuard.OnThread(() => Record.Exception((Action)Use));
            HangGuard.AtOnce(
                () => After(delay, link.Client.Stream.Dispose),
                () => After(delay, link.Server.Stream.Abort),
                () => After(delay, () => link.Client.LosePeer()),
                () => After(delay, () => Record.Exception((Action)link.Client.Stream.ShutdownWrite)));
            await use;
            foreach (SmcdEnd end in new[] { link.Client, link.Server })
            {
                await end.WhenClosed.Guarded();
                Assert.Equal(1, end.ClosedCount);
                Assert.InRange(end.DetachedCount, 0, 1);
            }

            void Use()
            {
                while (true)
                {
                    link.Client.Stream.Write(new byte[10]);
                    link.Server.Stream.ReadExactly(new byte[10]);
                }
            }
        }

        await UntilAllCameBack();
    });

    [Fact]
    public async Task A_buffer_that_comes_back_holds_nothing_of_its_last_connection()
    {
        SmcdLink first = _group.Connect();
        byte[] canary = [.. Enumerable.Repeat((byte)0xC5, 12_000)];
        first.Client.Stream.Write(canary);
        first.Server.Stream.Write(canary);
        first.Client.Stream.Dispose();   // without reading
        first.Server.Stream.Dispose();
        await UntilAllCameBack();
        SmcdLink second = _group.Connect();
        Assert.Equal(first.Slot, second.Slot);
        Assert.Equal((first.Client.Dmb, first.Server.Dmb), (second.Client.Dmb, second.Server.Dmb));
        Assert.False(second.Client.OwnBytes.ContainsAnyExcept((byte)0));
        Assert.False(second.Server.OwnBytes.ContainsAnyExcept((byte)0));
    }

    [Fact]
    public async Task A_group_that_has_ended_stays_mapped_until_its_last_connection_is_closed()
    {
        var group = new SmcdGroup(new WaitSettings(0, InlineCompletions: false), automatic: false);
        SmcdLink link = group.Connect();
        link.Client.Stream.Write(new byte[100]);
        link.Server.Path.OnPeerEnded();
        group.Memories[0].Release();   // the server's group ends; its user has not read yet
        Assert.Equal(100, await link.Server.Stream.ReadAsync(new byte[200]).Guarded());
        link.Server.Stream.Dispose();
        Assert.Equal(1, link.Server.ClosedCount);
        link.Client.Path.OnPeerEnded();
        link.Client.Stream.Dispose();
        group.DisposeAfterRelease(GroupSide.Server);
    }

    /// <summary>What this end has received lies in its own memory, and who of it sleeps it knows itself: the other end has given back its slabs, and the
    /// control region under both.</summary>
    [Theory]
    [InlineData(GroupSide.Server)]
    [InlineData(GroupSide.Client)]
    public async Task A_group_that_has_ended_at_the_peer_gives_its_memory_back_under_a_connection_that_reads_and_writes_on(GroupSide ending)
    {
        const int Sent = 10_000;
        var group = new SmcdGroup(new WaitSettings(0, InlineCompletions: false), automatic: false);
        SmcdLink link = group.Connect();
        (SmcdEnd gone, SmcdEnd left) = ending == GroupSide.Server ? (link.Server, link.Client) : (link.Client, link.Server);
        byte[] sent = [.. Enumerable.Range(0, Sent).Select(i => (byte)((i % 251) + 1))];
        gone.Stream.Write(sent);
        Task stuck = HangGuard.OnThread(() => Record.Exception(() => left.Stream.Write([.. Enumerable.Repeat((byte)7, 2 * group.RingBytes)])));
        HangGuard.Until(() => left.Path.Snapshot.Writing.Activity == DirectionActivity.Asleep, "the writer to sleep");
        gone.Stream.Dispose();
        gone.Path.OnPeerEnded();
        group.Memories[(int)ending].Release();
        HangGuard.Until(() => !gone.BytesAtPeer.ContainsAnyExcept((byte)0), "its slab to be given back");
        if (ending == GroupSide.Server) HangGuard.Until(() => group.Control.IsBlank(), "the control region to be given back");
        left.Path.OnPeerEnded();
        await stuck.Guarded();
        byte[] received = new byte[Sent];
        await left.Stream.ReadExactlyAsync(received).AsTask().Guarded();
        Assert.Equal(sent, received);
        group.DisposeAfterRelease(ending);
    }

    public void Dispose() => _group.Dispose();

    private static void After(int spins, Action action)
    {
        Thread.SpinWait(spins);
        action();
    }

    private Task UntilAllCameBack() => HangGuard.OnThread(() => HangGuard.Until(
        () => _group.DmbsInUse == 0 && _group.FreeSlots == LinkGroupMemory.MaxConnections, "slots and buffers to come back"));
}
