using System.Net.Sockets;
using System.Threading.Channels;
using Smc.Actors.Protocol;
using Smc.Transport;

namespace Smc.Actors.Listeners;

/// <summary>Connections whose handshake is complete and that wait for AcceptAsync, in that order.</summary>
internal sealed class AcceptQueue : LinkGroupProtocol.IStreamReceiver
{
    // Bounded by the listener: it accepts no connection more while as many wait as its setting says. Those whose handshakes are under way come to it
    // all the same, and of them there are at most HandshakeAdmission.Times as many.
    private readonly Channel<SmcStream> _ready = Channel.CreateUnbounded<SmcStream>(new UnboundedChannelOptions { SingleReader = false });
    private int _count;
    private Action? _taken;

    /// <summary>Connections that wait.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Called when a connection was taken.</summary>
    public Action? Taken
    {
        get => Volatile.Read(ref _taken);
        set => Volatile.Write(ref _taken, value);   // SYNC taken: the listener's actor, or its successor after a crash, writes; pairs with the read in TakeAsync
    }

    /// <inheritdoc />
    public void Deliver(SmcStream stream)
    {
        Interlocked.Increment(ref _count);
        if (!_ready.Writer.TryWrite(stream)) stream.Abort();   // the listener has closed
    }

    /// <inheritdoc />
    public void Fail(SocketError reason)
    {
        // A server does not hear of a connection that never was.
    }

    /// <summary>Takes the next connection.</summary>
    /// <exception cref="ChannelClosedException">The listener has closed.</exception>
    public async ValueTask<SmcStream> TakeAsync(CancellationToken cancellationToken)
    {
        SmcStream stream = await _ready.Reader.ReadAsync(cancellationToken).ConfigureAwait(false);
        Interlocked.Decrement(ref _count);
        Taken?.Invoke();
        return stream;
    }

    /// <summary>No more connections; those that wait are reset.</summary>
    /// <param name="failure">What callers of AcceptAsync get, where it is not their own listener's end.</param>
    public void Close(SocketError failure = SocketError.Success)
    {
        _ready.Writer.TryComplete(failure == SocketError.Success ? null : new SocketException((int)failure));
        while (_ready.Reader.TryRead(out SmcStream? stream)) stream.Abort();
    }
}
