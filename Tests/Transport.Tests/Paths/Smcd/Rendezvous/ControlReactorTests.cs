using System.Runtime.Versioning;
using Smc.Transport.Interop.Linux;
using Smc.Transport.Paths.Smcd.Rendezvous;

namespace Smc.Transport.Tests.Paths.Smcd.Rendezvous;

[SupportedOSPlatform("linux")]
public sealed class ControlReactorTests : IControlHandler, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly OwnedFolder _owned;
    private readonly SeqPacketSocket _listener;
    private readonly SeqPacketSocket _client;
    private readonly ControlReactor _reactor;
    private int _accepted;

    public ControlReactorTests()
    {
        _owned = OwnedFolder.TryOpen(_folder.Path, out string problem) ?? throw new InvalidOperationException(problem);
        _listener = SeqPacketSocket.TryListen(_owned.Descriptor, "test.sock", 8, out _)!;
        _client = SeqPacketSocket.TryConnect(_owned.Descriptor, "test.sock", out _)!;
        Assert.Equal(PacketStatus.Done, _listener.TryAccept(out SeqPacketSocket? accepted));
        _reactor = ControlReactor.TryStart(this, accepted!, ownThread: false)!;   // it does not listen: the kernel refuses to accept there
    }

    [Fact]
    public void A_listener_that_cannot_accept_is_left_alone_for_a_while_and_asked_again()
    {
        Assert.Equal(PacketStatus.Done, _client.TrySend("ready"u8, null));
        Assert.True(_reactor.Handle());    // it is ready, and fails
        Assert.True(_reactor.Handle());    // whoever waited without a time-out is woken, once
        Assert.False(_reactor.Handle());   // and nothing is ready any more: nobody turns round and round
        long begin = Environment.TickCount64;
        int turns = 0;
        do
        {
            _reactor.WaitReadable();   // ends by itself: here is no other news
            turns++;
        }
        while (!_reactor.Handle());
        Assert.InRange(turns, 1, 10);
        Assert.Equal(0, _accepted);
        Assert.True(Environment.TickCount64 > begin, "a pause");
    }

    /// <summary>The kernel refuses to accept where nobody listens yet, as it does where it has no memory for a connection.</summary>
    [Fact]
    public void A_drain_hears_a_listener_that_rests()
    {
        SeqPacketSocket bound = SeqPacketSocket.TryBind(_owned.Descriptor, "late.sock", out _)!;
        using var reactor = ControlReactor.TryStart(this, bound, ownThread: false)!;
        Assert.True(reactor.Handle());    // it is ready, and fails
        Assert.True(reactor.Handle());    // the wake-up behind that
        Assert.True(bound.TryListen(backlog: 1, out int errno), $"errno {errno}");
        using SeqPacketSocket client = SeqPacketSocket.TryConnect(_owned.Descriptor, "late.sock", out errno)!;
        Assert.Equal((0, 0), (errno, _accepted));
        reactor.Drain();
        Assert.Equal(1, _accepted);
    }

    [Fact]
    public void What_is_not_to_overtake_frames_waits_until_the_peer_finds_all_that_were_sent_before()
    {
        const int Frames = 2000;   // more than the socket holds
        (ControlChannel channel, SeqPacketSocket peer) = Connect();
        using (peer)
        {
            var heard = new List<string>();
            channel.WhenSent(() => heard.Add("nothing waits"));
            Assert.Equal(["nothing waits"], heard);
            for (int i = 0; i < Frames; i++) channel.Send("frame"u8);
            int read = 0;
            channel.WhenSent(() => heard.Add($"after {read + Read(peer)}"));
            channel.Send("later"u8);
            channel.WhenSent(() => heard.Add($"after {read + Read(peer)}"));
            Assert.Single(heard);
            while (heard.Count < 3)
            {
                read += Read(peer);
                Assert.True(_reactor.Handle());
            }

            Assert.Matches($"^after ({Frames}|{Frames + 1})$", heard[1]);   // the later one may be on its way with them
        }
    }

    [Fact]
    public void Who_waits_for_frames_that_never_leave_hears_that_the_channel_has_ended()
    {
        (ControlChannel channel, SeqPacketSocket peer) = Connect();
        bool isHeard = false;
        for (int i = 0; i < 2000; i++) channel.Send("frame"u8);
        channel.WhenSent(() => isHeard = true);
        Assert.False(isHeard);
        channel.Close();
        while (_reactor.Handle())
        {
        }

        Assert.True(isHeard);
        peer.Dispose();
    }

    public void Dispose()
    {
        _reactor.Dispose();
        _client.Dispose();
        _listener.Dispose();
        _owned.Dispose();
        _folder.Dispose();
    }

    private (ControlChannel Channel, SeqPacketSocket Peer) Connect()
    {
        SeqPacketSocket client = SeqPacketSocket.TryConnect(_owned.Descriptor, "test.sock", out _)!;
        Assert.Equal(PacketStatus.Done, _listener.TryAccept(out SeqPacketSocket? peer));
        return (_reactor.Add(client, default, new object()), peer!);
    }

    private static int Read(SeqPacketSocket peer)
    {
        var buffer = new byte[16];
        int count = 0;
        while (peer.TryReceive(buffer, out _, out _) == PacketStatus.Done) count++;
        return count;
    }

    void IControlHandler.OnAccepted(ControlChannel channel) => _accepted++;

    void IControlHandler.OnFrame(ControlChannel channel, ReadOnlySpan<byte> frame, FileDescriptor? descriptor) => Assert.Fail("nobody sends");

    void IControlHandler.OnTruncated(ControlChannel channel) => Assert.Fail("nobody sends");

    void IControlHandler.OnClosed(ControlChannel channel)
    {
    }
}
