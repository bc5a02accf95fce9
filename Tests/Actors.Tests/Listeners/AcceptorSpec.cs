using System.Net;
using System.Net.Sockets;
using Actors.Tests.Harness;
using Akka.Actor;
using Akka.TestKit.Xunit2;
using Smc.Actors.Connections;
using Smc.Actors.Devices;
using Smc.Actors.Directory;
using Smc.Actors.Listeners;
using Smc.Actors.Settings;
using Smc.Transport;

namespace Actors.Tests.Listeners;

/// <summary>Connections that a listener without a device accepts by a task, as it ends or fails.</summary>
public sealed class AcceptorSpec : TestKit
{
    private readonly SmcSettings _settings = SmcSettings.From("smc { }");
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly Socket _client = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly LoopbackDevice _device;

    public AcceptorSpec() => _device = new LoopbackDevice(_settings);

    [Fact]
    public async Task A_connection_that_its_listener_does_not_come_for_is_reset()
    {
        var acceptor = new Acceptor(Listening(), TestActor);
        Assert.True(acceptor.TryAwait());
        await _client.ConnectAsync(_socket.LocalEndPoint!).Guard();
        ExpectMsg<Accepted>(accepted => accepted.Acceptor == acceptor);
        acceptor.Close();
        await ExpectResetAsync();
    }

    [Fact]
    public void A_task_that_fails_by_what_nobody_thought_of_says_so_and_the_next_one_can_begin()
    {
        var acceptor = new Acceptor(_socket, TestActor);   // it does not listen: that is no error of a socket
        for (int i = 0; i < 2; i++)
        {
            Assert.True(acceptor.TryAwait());
            ExpectMsg<AcceptFailed>(failed => failed.Acceptor == acceptor && failed.Error == SocketError.SocketError);
            acceptor.End();
        }
    }

    [Theory]
    [InlineData(Directive.Stop)]
    [InlineData(Directive.Restart)]
    public async Task A_connection_that_comes_as_its_listener_ends_is_reset_and_a_successor_serves_the_next(Directive end)
    {
        using var failing = new SemaphoreSlim(0);
        using var decided = new SemaphoreSlim(0);
        Listening();
        var queue = new AcceptQueue();
        Props listener = Props.Create(() => new ListenerActor(
            _socket, queue, _settings.Listener, _device, new PeerPolicy(_settings.Negotiation, _settings.Directory.Peers), new ConnectionTable(), new ListenerTable(), (_, _) => ActorRefs.Nobody));
        Sys.ActorOf(Props.Create(() => new Parent(listener, end, failing, decided)));
        Assert.True(await failing.WaitAsync(Eventually.HangGuard));
        await _client.ConnectAsync(_socket.LocalEndPoint!).Guard();
        await Eventually.TrueAsync(() => !_socket.Poll(0, SelectMode.SelectRead), "the task to accept it");
        decided.Release();
        await ExpectResetAsync();
        if (end == Directive.Stop) return;
        using var next = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await next.ConnectAsync(_socket.LocalEndPoint!).Guard();
        await using SmcStream served = await queue.TakeAsync(CancellationToken.None).Guard();
        Assert.Equal(next.LocalEndPoint, served.RemoteEndPoint);
    }

    protected override void AfterAll()
    {
        base.AfterAll();
        _device.Dispose();
        _socket.Dispose();
        _client.Dispose();
    }

    private Socket Listening()
    {
        _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _socket.Listen();
        return _socket;
    }

    private async Task ExpectResetAsync()
    {
        SocketException end = await Assert.ThrowsAsync<SocketException>(() => _client.ReceiveAsync(new byte[1]).Guard());
        Assert.Equal(SocketError.ConnectionReset, end.SocketErrorCode);
    }

    /// <summary>Has its child fail, and takes its time to decide.</summary>
    private sealed class Parent : UntypedActor
    {
        private readonly Directive _end;
        private readonly SemaphoreSlim _failing;
        private readonly SemaphoreSlim _decided;

        public Parent(Props listener, Directive end, SemaphoreSlim failing, SemaphoreSlim decided)
        {
            (_end, _failing, _decided) = (end, failing, decided);
            Context.ActorOf(listener).Tell(Kill.Instance);
        }

        protected override void OnReceive(object message)
        {
        }

        protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ =>
        {
            _failing.Release();
            return _decided.Wait(Eventually.HangGuard) ? _end : Directive.Escalate;
        });
    }
}
