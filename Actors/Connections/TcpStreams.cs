using System.Net;
using System.Net.Sockets;
using Smc.Actors.Protocol;
using Smc.Transport;
using Smc.Transport.Paths;
using Smc.Transport.Paths.Tcp;
using Smc.Transport.Wire;

namespace Smc.Actors.Connections;

/// <summary>Makes the stream of a connection that fell back.</summary>
internal static class TcpStreams
{
    /// <summary>Wraps a socket, counts the fallback and enters the connection.</summary>
    /// <param name="socket">Connected; owned by the stream.</param>
    /// <param name="early">Bytes that were read and are the application's.</param>
    /// <param name="decision">Why it is TCP.</param>
    /// <param name="table">Where it is entered.</param>
    /// <returns>Null where the connection is gone; then the socket is closed.</returns>
    public static SmcStream? TryCreate(Socket socket, ReadOnlyMemory<byte> early, HandshakeDecision decision, ConnectionTable table) =>
        TryCreate(socket, decision, table, (id, _) => new TcpPath(socket, early, () => table.Remove(id)));

    /// <summary>The same for a connection of which too little has come to judge: it may still begin with a Proposal.</summary>
    public static SmcStream? TryCreateUnjudged(Socket socket, ReadOnlyMemory<byte> early, HandshakeDecision decision, ConnectionTable table) =>
        TryCreate(socket, decision, table, (id, remote) => new UnjudgedTcpPath(socket, early, () => table.Remove(id), error => OnProposed(error, id, table, remote.Address)));

    private static SmcStream? TryCreate(Socket socket, HandshakeDecision decision, ConnectionTable table, Func<long, IPEndPoint, IDataPath> newPath)
    {
        if (!SocketEndPoints.TryGet(socket, out IPEndPoint? local, out IPEndPoint? remote))
        {
            socket.Dispose();
            return null;
        }

        long id = table.NextId();
        var stream = new SmcStream(newPath(id, remote), local, remote, decision.Reason) { PeerReason = decision.PeerReason };
        table.AddFallback(id, stream, decision);
        return stream;
    }

    /// <summary>A Proposal came too late: the reason that was counted was not the right one.</summary>
    private static void OnProposed(WireError error, long id, ConnectionTable table, IPAddress from)
    {
        table.OnLateProposal(id);
        if (error != WireError.None) table.Count(error, from);
    }
}
