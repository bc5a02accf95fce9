using System.Net;
using System.Net.Sockets;
using Actors.Tests.Harness;
using Akka.Actor;
using Akka.Event;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using Smc.Actors.Connections;
using Smc.Actors.Devices;
using Smc.Actors.Protocol;
using Smc.Actors.Settings;
using Smc.Peer.Handshakes;
using Smc.Transport;
using Smc.Transport.Interop.Linux;
using Smc.Transport.Paths.Smcd.Rendezvous;
using Smc.Transport.Wire;

namespace Actors.Tests.Connections;

/// <summary>A client's handshake against a scripted server, on virtual time, and with a control socket that is read when the test says so.</summary>
public sealed class ConnectActorSpec : TestKit
{
    private readonly string _folder = Path.Combine(Directory.CreateTempSubdirectory("smc-actors-tests-").FullName, "rendezvous");
    private readonly SmcSettings _settings = SmcSettings.From("smc { }");
    private readonly TaskCompletionSource<SmcStream> _promise = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _caller = new();
    private readonly LoopbackDevice _device;
    private readonly TestProbe _directory;
    private readonly TestProbe _linkGroups;
    private readonly ScriptedServer _server;
    private readonly HostRendezvous _rendezvous;

    public ConnectActorSpec()
        : base("akka.scheduler.implementation = \"Akka.TestKit.TestScheduler, Akka.TestKit\"")
    {
        _device = new LoopbackDevice(_settings);
        _directory = CreateTestProbe();
        _linkGroups = CreateTestProbe();
        _server = new ScriptedServer(_folder);
        _rendezvous = HostRendezvous.TryStart(_folder, SmcGid.NewRandom(), _server, ownThread: false, out _)!;
        _device.Start(_rendezvous);
    }

    private TestScheduler Time => (TestScheduler)Sys.Scheduler;

    [Fact]
    public async Task A_match_that_is_unread_when_the_client_gives_up_is_too_late()
    {
        await BeginAsync();
        _server.Match();   // before the cancel, and read after it
        Time.Advance(_settings.Handshake.MatchTimeout);
        await using SmcStream stream = await _promise.Task.Guard();
        Assert.Equal((SmcMode.Tcp, SmcReason.MatchTimeout), (stream.Mode, stream.FallbackReason));
        await _server.CanceledAsync();
        _rendezvous.Drain();
        await Exchange.LookalikesAsync(stream, _server.Socket);
        _linkGroups.ExpectNoMsg(TimeSpan.Zero);
    }

    [Fact]
    public async Task A_match_that_is_read_in_time_is_followed_by_a_Proposal_and_another_deadline()
    {
        await BeginAsync();
        _server.Match();
        _rendezvous.Drain();
        await _server.ReadClcAsync();
        Time.Advance(_settings.Handshake.MatchTimeout);   // it counts no more
        Assert.False(_promise.Task.IsCompleted);
        Time.Advance(_settings.Handshake.ClcTimeout);
        SocketException late = await Assert.ThrowsAsync<SocketException>(() => _promise.Task.Guard());
        Assert.Equal(SocketError.TimedOut, late.SocketErrorCode);
    }

