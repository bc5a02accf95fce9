using System.Net.Sockets;
using Smc.Transport.Wire;
using Smc.Transport.Wire.Clc;

namespace Smc.Transport.Paths.Tcp;

/// <summary>
/// A connection on plain TCP that the application got before its first bytes came: they may still be a Proposal. Reading judges them, however
/// late they come, within the read's own time-out.
/// <code>
/// state      other first bytes      a Proposal                                               a Proposal that is malformed or breaks off
/// Silent     -> Judged, delivered   Decline, -> Judged: what follows is the application's    -> Broken
/// Written    -> Judged, delivered   -> Broken                                                -> Broken
/// Broken     every operation fails with ConnectionAborted
/// </code>
/// The first write and the Decline exclude each other: the client would take the one for the other.
/// </summary>
public sealed class UnjudgedTcpPath : IDataPath
{
    private readonly TcpPath _path;
    private readonly Action<WireError>? _proposed;
    private readonly Lock _gate = new();
    private byte[] _first = new byte[ClcFraming.MaxLength];
    private int _count;
    private int _wanted = ClcHeader.Size;
    private int _isReading;
    private bool _isJudged;
    private bool _hasWritten;
    private bool _isBroken;

    /// <param name="socket">Connected; owned from now on.</param>
    /// <param name="early">What has been read from it already: less than a header.</param>
    /// <param name="closed">Called once, when this end closes or aborts.</param>
    /// <param name="proposed">Called once where a Proposal came, with what is wrong with it.</param>
    public UnjudgedTcpPath(Socket socket, ReadOnlyMemory<byte> early, Action? closed = null, Action<WireError>? proposed = null)
    {
        _path = new TcpPath(socket, default, closed);
        _proposed = proposed;
        early.Span.CopyTo(_first);
        _count = early.Length;
    }

    /// <inheritdoc />
    public SmcMode Mode => SmcMode.Tcp;

    /// <inheritdoc />
    public SmcStatistics Statistics => _path.Statistics;

    /// <inheritdoc />
    public ConnectionEnd Ending => _path.Ending;

    /// <summary>True where a Proposal came too late.</summary>
    public bool WasProposed { get; private set; }

    /// <inheritdoc />
    public int Read(Span<byte> buffer, int timeoutMilliseconds)
    {
        if (Volatile.Read(ref _isJudged)) return _path.Read(buffer, timeoutMilliseconds);
        BeginJudging();
        try
        {
            long deadline = Environment.TickCount64 + timeoutMilliseconds;
            while (!_isJudged)
            {
                Take(_path.Receive(_first.AsSpan(_count, _wanted - _count), timeoutMilliseconds));
                if (timeoutMilliseconds > 0) timeoutMilliseconds = (int)Math.Max(1, deadline - Environment.TickCount64);
            }
        }
        finally
        {
            Volatile.Write(ref _isReading, 0);
        }

        return _path.Read(buffer, timeoutMilliseconds);
    }

    /// <inheritdoc />
    public ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken) =>
        Volatile.Read(ref _isJudged) ? _path.ReadAsync(buffer, cancellationToken) : JudgeAndReadAsync(buffer, cancellationToken);

    /// <inheritdoc />
    public void Write(ReadOnlySpan<byte> buffer, int timeoutMilliseconds)
    {
        if (!buffer.IsEmpty) NoteWrite();
        try
        {
            _path.Write(buffer, timeoutMilliseconds);
        }
        catch (Exception) when (_isBroken)
        {
            throw PathErrors.Create(SocketError.ConnectionAborted);
        }
    }

    /// <inheritdoc />
    public ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested) return ValueTask.FromCanceled(cancellationToken);
        if (!buffer.IsEmpty) NoteWrite();
        return Volatile.Read(ref _isJudged) && !_isBroken ? _path.WriteAsync(buffer, cancellationToken) : WriteUnjudgedAsync(buffer, cancellationToken);
    }

    /// <inheritdoc />
    public void ShutdownWrite()
    {
        NoteWrite();   // nothing can be answered behind it
        _path.ShutdownWrite();
    }

    /// <inheritdoc />
    public void Abort(SocketError cause = SocketError.OperationAborted) => _path.Abort(cause);

    /// <inheritdoc />
    public void Close()
    {
        if (!Volatile.Read(ref _isJudged) && _count > 0) _path.Abort();   // unread data turns it into an abort
        else _path.Close();
    }

    private async ValueTask<int> JudgeAndReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        BeginJudging();
        try
        {
            while (!_isJudged)
            {
                Memory<byte> rest = _first.AsMemory(_count, _wanted - _count);
                Take(await _path.ReceiveAsync(rest, cancellationToken).ConfigureAwait(false));
            }
        }
        finally
        {
            Volatile.Write(ref _isReading, 0);
        }

        return await _path.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask WriteUnjudgedAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
    {
        try
        {
            await _path.WriteAsync(buffer, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception) when (_isBroken)
        {
            throw PathErrors.Create(SocketError.ConnectionAborted);
        }
    }

    private void BeginJudging()
    {
        if (Interlocked.Exchange(ref _isReading, 1) != 0) PathErrors.ThrowBusy("read");
        if (!_isBroken) return;
        Volatile.Write(ref _isReading, 0);
        PathErrors.Throw(SocketError.ConnectionAborted);
    }

    private void NoteWrite()
    {
        if (Volatile.Read(ref _hasWritten)) return;
        lock (_gate) _hasWritten = true;
    }

    /// <summary>Takes received bytes, or the end of the stream.</summary>
    private void Take(int received)
    {
        _count += received;
        bool isProposal = _wanted > ClcHeader.Size;
        if (isProposal && received == 0) Break(WireError.Truncated);
        ReadOnlySpan<byte> first = _first.AsSpan(0, _count);
        ClcSniff sniffed = received == 0 ? ClcSniff.NotSmc : ClcFraming.Sniff(first);
        if (sniffed == ClcSniff.NotSmc)
        {
            _path.PutBack(_first.AsMemory(0, _count));
            Judged();
        }
        else if (sniffed == ClcSniff.Proposal && ClcHeader.TryRead(first, out ClcHeader header) == WireError.None)
        {
            _wanted = header.Length;
            if (_count == _wanted) Answer(first);
        }
    }

    private void Answer(ReadOnlySpan<byte> message)
    {
        WasProposed = true;   // before the Decline is on its way: the client may ask for the reason at once
        WireError error = Proposal.TryWrap(message, out _);
        Span<byte> decline = stackalloc byte[ClcFraming.MaxLength];
        bool isAnswered;
        decline = decline[..ClcWriter.Write(decline, new DeclineFields(ClcLayout.Version2, SmcReason.SniffTimeout))];
        lock (_gate)
        {
            isAnswered = !_hasWritten && error == WireError.None;
            if (isAnswered)
            {
                Judged();
                _path.Send(decline);   // fits: nothing has been written before
            }
        }

        if (!isAnswered) Break(error);   // whoever hears of it may do as it likes: not under the lock
        _proposed?.Invoke(WireError.None);
    }

    private void Break(WireError error)
    {
        WasProposed = true;
        _isBroken = true;
        _proposed?.Invoke(error);
        if (error == WireError.None) _path.Abort();
        else _path.AbortViolated();
        PathErrors.Throw(SocketError.ConnectionAborted);
    }

    private void Judged()
    {
        if (_count > 0 && _wanted > ClcHeader.Size) _first = [];
        Volatile.Write(ref _isJudged, true);
    }
}
