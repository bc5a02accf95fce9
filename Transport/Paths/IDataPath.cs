using System.Net.Sockets;

namespace Smc.Transport.Paths;

/// <summary>
/// What carries the bytes of one connection: shared memory, RDMA or TCP, equal in rank. One reader and one writer at a time; a second one
/// gets an <see cref="InvalidOperationException"/>. Reads and writes complete synchronously when they can, and allocate nothing then.
/// Every failure is an <see cref="IOException"/> around the <see cref="SocketException"/> that a TCP stream would give.
/// </summary>
public interface IDataPath
{
    /// <summary>The kind of path.</summary>
    SmcMode Mode { get; }

    /// <summary>The counters, read without disturbing the path.</summary>
    SmcStatistics Statistics { get; }

    /// <summary>How it ended; None while this end is open.</summary>
    ConnectionEnd Ending { get; }

    /// <summary>Reads at least one byte, unless the stream has ended or <paramref name="buffer"/> is empty.</summary>
    /// <param name="buffer">Where to.</param>
    /// <param name="timeoutMilliseconds">-1 waits for ever; past it the read fails with TimedOut.</param>
    /// <returns>The bytes read; 0 at the end of the stream.</returns>
    int Read(Span<byte> buffer, int timeoutMilliseconds);

    /// <inheritdoc cref="Read" />
    ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken);

    /// <summary>Writes all of <paramref name="buffer"/>, waiting for the peer's window as often as needed.</summary>
    /// <param name="buffer">What.</param>
    /// <param name="timeoutMilliseconds">-1 waits for ever; past it the write fails with TimedOut, and part of it may have gone.</param>
    void Write(ReadOnlySpan<byte> buffer, int timeoutMilliseconds);

    /// <inheritdoc cref="Write" />
    ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken);

    /// <summary>Ends this end's direction: the peer reads what was written, then the end of the stream.</summary>
    void ShutdownWrite();

    /// <summary>Ends both directions at once: the peer gets ConnectionReset.</summary>
    /// <param name="cause">What a read or write under way fails with: OperationAborted, or ConnectionAborted where it is not the user who ends it.</param>
    void Abort(SocketError cause = SocketError.OperationAborted);

    /// <summary>Ends both directions in order. Unread data turns it into an abort, as TCP does.</summary>
    void Close();
}
