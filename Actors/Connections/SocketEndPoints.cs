using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;

namespace Smc.Actors.Connections;

/// <summary>The two ends of a TCP connection that may be gone already.</summary>
internal static class SocketEndPoints
{
    /// <summary>Asks for both ends.</summary>
    /// <returns>False where the connection is gone.</returns>
    public static bool TryGet(Socket socket, [NotNullWhen(true)] out IPEndPoint? local, [NotNullWhen(true)] out IPEndPoint? remote)
    {
        local = null;
        remote = null;
        try
        {
            local = socket.LocalEndPoint as IPEndPoint;
            remote = socket.RemoteEndPoint as IPEndPoint;
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            return false;
        }

        return local is not null && remote is not null;
    }
}
