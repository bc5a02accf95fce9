using System.Net;

namespace Smc.Transport;

/// <summary>Opens connections, on shared memory where the peer can and on plain TCP where it cannot.</summary>
public interface ISmcConnector
{
    /// <summary>Connects to <paramref name="endPoint"/> (an <see cref="IPEndPoint"/> or a <see cref="DnsEndPoint"/>).</summary>
    /// <exception cref="System.Net.Sockets.SocketException">As <see cref="System.Net.Sockets.Socket.ConnectAsync(EndPoint)"/>;
    /// TimedOut where a handshake that had begun met its deadline.</exception>
    ValueTask<SmcStream> ConnectAsync(EndPoint endPoint, CancellationToken cancellationToken = default);
}