    [Fact]
    public async Task A_client_that_gives_up_after_its_Proposal_does_not_call_it_plain_bytes()
    {
        // Nor does it say cancel: a server that has not read the Proposal yet would take it for the application's.
        await BeginAsync();
        _server.Match();
        _rendezvous.Drain();
        await _server.ReadClcAsync();
        await _caller.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _promise.Task.Guard());
        _server.Rendezvous.Drain();
        Assert.False(_server.IsCanceled);
    }

    [Fact]
    public async Task A_client_whose_device_goes_down_before_anybody_has_answered_connects_by_TCP_at_once()
    {
        IActorRef client = BeginLooking();
        _device.Stop(SmcReason.NoSmcdDevice);
        client.Tell(ListenerProtocol.DeviceChanged.Instance);
        await using SmcStream stream = await _promise.Task.Guard();   // and time stands still
        Assert.Equal((SmcMode.Tcp, SmcReason.NoSmcdDevice), (stream.Mode, stream.FallbackReason));
    }

    [Fact]
    public async Task A_client_whose_device_goes_down_while_it_is_not_connected_yet_connects_by_TCP_anew()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(0);
        var endPoint = (IPEndPoint)listener.LocalEndPoint!;
        Stack<TcpConnector> before = [];
        do
        {
            Assert.Equal(SocketError.Success, TcpConnector.TryOpen(endPoint, out TcpConnector? one));
            before.Push(one!);
        }
        while (before.Peek().Begin() == SocketError.Success);   // the kernel's queue has room for a few

        PeerSession session = _rendezvous.TryOpenSession(Assert.Single(_rendezvous.Find(_server.EndPoint)))!;
        IActorRef client = NewClient(_directory.Ref, endPoint);
        _directory.ExpectMsg<HandshakeProtocol.FindPeers>();
        _directory.Reply(new HandshakeProtocol.Sessions([session], SmcReason.None));
        await client.Ask<ActorIdentity>(new Identify(null), Eventually.HangGuard);   // it waits for its connection
        _device.Stop(SmcReason.NoSmcdDevice);
        client.Tell(new HandshakeProtocol.Lost(session));
        await client.Ask<ActorIdentity>(new Identify(null), Eventually.HangGuard);
        Assert.False(_promise.Task.IsCompleted);   // it waits for another
        while (before.TryPop(out TcpConnector? one)) one.Dispose();
        Task<Socket> room = listener.AcceptAsync();
        while (await Task.WhenAny(room, _promise.Task).Guard() == room)
        {
            (await room).Dispose();
            room = listener.AcceptAsync();
        }

        await using SmcStream stream = await _promise.Task.Guard();
        Assert.Equal((SmcMode.Tcp, SmcReason.NoSmcdDevice), (stream.Mode, stream.FallbackReason));
    }

    [Fact]
    public async Task A_client_that_fails_in_its_beginning_answers_its_caller_and_hears_nothing_more_of_it()
    {
        Sys.EventStream.Subscribe(TestActor, typeof(DeadLetter));
        Watch(NewClient(new DeafOnce(_directory.Ref)));
        ExpectMsg<Terminated>();
        SocketException failure = await Assert.ThrowsAsync<SocketException>(() => _promise.Task.Guard());
        Assert.Equal(SocketError.OperationAborted, failure.SocketErrorCode);
        await _caller.CancelAsync();
        ExpectNoMsg(TimeSpan.Zero);
    }

    [Fact]
    public async Task A_connection_that_cannot_be_made_for_a_reason_that_is_no_socket_error_is_a_failure_all_the_same()
    {
        IActorRef client = BeginLooking();
        client.Tell(new Status.Failure(new InvalidOperationException("not a socket's")));
        SocketException failure = await Assert.ThrowsAsync<SocketException>(() => _promise.Task.Guard());
        Assert.Equal(SocketError.OperationAborted, failure.SocketErrorCode);
    }

    protected override void AfterAll()
    {
        base.AfterAll();
        _caller.Dispose();
        _device.Dispose();
        _server.Dispose();
        Directory.Delete(Path.GetDirectoryName(_folder)!, recursive: true);
    }

    /// <summary>A client that has announced itself, is connected and waits for the match.</summary>
    private async Task BeginAsync()
    {
        PeerSession session = _rendezvous.TryOpenSession(Assert.Single(_rendezvous.Find(_server.EndPoint)))!;
        IActorRef client = BeginLooking();
        _directory.Reply(new HandshakeProtocol.Sessions([session], SmcReason.None));
        Assert.True(await _server.AcceptConnectionAsync().Guard());
        await client.Ask<ActorIdentity>(new Identify(null), Eventually.HangGuard);   // it waits for its connection
        _rendezvous.Drain();
        await client.Ask<ActorIdentity>(new Identify(null), Eventually.HangGuard);   // and has it
    }

    /// <summary>A client that has asked the directory.</summary>
    private IActorRef BeginLooking()
    {
        IActorRef client = NewClient(_directory.Ref);
        _directory.ExpectMsg<HandshakeProtocol.FindPeers>();
        return client;
    }

    private IActorRef NewClient(IActorRef directory, IPEndPoint? to = null) => Sys.ActorOf(Props.Create(() => new ConnectActor(
        new HandshakeProtocol.Connect(to ?? _server.EndPoint, _promise, _caller.Token),
        _settings.Handshake,
        _device,
        directory,
        _linkGroups.Ref,
        new ConnectionTable())));
}
