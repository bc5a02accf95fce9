using System.Net.Sockets;
using Smc.Transport.Wire;
using Smc.Transport.Wire.Clc;

namespace Smc.Transport.Paths.Tcp;

/// <summary>
/// A connection on plain TCP that the application got before its first bytes came: they may still be a Proposal. Reading judges them, however
/// late they come.
/// <code>
/// state      first bytes of the application   a Proposal
/// Silent     -> Judged, delivered             Decline, -> Judged: what follows is the application's
/// Written    -> Judged, delivered             reset
/// </code>
/// The first write and the Decline exclude each other: the client would take the one for the other.
/// </summary>
public sealed class UnjudgedTcpPath : IDataPath
{
    private readonly Socket _socket;
    private readonly TcpPath _path;
    private readonly Lock _gate = new();
    private readonly byte[] _first = new byte[ClcFraming.MaxLength];
    private int _count;
    private int _wanted = ClcHeader.Size;
    private bool _isJudged;
    private bool _hasWritten;

    /// <param name="socket">Connected; owned from now on.</param>
    /// <param name="early">What has been read from it already: less than a header.</param>
    /// <param name="closed">Called once, when this end closes or aborts.</param>
    public UnjudgedTcpPath(Socket socket, ReadOnlyMemory<byte> early, Action? closed = null)
    {
        _socket = socket;
        _path = new TcpPath(socket, default, closed);
        early.Span.CopyTo(_first);
        _count = early.Length;
    }

    /// <inheritdoc />
    public SmcMode Mode => SmcMode.Tcp;

    /// <inheritdoc />
    public SmcStatistics Statistics => _path.Statistics;

    /// <inheritdoc />
    public int Read(Span<byte> buffer, int timeoutMilliseconds)
    {
        while (!_isJudged) Take(_path.Receive(_first.AsSpan(_count, _wanted - _count), timeoutMilliseconds));
        return _path.Read(buffer, timeoutMilliseconds);
    }

    /// <inheritdoc />
    public ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken) =>
        _isJudged ? _path.ReadAsync(buffer, cancellationToken) : JudgeAndReadAsync(buffer, cancellationToken);

    /// <inheritdoc />
    public void Write(ReadOnlySpan<byte> buffer, int timeoutMilliseconds)
    {
        NoteWrite();
        _path.Write(buffer, timeoutMilliseconds);
    }

    /// <inheritdoc />
    public ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
    {
        NoteWrite();
        return _path.WriteAsync(buffer, cancellationToken);
    }

    /// <inheritdoc />
    public void ShutdownWrite()
    {
        NoteWrite();   // nothing can be answered behind it
        _path.ShutdownWrite();
    }

    /// <inheritdoc />
    public void Abort() => _path.Abort();

    /// <inheritdoc />
    public void Close() => _path.Close();

    private async ValueTask<int> JudgeAndReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        while (!_isJudged)
        {
            Memory<byte> rest = _first.AsMemory(_count, _wanted - _count);
            Take(await _path.ReceiveAsync(rest, cancellationToken).ConfigureAwait(false));
        }

        return await _path.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
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
        ReadOnlySpan<byte> first = _first.AsSpan(0, _count);
        ClcSniff sniffed = received == 0 ? ClcSniff.NotSmc : ClcFraming.Sniff(first);
        if (sniffed == ClcSniff.NotSmc)
        {
            _path.PutBack(_first.AsMemory(0, _count));
            _isJudged = true;
        }
        else if (sniffed == ClcSniff.Proposal && ClcHeader.TryRead(first, out ClcHeader header) == WireError.None)
        {
            _wanted = header.Length;
            if (_count == _wanted) Answer(first);
        }
    }

    private void Answer(ReadOnlySpan<byte> message)
    {
        Span<byte> decline = stackalloc byte[ClcFraming.MaxLength];
        decline = decline[..ClcWriter.Write(decline, new DeclineFields(ClcLayout.Version2, SmcReason.SniffTimeout))];
        lock (_gate)
        {
            if (_hasWritten || Proposal.TryWrap(message, out _) != WireError.None)
            {
                _path.Abort();
                throw PathErrors.Create(SocketError.ConnectionAborted);
            }

            _socket.Send(decline);   // fits: nothing has been written before
        }

        _isJudged = true;
    }
}
