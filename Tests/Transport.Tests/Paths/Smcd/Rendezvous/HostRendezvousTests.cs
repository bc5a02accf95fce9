using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using System.Threading.Channels;
using Smc.Transport.Interop.Linux;
using Smc.Transport.Paths.Smcd.Rendezvous;
using Smc.Transport.Wire;
using Smc.Transport.Wire.Rendezvous;

namespace Smc.Transport.Tests.Paths.Smcd.Rendezvous;

/// <summary>Two processes' rendezvous in one process, and raw sockets that play hostile ones.</summary>
[SupportedOSPlatform("linux")]
public sealed class HostRendezvousTests : IDisposable
{
    private static readonly IPEndPoint Listener = IPEndPoint.Parse("127.0.0.1:7000");
    private static readonly IPEndPoint Client = IPEndPoint.Parse("127.0.0.1:50000");

    private readonly TemporaryFolder _folder = new();
    private readonly Frames _serverFrames = new();
    private readonly Frames _clientFrames = new();
    private readonly HostRendezvous _server;
    private readonly HostRendezvous _client;

    public HostRendezvousTests()
    {
        _server = Start(_serverFrames);
        _client = Start(_clientFrames);
        _server.Publish(Listener);
    }

    [Fact]
    public async Task A_session_knows_both_ends_and_is_opened_once()
    {
        PeerSession session = OpenSession();
        Assert.Same(session, OpenSession());
        Assert.True(session.IsClient);
        Assert.Equal(_server.Gid, session.Gid);
        Assert.Equal(Environment.ProcessId, session.Credentials.ProcessId);
        Assert.Equal(ProcessStart.Of(Environment.ProcessId), session.ProcessStart);
        session.Send(new Announce(1, RendezvousEndPoint.From(Client), RendezvousEndPoint.From(Listener)));
        PeerSession accepted = await TakeAnnouncement(1);
        Assert.False(accepted.IsClient);
        Assert.Equal(_client.Gid, accepted.Gid);
        Assert.Equal(default, _server.Counters);
    }

    [Fact]
    public async Task An_announcement_is_taken_once_and_answered()
    {
        PeerSession session = OpenSession();
        var attempt = new Attempt();
        Assert.True(session.TryWatch(7, attempt));
        session.Send(new Announce(7, RendezvousEndPoint.From(Client), RendezvousEndPoint.From(Listener)));
        PeerSession accepted = await TakeAnnouncement(7);
        Assert.False(_server.TryTakeAnnouncement(Client, Listener, out _, out _));
        accepted.Send(new Matched(7));
        Assert.Equal("matched", await attempt.Next());
        session.Unwatch(7);
        accepted.Send(new Matched(7));   // nobody listens: no harm
        accepted.Send(new Matched(8));
        _client.Drain();
        Assert.Equal(default, _client.Counters);
    }

    [Fact]
    public void A_drain_handles_all_that_was_sent_before_it()
    {
        PeerSession session = OpenSession();
        for (ulong nonce = 1; nonce <= 200; nonce++)
        {
            var client = new IPEndPoint(IPAddress.Loopback, 40_000 + (int)nonce);
            session.Send(new Announce(nonce, RendezvousEndPoint.From(client), RendezvousEndPoint.From(Listener)));
            _server.Drain();
            Assert.True(_server.TryTakeAnnouncement(client, Listener, out _, out ulong taken));
            Assert.Equal(nonce, taken);
        }
    }

    [Fact]
    public async Task A_cancelled_announcement_is_gone_and_one_that_was_taken_is_told()
    {
        PeerSession session = OpenSession();
        session.Send(new Announce(1, RendezvousEndPoint.From(Client), RendezvousEndPoint.From(Listener)));
        session.Send(new Cancel(1, SmcReason.NotPublished));
        _server.Drain();
        Assert.False(_server.TryTakeAnnouncement(Client, Listener, out _, out _));
        session.Send(new Announce(2, RendezvousEndPoint.From(Client), RendezvousEndPoint.From(Listener)));
        PeerSession accepted = await TakeAnnouncement(2);
        var attempt = new Attempt();
        Assert.True(accepted.TryWatch(2, attempt));
        session.Send(new Cancel(2, SmcReason.NotPublished));
        Assert.Equal($"canceled {SmcReason.NotPublished}", await attempt.Next());
    }

