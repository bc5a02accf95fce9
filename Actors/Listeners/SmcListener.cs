using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using Akka.Actor;
using Akka.Event;
using Smc.Transport;

namespace Smc.Actors.Listeners;

/// <summary>A listener as its user sees it; its actor does the work.</summary>
internal sealed class SmcListener(IActorRef actor, AcceptQueue queue, IPEndPoint localEndPoint, TimeSpan shutdownTimeout, ILoggingAdapter log) : ISmcListener
{
    private int _disposed;

    public IPEndPoint LocalEndPoint { get; } = localEndPoint;

    public async ValueTask<SmcStream> AcceptAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            return await queue.TakeAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (ChannelClosedException closed)
        {
            // Its own to everybody who waits: an exception that is thrown by two has the traces of both.
            if (closed.InnerException is SocketException failure) throw new SocketException((int)failure.SocketErrorCode);
            throw new ObjectDisposedException(nameof(ISmcListener));
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0) await actor.StopAsync(shutdownTimeout, log).ConfigureAwait(false);
    }
}
