using System.Net.Sockets;

namespace Smc.Transport.Paths.Tcp;

/// <summary>Breaks a TCP connection off.</summary>
public static class SocketReset
{
    /// <summary>Closes a socket with a reset, so that the peer learns of it at once and no TIME_WAIT holds the port. Nothing where it is closed already.</summary>
    public static void Reset(this Socket socket)
    {
        try
        {
            socket.LingerState = new LingerOption(enable: true, seconds: 0);
        }
        catch (ObjectDisposedException)
        {
            return;
        }

        socket.Dispose();
    }
}