    [Fact]
    public async Task A_hang_up_cancels_announcements_and_tells_everyone()
    {
        PeerSession session = OpenSession();
        var attempt = new Attempt();
        session.TryWatch(5, attempt);
        session.Send(new Announce(5, RendezvousEndPoint.From(Client), RendezvousEndPoint.From(Listener)));
        _server.Drain();
        session.Close();
        Assert.Equal("lost", await attempt.Next());
        Assert.Same(session, await _clientFrames.Lost());
        await _serverFrames.Lost();
        Assert.False(_server.TryTakeAnnouncement(Client, Listener, out _, out _));
        Assert.True(session.IsLost);
        Assert.False(session.TryWatch(6, attempt));
        Assert.NotSame(session, OpenSession());
    }

    [Fact]
    public async Task A_slab_travels_with_its_descriptor_and_the_answers_come_back()
    {
        PeerSession session = OpenSession();
        session.Send(new Announce(1, RendezvousEndPoint.From(Client), RendezvousEndPoint.From(Listener)));
        PeerSession accepted = await TakeAnnouncement(1);
        Assert.Equal(MemoryError.None, SealedMemory.TryCreate("test", 65_536, prefault: false, out FileDescriptor? slab));
        accepted.Send(new OfferSlab(9, 1, SlabKind.Dmb, 0, 4, 65_536), slab!);
        Assert.Equal("offered 9/1 sealed", await _clientFrames.Next());
        Assert.True(slab!.IsClosed);
        session.Send(new Mapped(9, 1));
        session.Send(new Refused(9, 2, SmcReason.NotPublished));
        session.Send(new Register(1, 42, 9, 1, 3, 5));
        session.Send(new Detach(9, 42));
        session.Send(new DeleteGroup(9, SmcReason.NotPublished));
        Assert.Equal("mapped 9/1", await _serverFrames.Next());
        Assert.Equal("refused 9/2", await _serverFrames.Next());
        Assert.Equal("registered 42", await _serverFrames.Next());
        Assert.Equal("detached 42", await _serverFrames.Next());
        Assert.Equal("deleted 9", await _serverFrames.Next());
    }

    [Fact]
    public void An_offer_whose_descriptor_is_missing_is_told_as_such()
    {
        using SeqPacketSocket socket = Connect();
        SendHello(socket);
        Span<byte> frame = stackalloc byte[ControlCodec.MaxFrameLength];
        socket.TrySend(frame[..ControlCodec.Write(frame, new OfferSlab(1, 1, SlabKind.Dmb, 0, 4, 65_536))], null);
        _server.Drain();
        Assert.True(_serverFrames.TryNext(out string? told));
        Assert.Equal("offered 1/1 without descriptor", told);
    }

    [Theory]
    [InlineData(0, 1, WireError.Truncated)]
    [InlineData(0, 7, WireError.Truncated)]
    [InlineData(0, 48, WireError.WrongMagic)]
    [InlineData(0, 500, WireError.BadLength)]      // longer than any frame
    [InlineData(0xFF, 16, WireError.WrongMagic)]
    public void Garbage_closes_the_socket_and_is_counted(byte fill, int length, WireError named)
    {
        using SeqPacketSocket socket = Connect();
        byte[] garbage = new byte[length];
        garbage.AsSpan().Fill(fill);
        for (int i = 0; i < 3; i++) socket.TrySend(garbage, null);
        UntilClosed(socket);
        Assert.Equal(1, _server.Counters.BadFrames);
        Assert.Equal([(Environment.ProcessId, named)], _serverFrames.FramesRefused);
        Assert.NotNull(OpenSession());   // and nobody else suffers
    }

