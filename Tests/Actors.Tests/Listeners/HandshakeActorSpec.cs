using System.Net;
using System.Net.Sockets;
using System.Text;
using Actors.Tests.Harness;
using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using Smc.Actors.Connections;
using Smc.Actors.Devices;
using Smc.Actors.Listeners;
using Smc.Actors.Protocol;
using Smc.Actors.Settings;
using Smc.Peer.Handshakes;
using Smc.Transport;
using Smc.Transport.Paths.Smcd.Rendezvous;
using Smc.Transport.Wire;
using Smc.Transport.Wire.Clc;

namespace Actors.Tests.Listeners;

/// <summary>A server's handshake against a scripted client, the link groups played by a probe, on virtual time.</summary>
public sealed class HandshakeActorSpec : TestKit, LinkGroupProtocol.IStreamReceiver
{
    private readonly string _folder = Path.Combine(Directory.CreateTempSubdirectory("smc-actors-tests-").FullName, "rendezvous");
    private readonly TaskCompletionSource<SmcStream> _delivered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SmcSettings _settings = SmcSettings.From("smc { }");
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly LoopbackDevice _device;
    private readonly TestProbe _linkGroups;
    private readonly ScriptedServer _observer;
    private readonly HostRendezvous _rendezvous;
    private readonly ScriptedClient _client;

    public HandshakeActorSpec()
        : base("akka.scheduler.implementation = \"Akka.TestKit.TestScheduler, Akka.TestKit\"")
    {
        _device = new LoopbackDevice(_settings);
        _linkGroups = CreateTestProbe();
        _listener.Start();
        _observer = new ScriptedServer(_folder);
        _rendezvous = HostRendezvous.TryStart(_folder, SmcGid.NewRandom(), _observer, ownThread: true, out _)!;
        _rendezvous.Publish((IPEndPoint)_listener.LocalEndpoint);
        _device.Start(_rendezvous);
        _client = new ScriptedClient(_folder, (IPEndPoint)_listener.LocalEndpoint);
    }

    private TestScheduler Time => (TestScheduler)Sys.Scheduler;

    [Fact]
    public async Task A_client_that_says_nothing_is_reset_at_the_deadline()
    {
        Watch(Begin(await AcceptAsync()));
        await _client.MatchedAsync();
        Time.Advance(_settings.Handshake.ClcTimeout);
        Assert.Equal(SocketError.ConnectionReset, (await Assert.ThrowsAsync<SocketException>(_client.ReadClcAsync)).SocketErrorCode);
        ExpectMsg<Terminated>();
    }

    [Fact]
    public async Task A_cancel_before_the_handshake_begins_is_not_lost()
    {
        AcceptedConnection accepted = await AcceptAsync();
        _client.Cancel();
        _rendezvous.Drain();
        Begin(accepted);
        await using SmcStream stream = await _delivered.Task.Guard();
        Assert.Equal((SmcMode.Tcp, SmcReason.PeerCancelled), (stream.Mode, stream.FallbackReason));
    }

