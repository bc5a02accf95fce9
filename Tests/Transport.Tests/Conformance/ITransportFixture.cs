using System.Net.Sockets;

namespace Smc.Transport.Tests.Conformance;

/// <summary>Makes connected pairs of streams over one kind of path.</summary>
public interface ITransportFixture : IDisposable
{
    /// <summary>True where data that was complete is read before a reset is told.</summary>
    bool KeepsDataBeforeReset { get; }

    /// <summary>What a writer may get once the peer has closed.</summary>
    SocketError[] ErrorsAfterPeerClosed { get; }

    /// <summary>Opens a connection.</summary>
    StreamPair Connect();
}

/// <summary>Two ends of one connection.</summary>
public sealed record StreamPair(SmcStream Client, SmcStream Server) : IDisposable
{
    public void Dispose()
    {
        Client.Dispose();
        Server.Dispose();
    }
}