    [Fact]
    public void Random_frames_close_the_socket_and_hurt_nobody() => Seeds.Run(seed =>
    {
        var random = new Random(seed);
        for (int i = 0; i < 200; i++)
        {
            _server.Drain();   // hears that the one before has hung up
            using SeqPacketSocket socket = Connect();
            if (i % 2 == 0) SendHello(socket);
            byte[] frame = new byte[random.Next(1, 80)];
            random.NextBytes(frame);
            if (i % 3 == 0 && frame.Length > 8) new byte[] { 0x53, 0x4D, 0x43, 0x41, 1, (byte)random.Next(14), 0, (byte)frame.Length }.CopyTo(frame, 0);
            socket.TrySend(frame, null);
        }

        _server.Drain();
        Assert.InRange(_server.Counters.BadFrames, 1, 200);
        Assert.NotNull(OpenSession());
    });

    [Fact]
    public void A_frame_before_the_Hello_a_second_Hello_and_one_of_another_device_close_the_socket()
    {
        Span<byte> frame = stackalloc byte[ControlCodec.MaxFrameLength];
        using SeqPacketSocket early = Connect();
        early.TrySend(frame[..ControlCodec.Write(frame, new Matched(1))], null);
        UntilClosed(early);
        using SeqPacketSocket twice = Connect();
        SendHello(twice);
        SendHello(twice);
        UntilClosed(twice);
        Assert.Equal(2, _server.Counters.BadFrames);
    }