    [Fact]
    public async Task A_hang_up_before_the_handshake_begins_is_not_lost()
    {
        AcceptedConnection accepted = await AcceptAsync();
        _client.Rendezvous.Dispose();
        _rendezvous.Drain();
        Begin(accepted);
        await using SmcStream stream = await _delivered.Task.Guard();
        Assert.Equal(SmcReason.ControlSocketLost, stream.FallbackReason);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_Proposal_sent_before_a_hang_up_is_not_for_the_application(bool hangsUpFirst)
    {
        AcceptedConnection accepted = await AcceptAsync();
        if (!hangsUpFirst) Begin(accepted);
        _client.Propose();
        _client.Rendezvous.Dispose();
        if (hangsUpFirst)
        {
            _rendezvous.Drain();
            Begin(accepted);
        }

        _linkGroups.ExpectMsg<LinkGroupProtocol.PrepareServer>();
        _linkGroups.Reply(new LinkGroupProtocol.Unavailable(SmcReason.ControlSocketLost));
        Assert.Equal(WireError.None, Decline.TryWrap(await _client.ReadClcAsync(), out _));
        await using SmcStream stream = await _delivered.Task.Guard();
        _client.Socket.Shutdown(SocketShutdown.Send);
        Assert.Empty(await Exchange.ReadToEndAsync(stream));
    }

    [Theory]
    [InlineData(SmcReason.SyncError)]
    [InlineData(SmcReason.OutOfMemory)]
    public async Task A_group_that_the_client_calls_out_of_step_takes_no_more(SmcReason reason)
    {
        const uint Group = 0x700;
        Begin(await AcceptAsync());
        await _client.MatchedAsync();
        _client.Propose();
        _linkGroups.ExpectMsg<LinkGroupProtocol.PrepareServer>();
        _linkGroups.Reply(new LinkGroupProtocol.Prepared(Group, Token: 1, SizeCode: 0, IsFirstContact: true));
        await _client.ReadAcceptAsync();
        _client.Decline(reason, behind: []);
        await using SmcStream stream = await _delivered.Task.Guard();
        Assert.Equal(SmcReason.PeerDeclined, stream.FallbackReason);
        if (reason == SmcReason.SyncError) _linkGroups.ExpectMsg<LinkGroupProtocol.GroupOutOfSync>(told => told.Group == Group);
        _linkGroups.ExpectMsg<LinkGroupProtocol.Abandon>();
    }

    [Fact]
    public async Task A_handshake_without_a_DMB_is_declined_with_the_reason()
    {
        Begin(await AcceptAsync());
        await _client.MatchedAsync();
        _client.Propose();
        _linkGroups.ExpectMsg<LinkGroupProtocol.PrepareServer>(prepare => prepare.Nonce == _client.Nonce);
        _linkGroups.Reply(new LinkGroupProtocol.Unavailable(SmcReason.OutOfMemory));
        Assert.Equal(SmcReason.OutOfMemory, ScriptedEnd.ReasonOf(await _client.ReadClcAsync()));
        await using SmcStream stream = await _delivered.Task.Guard();
        Assert.Equal((SmcMode.Tcp, SmcReason.OutOfMemory), (stream.Mode, stream.FallbackReason));
        _linkGroups.ExpectMsg<LinkGroupProtocol.Abandon>();
    }

    [Fact]
    public async Task A_server_that_the_kernel_lets_watch_no_more_declines_before_its_Accept()
    {
        AcceptedConnection accepted = await AcceptAsync();
        using SocketWatch another = _rendezvous.Watch(accepted.Socket);
        Assert.True(another.Arm());   // and so no other watch of this socket can be
        await ProposeAsync(accepted);
        Begin(accepted);   // it finds all of it, and has nothing to wait for
        _linkGroups.ExpectMsg<LinkGroupProtocol.PrepareServer>();
        _linkGroups.Reply(new LinkGroupProtocol.Prepared(Group: 0x700, Token: 1, SizeCode: 0, IsFirstContact: true));
        Assert.Equal(SmcReason.OutOfMemory, ScriptedEnd.ReasonOf(await _client.ReadClcAsync()));
        await using SmcStream stream = await _delivered.Task.Guard();
        Assert.Equal((SmcMode.Tcp, SmcReason.OutOfMemory), (stream.Mode, stream.FallbackReason));
        _linkGroups.ExpectMsg<LinkGroupProtocol.Abandon>();
    }

    /// <summary>What its parent does for it is left out: it knows of the socket only.</summary>
    [Fact]
    public async Task A_handshake_that_fails_in_its_beginning_leaves_nothing()
    {
        AcceptedConnection accepted = await AcceptAsync();
        await ProposeAsync(accepted);
        Watch(Begin(accepted, new DeafOnce(_linkGroups.Ref)));
        ExpectMsg<Terminated>();
        Assert.Equal(0, _device.ClcBuffers.Report().InUse);
        Assert.True(accepted.Socket.SafeHandle.IsClosed);
        _linkGroups.ExpectMsg<LinkGroupProtocol.Abandon>(abandon => abandon.Nonce == _client.Nonce);
    }

    [Fact]
    public async Task A_client_that_is_gone_after_the_Accept_is_abandoned()
    {
        Begin(await AcceptAsync());
        await _client.MatchedAsync();
        _client.Propose();
        _linkGroups.ExpectMsg<LinkGroupProtocol.PrepareServer>();
        _linkGroups.Reply(new LinkGroupProtocol.Prepared(0x100, 42, 0, IsFirstContact: true));
        await _client.ReadAcceptAsync();
        Assert.Equal(42u, _client.Accept.Token);
        _client.Socket.Dispose();
        _linkGroups.ExpectMsg<LinkGroupProtocol.Abandon>(abandon => abandon.Nonce == _client.Nonce);
        Assert.False(_delivered.Task.IsCompleted);
    }

    [Fact]
    public async Task A_connection_that_says_nothing_is_the_applications_when_it_has_been_sniffed_long_enough()
    {
        using Socket client = await BeginSniffingAsync();
        await Eventually.TrueAsync(() =>
        {
            Time.Advance(_settings.Handshake.SniffTimeout);   // whenever the actor has begun to wait
            return _delivered.Task.IsCompleted;
        }, "the stream");
        await using SmcStream stream = await _delivered.Task.Guard();
        Assert.Equal((SmcMode.Tcp, SmcReason.PeerNoSmc), (stream.Mode, stream.FallbackReason));
        await stream.WriteAsync("220 server\r\n"u8.ToArray());
        Assert.Equal(12, await client.ReceiveAsync(new byte[100]).Guard());
    }

    [Theory]
    [InlineData("G")]
    [InlineData("GET / HTTP/1.1\r\n\r\n")]
    public async Task Bytes_that_no_Proposal_begins_with_are_the_applications_without_any_time_out(string text)
    {
        using Socket client = await BeginSniffingAsync();
        client.Send(Encoding.ASCII.GetBytes(text));
        await using SmcStream stream = await _delivered.Task.Guard();
        client.Shutdown(SocketShutdown.Send);
        Assert.Equal(text, Encoding.ASCII.GetString(await Exchange.ReadToEndAsync(stream)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(7)]
    public async Task Bytes_that_a_Proposal_might_begin_with_are_the_applications_when_the_stream_ends_behind_them(int count)
    {
        byte[] begun = ScriptedClient.ProposalOf(SmcGid.NewRandom())[..count];
        using Socket client = await BeginSniffingAsync();
        client.Send(begun);
        client.Shutdown(SocketShutdown.Send);
        await using SmcStream stream = await _delivered.Task.Guard();
        Assert.Equal(begun, await Exchange.ReadToEndAsync(stream));
    }

    [Fact]
    public async Task A_Proposal_that_nobody_announced_comes_byte_by_byte_is_declined_and_the_application_gets_what_follows()
    {
        using Socket client = await BeginSniffingAsync();
        foreach (byte one in ScriptedClient.ProposalOf(SmcGid.NewRandom())) client.Send([one]);
        Assert.Equal(SmcReason.NoSmcdV2Device, ScriptedEnd.ReasonOf(await ReadClcAsync(client)));
        client.Send("plain"u8);
        client.Shutdown(SocketShutdown.Send);
        await using SmcStream stream = await _delivered.Task.Guard();
        Assert.Equal((SmcMode.Tcp, SmcReason.NoSmcdV2Device), (stream.Mode, stream.FallbackReason));
        Assert.Equal("plain"u8.ToArray(), await Exchange.ReadToEndAsync(stream));
    }

    [Fact]
    public async Task A_Proposal_that_breaks_off_in_the_middle_is_reset_at_the_deadline()
    {
        (Socket client, Socket accepted) = await ConnectAsync();
        using Socket owned = client;
        client.Send(ScriptedClient.ProposalOf(SmcGid.NewRandom()).AsSpan(0, 20));
        BeginSniffing(accepted);
        await Eventually.EqualAsync(0, () => accepted.Available, "what has come is read before time moves");
        await Eventually.TrueAsync(() =>
        {
            Time.Advance(_settings.Handshake.ClcTimeout);
            return client.Poll(0, SelectMode.SelectRead);
        }, "the reset");
        Assert.Equal(SocketError.ConnectionReset, Assert.Throws<SocketException>(() => client.Receive(new byte[1])).SocketErrorCode);
    }

    void LinkGroupProtocol.IStreamReceiver.Deliver(SmcStream stream) => _delivered.TrySetResult(stream);

    void LinkGroupProtocol.IStreamReceiver.Fail(SocketError reason) => _delivered.TrySetException(new SocketException((int)reason));

    protected override void AfterAll()
    {
        base.AfterAll();
        _client.Dispose();
        _device.Dispose();
        _observer.Dispose();
        _listener.Dispose();
        Directory.Delete(Path.GetDirectoryName(_folder)!, recursive: true);
    }

    /// <summary>A connection that was announced and accepted; nobody has been told.</summary>
    private async Task<AcceptedConnection> AcceptAsync()
    {
        _client.Announce();
        await _client.ConnectAsync();
        Socket socket = await _listener.AcceptSocketAsync();
        _rendezvous.Drain();
        var attempt = new AttemptObserver();
        var remote = (IPEndPoint)socket.RemoteEndPoint!;
        var local = (IPEndPoint)socket.LocalEndPoint!;
        Assert.True(_rendezvous.TryTakeAnnouncement(remote, local, attempt, out PeerSession? session, out ulong nonce));
        return new AcceptedConnection(socket, local, remote, _rendezvous, new Announcement(session, nonce, attempt));
    }

    private static async Task<byte[]> ReadClcAsync(Socket client)
    {
        byte[] message = new byte[ClcFraming.MaxLength];
        int count = await client.ReceiveAsync(message).Guard();
        return message[..count];
    }

    /// <summary>A connection that nobody announced, and its handshake.</summary>
    private async Task<Socket> BeginSniffingAsync()
    {
        (Socket client, Socket accepted) = await ConnectAsync();
        BeginSniffing(accepted);
        return client;
    }

    private async Task<(Socket Client, Socket Accepted)> ConnectAsync()
    {
        var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await client.ConnectAsync(_listener.LocalEndpoint);
        return (client, await _listener.AcceptSocketAsync());
    }

    private void BeginSniffing(Socket socket) =>
        Begin(new AcceptedConnection(socket, (IPEndPoint)socket.LocalEndPoint!, (IPEndPoint)socket.RemoteEndPoint!, _rendezvous, null));

    private IActorRef Begin(AcceptedConnection accepted) => Begin(accepted, _linkGroups.Ref);

    private IActorRef Begin(AcceptedConnection accepted, IActorRef linkGroups) => Sys.ActorOf(Props.Create(() => new HandshakeActor(
        accepted, _settings.Handshake, _device, linkGroups, new ConnectionTable(), this)));

    /// <summary>All of the Proposal has come before its handshake begins.</summary>
    private async Task ProposeAsync(AcceptedConnection accepted)
    {
        _client.Propose();
        await Eventually.EqualAsync(ScriptedClient.ProposalOf(_client.Rendezvous.Gid).Length, () => accepted.Socket.Available, "the Proposal");
    }
}
