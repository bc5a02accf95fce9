using System.Net;
using System.Net.Sockets;
using Actors.Tests.Harness;
using Akka.Actor;
using Smc.Actors.Listeners;
using Smc.Transport;

namespace Actors.Tests.Listeners;

public sealed class AcceptQueueTests
{
    [Fact]
    public async Task Everybody_who_waits_at_a_listener_that_fails_gets_an_exception_of_his_own()
    {
        var queue = new AcceptQueue();
        var listener = new SmcListener(ActorRefs.Nobody, queue, new IPEndPoint(IPAddress.Loopback, 0), TimeSpan.Zero, null!);
        Task<SmcStream>[] waiting = [listener.AcceptAsync().AsTask(), listener.AcceptAsync().AsTask()];
        queue.Close(SocketError.OperationAborted);
        SocketException first = await Assert.ThrowsAsync<SocketException>(() => waiting[0].Guard());
        SocketException second = await Assert.ThrowsAsync<SocketException>(() => waiting[1].Guard());
        Assert.Equal((SocketError.OperationAborted, SocketError.OperationAborted), (first.SocketErrorCode, second.SocketErrorCode));
        Assert.NotSame(first, second);
    }

    [Fact]
    public async Task Who_waits_at_a_listener_that_ends_hears_so()
    {
        var queue = new AcceptQueue();
        var listener = new SmcListener(ActorRefs.Nobody, queue, new IPEndPoint(IPAddress.Loopback, 0), TimeSpan.Zero, null!);
        queue.Close();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => listener.AcceptAsync().Guard());
    }
}