    [Fact]
    public async Task A_client_that_matches_breaks_a_rule_and_loses_its_socket()
    {
        PeerSession session = OpenSession();
        session.Send(new Matched(1));
        Assert.Same(session, await _clientFrames.Lost());
        Assert.Equal([(Environment.ProcessId, WireError.WrongType)], _serverFrames.FramesRefused);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_server_that_announces_or_cancels_breaks_a_rule_and_loses_its_socket(bool announces)
    {
        PeerSession session = OpenSession();
        var announce = new Announce(1, RendezvousEndPoint.From(Client), RendezvousEndPoint.From(Listener));
        session.Send(announce);
        PeerSession accepted = await TakeAnnouncement(1);
        if (announces) accepted.Send(announce);
        else accepted.Send(new Cancel(1, SmcReason.NotPublished));
        Assert.Same(session, await _clientFrames.Lost());
        Assert.Equal([(Environment.ProcessId, WireError.WrongType)], _clientFrames.FramesRefused);
        Assert.False(_client.TryTakeAnnouncement(Client, Listener, out _, out _));
    }

    [Fact]
    public async Task A_server_whose_Hello_names_another_device_than_its_entry_is_left()
    {
        SmcGid promised = SmcGid.FromGuid(Guid.NewGuid());
        using OwnedFolder folder = OwnedFolder.TryOpen(_folder.Path, out _)!;
        using SeqPacketSocket impostor = SeqPacketSocket.TryListen(folder.Descriptor, promised.ToGuid().ToString("N") + ".sock", 4, out _)!;
        PeerSession? session = _client.TryOpenSession(new RegistryEntry(promised, 0, []));
        Assert.NotNull(session);
        Assert.Equal(PacketStatus.Done, impostor.TryAccept(out SeqPacketSocket? accepted));
        using (accepted)
        {
            SendHello(accepted!);
            Assert.Same(session, await _clientFrames.Lost());
        }

        Assert.Equal(1, _client.Counters.BadFrames);
    }

    [Fact]
    public async Task The_third_wrong_token_closes_the_socket()
    {
        PeerSession session = OpenSession();
        session.CountWrongToken();
        session.CountWrongToken();
        _client.Drain();
        Assert.False(session.IsLost);
        session.CountWrongToken();
        Assert.Same(session, await _clientFrames.Lost());
    }

    [Fact]
    public void A_process_has_so_many_control_sockets_and_one_more_is_closed_until_one_has_hung_up()
    {
        PeerSession opened = OpenSession();   // one of them
        SeqPacketSocket[] sockets = [.. Enumerable.Range(1, ControlSockets.MostOfProcess - 1).Select(_ => Connect())];
        _server.Drain();
        Assert.Empty(_serverFrames.SocketsRefused);
        using (SeqPacketSocket more = Connect()) UntilClosed(more);
        Assert.Equal([Environment.ProcessId], _serverFrames.SocketsRefused);
        Assert.False(opened.IsLost);

        sockets[0].Dispose();
        _server.Drain();
        sockets[0] = Connect();
        _server.Drain();
        Assert.Single(_serverFrames.SocketsRefused);
        foreach (SeqPacketSocket socket in sockets) socket.Dispose();
    }

    [Fact]
    public void A_process_with_many_devices_gets_so_many_control_sockets_from_here()
    {
        using OwnedFolder folder = OwnedFolder.TryOpen(_folder.Path, out _)!;
        var listening = new List<SeqPacketSocket>();
        for (int i = 0; i <= ControlSockets.MostOfProcess; i++)
        {
            SmcGid gid = SmcGid.FromGuid(Guid.NewGuid());
            listening.Add(SeqPacketSocket.TryListen(folder.Descriptor, gid.ToGuid().ToString("N") + ".sock", 4, out _)!);
            PeerSession? session = _client.TryOpenSession(new RegistryEntry(gid, 0, []), out SmcReason reason);
            bool isOneMore = i == ControlSockets.MostOfProcess;
            Assert.Equal((isOneMore, isOneMore ? SmcReason.LimitReached : SmcReason.None), (session is null, reason));
        }

        Assert.Empty(_clientFrames.SocketsRefused);   // it is not the other process that opens them
        foreach (SeqPacketSocket socket in listening) socket.Dispose();
    }

    [Fact]
    public async Task A_peer_that_never_reads_is_given_up_and_not_stored_for()
    {
        using SeqPacketSocket socket = Connect();
        SendHello(socket);
        byte[] announce = new byte[ControlCodec.MaxFrameLength];
        int length = ControlCodec.Write(announce, new Announce(1, RendezvousEndPoint.From(Client), RendezvousEndPoint.From(Listener)));
        socket.TrySend(announce.AsSpan(0, length), null);
        PeerSession session = await TakeAnnouncement(1);
        int sent = 0;
        while (!session.IsLost)
        {
            session.Send(new Matched(1));
            Assert.InRange(++sent, 1, 100_000);
        }

        Assert.Same(session, await _serverFrames.Lost());
        Assert.Equal([Environment.ProcessId], _serverFrames.Unread);
    }

    [Fact]
    public async Task A_peer_that_hangs_up_with_frames_unread_has_left_none_too_many()
    {
        using SeqPacketSocket socket = Connect();
        SendHello(socket);
        byte[] announce = new byte[ControlCodec.MaxFrameLength];
        int length = ControlCodec.Write(announce, new Announce(1, RendezvousEndPoint.From(Client), RendezvousEndPoint.From(Listener)));
        socket.TrySend(announce.AsSpan(0, length), null);
        PeerSession session = await TakeAnnouncement(1);
        for (int i = 0; i < 1000; i++) session.Send(new Matched(1));
        socket.Dispose();
        Assert.Same(session, await _serverFrames.Lost());
        Assert.Empty(_serverFrames.Unread);
    }

    [Fact]
    public async Task A_peer_that_sends_without_end_has_its_share_of_a_drain_and_no_more()
    {
        const int Share = 1024;
        var frames = new Frames();
        using HostRendezvous server = Start(frames, ownThread: false);
        using SeqPacketSocket socket = Connect(server);
        SendHello(socket);
        byte[] mapped = new byte[ControlCodec.MaxFrameLength];
        int length = ControlCodec.Write(mapped, new Mapped(1, 1));
        bool stop = false;
        Task flood = HangGuard.OnThread(() =>
        {
            while (!Volatile.Read(ref stop)) socket.TrySend(mapped.AsSpan(0, length), null);
        });
        int most = 0;
        HangGuard.Until(() => DrainOnce() > 0, "the flood");
        for (int i = 0; i < 20; i++) most = Math.Max(most, DrainOnce());
        Volatile.Write(ref stop, true);
        await flood;
        Assert.InRange(most, 0, Share);

        int DrainOnce()
        {
            server.Drain();
            int handled = 0;
            while (frames.TryNext(out _)) handled++;
            return handled;
        }
    }

    [Fact]
    public void Opening_and_hanging_up_never_wait_for_each_other() => HangGuard.AtOnce(
        () =>
        {
            for (int i = 0; i < 2000; i++) OpenSession().Close();
        },
        () =>
        {
            for (int i = 0; i < 2000; i++) OpenSession().Close();
        });

    [Fact]
    public void A_rendezvous_that_has_ended_leaves_every_other_descriptor_alone()
    {
        using var listener = new Socket(SocketType.Stream, ProtocolType.Tcp);
        HostRendezvous ended = Start(new Frames());
        SocketWatch watch = ended.Watch(listener);
        watch.Arm();
        ended.Dispose();
        using HostRendezvous next = Start(new Frames());   // takes the numbers that have become free
        SocketWatch own = next.Watch(listener);
        own.Arm();
        watch.Arm();
        watch.Dispose();
        int told = 0;
        own.Ready = () => Interlocked.Increment(ref told);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(1);
        using var client = new Socket(SocketType.Stream, ProtocolType.Tcp);
        own.Arm();
        client.Connect(listener.LocalEndPoint!);
        HangGuard.Until(() => Volatile.Read(ref told) > 0, "the connection to be told");
        own.Dispose();
    }

    [Fact]
    public void A_process_that_died_is_swept_when_it_is_called()
    {
        SmcGid dead = SmcGid.FromGuid(Guid.NewGuid());
        string name = dead.ToGuid().ToString("N");
        File.WriteAllText(_folder[name + ".lock"], string.Empty);
        File.WriteAllText(_folder[name + ".entry"], "smc-registry 1\nnetns 0\nlisten 192.0.2.1:9\n");
        RegistryEntry entry = Assert.Single(_client.Find(IPEndPoint.Parse("192.0.2.1:9")));
        Assert.Null(_client.TryOpenSession(entry));
        Assert.Empty(_client.Find(IPEndPoint.Parse("192.0.2.1:9")));
        Assert.False(File.Exists(_folder[name + ".entry"]));
    }

    [Fact]
    public void A_process_that_takes_no_control_sockets_is_called_busy_and_not_swept()
    {
        SmcGid busy = SmcGid.FromGuid(Guid.NewGuid());
        string name = busy.ToGuid().ToString("N");
        using OwnedFolder folder = OwnedFolder.TryOpen(_folder.Path, out _)!;
        using SeqPacketSocket listener = SeqPacketSocket.TryListen(folder.Descriptor, name + ".sock", backlog: 0, out _)!;
        using SeqPacketSocket waits = SeqPacketSocket.TryConnect(folder.Descriptor, name + ".sock", out _)!;
        Assert.Null(_client.TryOpenSession(new RegistryEntry(busy, 0, []), out SmcReason reason));
        Assert.Equal(SmcReason.PeerBusy, reason);
        Assert.True(File.Exists(_folder[name + ".sock"]));

        Assert.Equal(PacketStatus.Done, listener.TryAccept(out SeqPacketSocket? taken));
        taken!.Dispose();
        Assert.NotNull(_client.TryOpenSession(new RegistryEntry(busy, 0, []), out reason));
        Assert.Equal(SmcReason.None, reason);
    }

    [Fact]
    public async Task Who_stops_hangs_up_and_leaves_nothing_behind()
    {
        PeerSession session = OpenSession();
        await HangGuard.OnThread(_server.Dispose);
        Assert.Same(session, await _clientFrames.Lost());
        Assert.Empty(_client.Find(Listener));
        Assert.Single(Directory.GetFiles(_folder.Path, "*.lock"));
    }

    [Fact]
    public void A_listener_that_is_taken_back_is_not_found()
    {
        Assert.Single(_client.Find(Listener));
        _server.Unpublish(Listener);
        Assert.Empty(_client.Find(Listener));
    }

    public void Dispose()
    {
        _client.Dispose();
        _server.Dispose();
        _folder.Dispose();
    }

    private static void SendHello(SeqPacketSocket socket)
    {
        Span<byte> frame = stackalloc byte[ControlCodec.MaxFrameLength];
        var hello = new Hello(SmcGid.FromGuid(Guid.NewGuid()), 0, 0);
        Assert.Equal(PacketStatus.Done, socket.TrySend(frame[..ControlCodec.Write(frame, hello)], null));
    }

    private static void UntilClosed(SeqPacketSocket socket) => HangGuard.Until(
        () => socket.TryReceive(new byte[256], out _, out _) == PacketStatus.Closed, "the socket to be closed");

    private HostRendezvous Start(Frames frames, bool ownThread = true)
    {
        HostRendezvous? started = HostRendezvous.TryStart(_folder.Path, SmcGid.FromGuid(Guid.NewGuid()), frames, ownThread, out string problem);
        Assert.True(started is not null, problem);
        return started;
    }

    private PeerSession OpenSession()
    {
        PeerSession? session = _client.TryOpenSession(Assert.Single(_client.Find(Listener)));
        Assert.NotNull(session);
        return session;
    }

    private SeqPacketSocket Connect() => Connect(_server);

    private SeqPacketSocket Connect(HostRendezvous server)
    {
        using OwnedFolder folder = OwnedFolder.TryOpen(_folder.Path, out _)!;
        SeqPacketSocket? socket = SeqPacketSocket.TryConnect(folder.Descriptor, server.Gid.ToGuid().ToString("N") + ".sock", out int errno);
        Assert.True(socket is not null, $"errno {errno}");
        return socket;
    }

    private async Task<PeerSession> TakeAnnouncement(ulong nonce)
    {
        PeerSession? session = null;
        ulong taken = 0;
        await HangGuard.OnThread(() => HangGuard.Until(
            () =>
            {
                _server.Drain();
                return _server.TryTakeAnnouncement(Client, Listener, out session, out taken);
            },
            "the announcement"));
        Assert.Equal(nonce, taken);
        return session!;
    }

    private sealed class Attempt : IAttemptObserver
    {
        private readonly Channel<string> _told = Channel.CreateUnbounded<string>();

        public Task<string> Next() => _told.Reader.ReadAsync().Guarded();

        public void Matched(PeerSession session) => _told.Writer.TryWrite("matched");

        public void Canceled(SmcReason reason) => _told.Writer.TryWrite($"canceled {reason}");

        public void Lost(PeerSession session) => _told.Writer.TryWrite("lost");
    }

    private sealed class Frames : IGroupFrameObserver
    {
        private readonly Channel<string> _told = Channel.CreateUnbounded<string>();
        private readonly Channel<PeerSession> _lost = Channel.CreateUnbounded<PeerSession>();

        public ConcurrentQueue<(int ProcessId, WireError Error)> FramesRefused { get; } = [];

        public ConcurrentQueue<int> Unread { get; } = [];

        public ConcurrentQueue<int> SocketsRefused { get; } = [];

        public Task<string> Next() => _told.Reader.ReadAsync().Guarded();

        public bool TryNext(out string? told) => _told.Reader.TryRead(out told);

        public Task<PeerSession> Lost() => _lost.Reader.ReadAsync().Guarded();

        public void Offered(PeerSession session, OfferSlab offer, FileDescriptor? descriptor)
        {
            using (descriptor)
            {
                string what = descriptor is null ? "without descriptor"
                    : SealedMemory.Verify(descriptor, (long)offer.Bytes) == MemoryError.None ? "sealed" : "unsealed";
                _told.Writer.TryWrite($"offered {offer.Group}/{offer.Slab} {what}");
            }
        }

        public void Mapped(PeerSession session, Mapped answer) => _told.Writer.TryWrite($"mapped {answer.Group}/{answer.Slab}");

        public void Refused(PeerSession session, Refused answer) => _told.Writer.TryWrite($"refused {answer.Group}/{answer.Slab}");

        public void Registered(PeerSession session, Register registration) => _told.Writer.TryWrite($"registered {registration.Token}");

        public void Detached(PeerSession session, Detach detach) => _told.Writer.TryWrite($"detached {detach.Token}");

        public void GroupDeleted(PeerSession session, DeleteGroup deletion) => _told.Writer.TryWrite($"deleted {deletion.Group}");

        public void SessionLost(PeerSession session) => _lost.Writer.TryWrite(session);

        public void FrameRefused(PeerCredentials peer, WireError problem) => FramesRefused.Enqueue((peer.ProcessId, problem));

        public void UserRefused(PeerCredentials peer) => _told.Writer.TryWrite($"refused user {peer.UserId}");

        public void FramesUnread(PeerCredentials peer) => Unread.Enqueue(peer.ProcessId);

        public void SocketRefused(PeerCredentials peer) => SocketsRefused.Enqueue(peer.ProcessId);
    }
}
