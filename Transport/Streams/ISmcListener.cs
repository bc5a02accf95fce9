using System.Net;

namespace Smc.Transport;

/// <summary>Accepts connections of one local endpoint, on shared memory where the peer can and on plain TCP where it cannot.</summary>
public interface ISmcListener : IAsyncDisposable
{
    /// <summary>The endpoint that is bound; its port is the real one where port 0 was asked for.</summary>
    IPEndPoint LocalEndPoint { get; }

    /// <summary>Waits for the next connection whose handshake is complete. Connections come in the order in which handshakes complete.</summary>
    /// <param name="cancellationToken">Ends the wait; the connection that would have come is kept for the next call.</param>
    /// <exception cref="ObjectDisposedException">The listener was disposed.</exception>
    /// <exception cref="System.Net.Sockets.SocketException">OperationAborted: the listener has failed for good.</exception>
    ValueTask<SmcStream> AcceptAsync(CancellationToken cancellationToken = default);
}
