using System.Net;
using System.Net.Sockets;
using Smc.Transport;
using Smc.Transport.Paths;
using Smc.Transport.Paths.Tcp;
using Smc.Transport.Wire;
using Smc.Transport.Wire.Clc;

namespace Smc.Actors.Connections;

/// <summary>Makes the stream of a connection that fell back.</summary>
internal static class TcpStreams
{
    /// <summary>Wraps a socket, counts the fallback and enters the connection.</summary>
    /// <param name="socket">Connected; owned by the stream.</param>
    /// <param name="early">Bytes that were read and are the application's.</param>
    /// <param name="reason">Why it is TCP.</param>
    /// <param name="table">Where it is entered.</param>
    /// <returns>Null where the connection is gone; then the socket is closed.</returns>
    public static SmcStream? TryCreate(Socket socket, ReadOnlyMemory<byte> early, SmcReason reason, ConnectionTable table) =>
        TryCreate(socket, reason, table, (closed, _) => new TcpPath(socket, early, closed));

    /// <summary>The same for a connection of which too little has come to judge: it may still begin with a Proposal.</summary>
    public static SmcStream? TryCreateUnjudged(Socket socket, ReadOnlyMemory<byte> early, SmcReason reason, ConnectionTable table) =>
        TryCreate(socket, reason, table, (closed, remote) => new UnjudgedTcpPath(socket, early, closed, error => OnProposed(error, reason, table, remote.Address)));

    private static SmcStream? TryCreate(Socket socket, SmcReason reason, ConnectionTable table, Func<Action, IPEndPoint, IDataPath> newPath)
    {
        if (!SocketEndPoints.TryGet(socket, out IPEndPoint? local, out IPEndPoint? remote))
        {
            socket.Dispose();
            return null;
        }

        long id = table.NextId();
        var stream = new SmcStream(newPath(() => table.Remove(id), remote), local, remote, reason);
        table.AddFallback(id, stream);
        return stream;
    }

    /// <summary>A Proposal came too late: the reason that was counted was not the right one.</summary>
    private static void OnProposed(WireError error, SmcReason counted, ConnectionTable table, IPAddress from)
    {
        table.Recount(counted, SmcReason.SniffTimeout);
        if (error != WireError.None) table.Count(error, from);
    }
}

/// <summary>What this host says of itself at first contact.</summary>
internal static class ClcIdentity
{
    private static readonly ClcText HostName = ClcText.From(Environment.MachineName);

    public static FirstContact FirstContact(byte release, ClcFeatures features) =>
        new(ClcOs.Linux, release, HostName, release == 0 ? ClcFeatures.None : features);
}
