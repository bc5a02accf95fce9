using System.Net;
using System.Net.Sockets;
using Smc.Transport.Paths;
using Smc.Transport.Paths.Tcp;

namespace Smc.Transport;

/// <summary>
/// A connection, on shared memory or on TCP, as code written for <see cref="NetworkStream"/> expects it: one reader and one writer at a time,
/// every failure an <see cref="IOException"/> around a <see cref="SocketException"/>. Reads and writes on shared memory complete
/// synchronously when they can and allocate nothing.
/// </summary>
public sealed class SmcStream : Stream
{
    private readonly IDataPath _path;
    private readonly SmcReason _fallbackReason;
    private int _readTimeout = Timeout.Infinite;
    private int _writeTimeout = Timeout.Infinite;
    private string? _abortReason;
    private int _disposed;

    /// <summary>Wraps a path whose handshake is complete.</summary>
    /// <param name="path">What carries the bytes; closed with the stream.</param>
    /// <param name="localEndPoint">The local end of the TCP connection.</param>
    /// <param name="remoteEndPoint">Its remote end.</param>
    /// <param name="fallbackReason">Why <paramref name="path"/> is TCP; <see cref="SmcReason.None"/> otherwise.</param>
    public SmcStream(IDataPath path, IPEndPoint localEndPoint, IPEndPoint remoteEndPoint, SmcReason fallbackReason)
    {
        _path = path;
        LocalEndPoint = localEndPoint;
        RemoteEndPoint = remoteEndPoint;
        _fallbackReason = fallbackReason;
    }

    /// <summary>What carries the bytes.</summary>
    public SmcMode Mode => _path.Mode;

    /// <summary>Why <see cref="Mode"/> is TCP; <see cref="SmcReason.None"/> otherwise. Changes at most once: where a Proposal comes too late.</summary>
    public SmcReason FallbackReason => _path is UnjudgedTcpPath { WasProposed: true } ? SmcReason.SniffTimeout : _fallbackReason;

    /// <summary><see cref="FallbackReason"/> in words, one line of at most 120 characters; empty where there is none.</summary>
    public string FallbackSentence => FallbackReason == SmcReason.None ? string.Empty : SmcReasons.Sentence(FallbackReason);

    /// <summary>What to do about <see cref="FallbackReason"/>, in one line of at most 120 characters; empty where there is none.</summary>
    public string FallbackRemedy => FallbackReason == SmcReason.None ? string.Empty : SmcReasons.Remedy(FallbackReason);

    /// <summary>The detail of <see cref="FallbackReason"/> where the peer decided: what it gave as its own reason. <see cref="SmcReason.None"/> where it gave
    /// none. A peer may give any value, also one that this version does not know.</summary>
    public SmcReason PeerReason { get; init; }

    /// <summary>How the connection ended; None while this end is open.</summary>
    public ConnectionEnd Ending => _path.Ending;

    /// <summary>The counters of this connection.</summary>
    public SmcStatistics Statistics => _path.Statistics;

    /// <summary>The local end of the TCP connection that the handshake ran over.</summary>
    public IPEndPoint LocalEndPoint { get; }

    /// <summary>The remote end of it.</summary>
    public IPEndPoint RemoteEndPoint { get; }

    /// <inheritdoc />
    public override bool CanRead => Volatile.Read(ref _disposed) == 0;

    /// <inheritdoc />
    public override bool CanWrite => CanRead;

    /// <inheritdoc />
    public override bool CanSeek => false;

    /// <inheritdoc />
    public override bool CanTimeout => true;

    /// <summary>The longest wait of a synchronous read, in milliseconds, at least 1; <see cref="Timeout.Infinite"/> by default.</summary>
    public override int ReadTimeout
    {
        get => _readTimeout;
        set => _readTimeout = CheckTimeout(value);
    }

    /// <summary>The longest wait of a synchronous write, in milliseconds, at least 1; <see cref="Timeout.Infinite"/> by default.</summary>
    public override int WriteTimeout
    {
        get => _writeTimeout;
        set => _writeTimeout = CheckTimeout(value);
    }

    /// <inheritdoc />
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc />
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <inheritdoc />
    public override int Read(Span<byte> buffer)
    {
        ThrowIfDisposed();
        return _path.Read(buffer, _readTimeout);
    }

