using System.Net.Sockets;

namespace Smc.Transport.Paths.Tcp;

/// <summary>
/// A connection on plain TCP: the fallback, equal in rank. Bytes that a listener read while it looked for a handshake, and that were none, are
/// the application's and come first.
/// </summary>
public sealed class TcpPath : IDataPath
{
    private readonly Socket _socket;
    private readonly Action? _closed;
    private ReadOnlyMemory<byte> _early;
    private int _ending;
    private bool _isReset;
    private bool _isRevoked;
    private long _reads;
    private long _writes;
    private long _bytesRead;
    private long _bytesWritten;
    private SizeHistogram _readSizes;
    private SizeHistogram _writeSizes;

    /// <param name="socket">Connected; owned from now on.</param>
    /// <param name="early">What has been read from it already.</param>
    /// <param name="closed">Called once, when this end closes or aborts.</param>
    public TcpPath(Socket socket, ReadOnlyMemory<byte> early = default, Action? closed = null)
    {
        _socket = socket;
        _early = early;
        _closed = closed;
    }

    /// <inheritdoc />
    public SmcMode Mode => SmcMode.Tcp;

    /// <inheritdoc />
    public SmcStatistics Statistics => new()
    {
        BytesRead = _bytesRead,
        BytesWritten = _bytesWritten,
        Reads = _reads,
        Writes = _writes,
        ReadSizes = _readSizes.Read(),
        WriteSizes = _writeSizes.Read(),
    };

    /// <inheritdoc />
    public ConnectionEnd Ending => (ConnectionEnd)Volatile.Read(ref _ending) is var own && own != ConnectionEnd.None && Volatile.Read(ref _isReset) ? ConnectionEnd.Reset : own;

    /// <inheritdoc />
    public int Read(Span<byte> buffer, int timeoutMilliseconds)
    {
        return _early.IsEmpty ? CountRead(Receive(buffer, timeoutMilliseconds)) : ReadEarly(buffer);
    }

    /// <inheritdoc />
    public ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested) return ValueTask.FromCanceled<int>(cancellationToken);
        if (!_early.IsEmpty) return new ValueTask<int>(ReadEarly(buffer.Span));
        ValueTask<int> receiving = _socket.ReceiveAsync(buffer, SocketFlags.None, cancellationToken);
        return receiving.IsCompletedSuccessfully ? new ValueTask<int>(CountRead(receiving.Result)) : FinishReadAsync(receiving);
    }

    /// <inheritdoc />
    public void Write(ReadOnlySpan<byte> buffer, int timeoutMilliseconds)
    {
        try
        {
            SetTimeout(ref timeoutMilliseconds);
            if (_socket.SendTimeout != timeoutMilliseconds) _socket.SendTimeout = timeoutMilliseconds;
            int total = buffer.Length;
            while (!buffer.IsEmpty) buffer = buffer[_socket.Send(buffer, SocketFlags.None)..];
            CountWrite(total);
        }
        catch (SocketException e)
        {
            throw Failed(e.SocketErrorCode);
        }
    }

    /// <inheritdoc />
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
    {
        try
        {
            int total = buffer.Length;
            while (!buffer.IsEmpty) buffer = buffer[await _socket.SendAsync(buffer, SocketFlags.None, cancellationToken).ConfigureAwait(false)..];
            CountWrite(total);
        }
        catch (SocketException e)
        {
            throw Failed(e.SocketErrorCode);
        }
    }

    /// <inheritdoc />
    public void ShutdownWrite()
    {
        try
        {
            _socket.Shutdown(SocketShutdown.Send);
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.NotConnected or SocketError.ConnectionReset)
        {
            // The peer has broken off: there is no direction left to end.
        }
    }

    /// <inheritdoc />
    public void Abort(SocketError cause = SocketError.OperationAborted)
    {
        bool isRevoked = cause == SocketError.ConnectionAborted;
        Volatile.Write(ref _isRevoked, isRevoked);   // SYNC revoked: before the socket is closed; pairs with Failed, which its end leads to
        Close(isRevoked ? ConnectionEnd.Revoked : ConnectionEnd.Aborted);
    }

    /// <summary>Breaks the connection off because of what its peer has sent.</summary>
    internal void AbortViolated() => Close(ConnectionEnd.Violated);

    /// <inheritdoc />
    public void Close() => Close(ConnectionEnd.Closed);

    /// <summary>Reads what is for nobody yet: it is not counted.</summary>
    internal int Receive(Span<byte> buffer, int timeoutMilliseconds)
    {
        try
        {
            SetTimeout(ref timeoutMilliseconds);
            if (_socket.ReceiveTimeout != timeoutMilliseconds) _socket.ReceiveTimeout = timeoutMilliseconds;
            return _socket.Receive(buffer, SocketFlags.None);
        }
        catch (SocketException e)
        {
            throw Failed(e.SocketErrorCode);
        }
    }

    /// <summary>The same, asynchronously.</summary>
    internal async ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        try
        {
            return await _socket.ReceiveAsync(buffer, SocketFlags.None, cancellationToken).ConfigureAwait(false);
        }
        catch (SocketException e)
        {
            throw Failed(e.SocketErrorCode);
        }
    }

    /// <summary>Writes what is nobody's yet: it is not counted.</summary>
    internal void Send(ReadOnlySpan<byte> message)
    {
        _socket.Send(message, SocketFlags.None, out SocketError error);
        if (error != SocketError.Success) throw Failed(error);
    }

    /// <summary>What was received turns out to be the application's: it comes first.</summary>
    internal void PutBack(ReadOnlyMemory<byte> bytes) => _early = bytes;

    private static void SetTimeout(ref int milliseconds)
    {
        if (milliseconds < 0) milliseconds = 0;   // a socket spells "for ever" as 0
    }

    private IOException Failed(SocketError error)
    {
        // SYNC end: set by reader or writer, read by whoever closes after them. Shutdown is EPIPE, of a write behind the reset.
        if (error is SocketError.ConnectionReset or SocketError.Shutdown) Volatile.Write(ref _isReset, true);
        return PathErrors.Create(Volatile.Read(ref _isRevoked) ? SocketError.ConnectionAborted : error);
    }

    private void Close(ConnectionEnd end)
    {
        if (Interlocked.CompareExchange(ref _ending, (int)end, 0) != 0) return;
        if (end != ConnectionEnd.Closed || !_early.IsEmpty) _socket.LingerState = new LingerOption(enable: true, seconds: 0);
        _socket.Dispose();
        _closed?.Invoke();
    }

    private int ReadEarly(Span<byte> buffer)
    {
        int count = Math.Min(buffer.Length, _early.Length);
        _early.Span[..count].CopyTo(buffer);
        _early = _early[count..];
        return CountRead(count + ReceiveAvailable(buffer[count..]));
    }

    private async ValueTask<int> FinishReadAsync(ValueTask<int> receiving)
    {
        try
        {
            return CountRead(await receiving.ConfigureAwait(false));
        }
        catch (SocketException e)
        {
            throw Failed(e.SocketErrorCode);
        }
    }

    /// <summary>What has come since completes a read that would be a short one. Its failures are for the next read.</summary>
    private int ReceiveAvailable(Span<byte> room)
    {
        try
        {
            return room.IsEmpty || _socket.Available == 0 ? 0 : _socket.Receive(room, SocketFlags.None);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            return 0;
        }
    }

    private int CountRead(int count)
    {
        _reads++;
        _bytesRead += count;
        _readSizes.Add(count);
        return count;
    }

    private void CountWrite(int count)
    {
        _writes++;
        _bytesWritten += count;
        _writeSizes.Add(count);
    }
}