    /// <inheritdoc />
    public override int Read(byte[] buffer, int offset, int count)
    {
        ValidateBufferArguments(buffer, offset, count);
        return Read(buffer.AsSpan(offset, count));
    }

    /// <inheritdoc />
    public override int ReadByte()
    {
        byte value = 0;
        return Read(new Span<byte>(ref value)) == 0 ? -1 : value;
    }

    /// <inheritdoc />
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ThrowIfDisposed();
        return _path.ReadAsync(buffer, cancellationToken);
    }

    /// <inheritdoc />
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        ValidateBufferArguments(buffer, offset, count);
        return ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();
    }

    /// <inheritdoc />
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        ThrowIfDisposed();
        _path.Write(buffer, _writeTimeout);
    }

    /// <inheritdoc />
    public override void Write(byte[] buffer, int offset, int count)
    {
        ValidateBufferArguments(buffer, offset, count);
        Write(buffer.AsSpan(offset, count));
    }

    /// <inheritdoc />
    public override void WriteByte(byte value) => Write(new ReadOnlySpan<byte>(in value));

    /// <inheritdoc />
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ThrowIfDisposed();
        return _path.WriteAsync(buffer, cancellationToken);
    }

    /// <inheritdoc />
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        ValidateBufferArguments(buffer, offset, count);
        return WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();
    }

    /// <inheritdoc />
    public override IAsyncResult BeginRead(byte[] buffer, int offset, int count, AsyncCallback? callback, object? state) =>
        TaskToAsyncResult.Begin(ReadAsync(buffer, offset, count, CancellationToken.None), callback, state);

    /// <inheritdoc />
    public override int EndRead(IAsyncResult asyncResult) => TaskToAsyncResult.End<int>(asyncResult);

    /// <inheritdoc />
    public override IAsyncResult BeginWrite(byte[] buffer, int offset, int count, AsyncCallback? callback, object? state) =>
        TaskToAsyncResult.Begin(WriteAsync(buffer, offset, count, CancellationToken.None), callback, state);

    /// <inheritdoc />
    public override void EndWrite(IAsyncResult asyncResult) => TaskToAsyncResult.End(asyncResult);

    /// <summary>Does nothing: what is written is on its way.</summary>
    public override void Flush() => ThrowIfDisposed();

    /// <summary>Does nothing: what is written is on its way.</summary>
    public override Task FlushAsync(CancellationToken cancellationToken) =>
        cancellationToken.IsCancellationRequested ? Task.FromCanceled(cancellationToken) : Task.CompletedTask;

    /// <summary>Ends this end's direction: the peer reads what was written, then the end of the stream. Reading goes on.</summary>
    public void ShutdownWrite()
    {
        ThrowIfDisposed();
        _path.ShutdownWrite();
    }

    /// <summary>Breaks the connection off: the peer gets ConnectionReset, unread and unsent data is lost. Disposes the stream.</summary>
    public void Abort()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0) _path.Abort();
    }

    /// <summary>Breaks the connection off over its user's head: reads and writes, those under way too, fail with ConnectionAborted, the peer gets ConnectionReset.</summary>
    /// <param name="reason">A sentence: the message of the exception of reads and writes from now on.</param>
    /// <returns>False where it was disposed already.</returns>
    public bool Abort(string reason)
    {
        if (!CanRead || Interlocked.CompareExchange(ref _abortReason, reason, null) is not null) return false;
        bool isFirst = Interlocked.Exchange(ref _disposed, 1) == 0;
        if (isFirst) _path.Abort(SocketError.ConnectionAborted);
        return isFirst;
    }

    /// <inheritdoc />
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc />
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <summary>Closes both directions in order. A read or write in progress fails with OperationAborted.</summary>
    protected override void Dispose(bool disposing)
    {
        if (disposing && Interlocked.Exchange(ref _disposed, 1) == 0) _path.Close();
        base.Dispose(disposing);
    }

    private static int CheckTimeout(int value)
    {
        if (value is <= 0 and not Timeout.Infinite) throw new ArgumentOutOfRangeException(nameof(value), value, "A time-out is at least 1 ms, or infinite.");
        return value;
    }

    private void ThrowIfDisposed()
    {
        if (Volatile.Read(ref _disposed) != 0) ThrowDisposed();
    }

    private void ThrowDisposed() => throw (_abortReason is { } reason
        ? new IOException(reason, new SocketException((int)SocketError.ConnectionAborted))
        : new ObjectDisposedException(nameof(SmcStream)));
}
