using System.Buffers;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Smc.Transport.Interop.Linux;

/// <summary>A socket of a <see cref="SocketPoller"/>: one reader and one writer at once, who go on with its turns.</summary>
internal sealed class PolledSocket : IDisposable
{
    private const int MostPieces = 64;
    private const uint Ended = Libc.EpollError | Libc.EpollHangUp;

    private readonly SocketPoller _poller;
    private readonly Socket _socket;
    private readonly ulong _key;
    private readonly Lock _gate = new();
    private TaskCompletionSource? _reader;
    private TaskCompletionSource? _writer;
    private bool _isAdded;
    private bool _isDisposed;

    internal PolledSocket(SocketPoller poller, Socket socket, ulong key)
    {
        _poller = poller;
        _socket = socket;
        _key = key;
    }

    /// <summary>Reads what there is, and waits for it where there is nothing.</summary>
    /// <returns>Bytes; 0 at the end.</returns>
    /// <exception cref="SocketException">The other end is gone.</exception>
    /// <exception cref="ObjectDisposedException">This end is closed.</exception>
    public async ValueTask<int> ReadAsync(Memory<byte> buffer)
    {
        while (true)
        {
            int read = _socket.Receive(buffer.Span, SocketFlags.None, out SocketError error);
            if (error == SocketError.Success) return read;
            if (error != SocketError.WouldBlock) throw new SocketException((int)error);
            await WaitAsync(ref _reader).ConfigureAwait(false);
        }
    }

    /// <summary>Writes pieces one behind the other, several in a call, and waits where the socket has no room.</summary>
    /// <param name="pieces">Not changed until all are written.</param>
    /// <inheritdoc cref="ReadAsync" path="/exception" />
    public async Task WriteAsync(IEnumerable<ReadOnlyMemory<byte>> pieces)
    {
        var left = new ArraySegment<ReadOnlyMemory<byte>>([.. pieces]);
        while (left.Count > 0)
        {
            if (TrySend(left, out long sent)) left = TakeOut(left, sent);
            else await WaitAsync(ref _writer).ConfigureAwait(false);
        }
    }

    /// <summary>Waits no more; the socket itself is not closed.</summary>
    public void Dispose()
    {
        TaskCompletionSource? reader, writer;
        lock (_gate)
        {
            if (_isDisposed) return;
            _isDisposed = true;
            (reader, writer) = (_reader, _writer);
            _poller.Remove(_socket, _key);
        }

        reader?.TrySetException(new ObjectDisposedException(nameof(PolledSocket)));
        writer?.TrySetException(new ObjectDisposedException(nameof(PolledSocket)));
    }

    /// <summary>The kernel says that it is ready, once.</summary>
    internal void OnReady(uint events)
    {
        TaskCompletionSource? reader = null, writer = null, deaf = null;
        lock (_gate)
        {
            if (_isDisposed) return;
            if ((events & (Libc.EpollIn | Libc.EpollPeerHangUp | Ended)) != 0) (reader, _reader) = (_reader, null);
            if ((events & (Libc.EpollOut | Ended)) != 0) (writer, _writer) = (_writer, null);
            if ((_reader is not null || _writer is not null) && !TryArm()) (deaf, _reader, _writer) = (_reader ?? _writer, null, null);
        }

        reader?.SetResult();
        writer?.SetResult();
        deaf?.SetException(new SocketException((int)SocketError.NoBufferSpaceAvailable));   // one of two, or both would have gone on
    }

    private static ArraySegment<ReadOnlyMemory<byte>> TakeOut(ArraySegment<ReadOnlyMemory<byte>> pieces, long sent)
    {
        int whole = 0;
        while (whole < pieces.Count && sent >= pieces[whole].Length) sent -= pieces[whole++].Length;
        pieces = pieces[whole..];
        if (sent > 0) pieces[0] = pieces[0][(int)sent..];
        return pieces;
    }

    /// <summary>One call of sendmsg: that of the base class library does not say how much it has sent before it would have to wait.</summary>
    /// <returns>False where there is no room at all.</returns>
    private unsafe bool TrySend(ArraySegment<ReadOnlyMemory<byte>> pieces, out long sent)
    {
        int count = Math.Min(pieces.Count, MostPieces);
        Libc.IoVector* vectors = stackalloc Libc.IoVector[count];
        var pins = new MemoryHandle[count];
        SafeSocketHandle socket = _socket.SafeHandle;
        bool isHeld = false;
        try
        {
            socket.DangerousAddRef(ref isHeld);
            for (int i = 0; i < count; i++)
            {
                pins[i] = pieces[i].Pin();
                vectors[i] = new Libc.IoVector { Base = pins[i].Pointer, Length = (nuint)pieces[i].Length };
            }

            var message = new Libc.MessageHeader { Vectors = vectors, VectorCount = (nuint)count };
            while ((sent = Libc.SendMessage((int)socket.DangerousGetHandle(), &message, Libc.MessageNoSignal)) < 0)
            {
                int errno = Marshal.GetLastPInvokeError();
                if (errno == Errno.Again) return false;
                if (errno != Errno.Interrupted) throw new SocketException((int)SocketErrors.From(errno));
            }

            return true;
        }
        finally
        {
            foreach (MemoryHandle pin in pins) pin.Dispose();
            if (isHeld) socket.DangerousRelease();
        }
    }

    private Task WaitAsync(ref TaskCompletionSource? waiter)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            if (waiter is not null) throw new InvalidOperationException("Somebody waits for this side of the socket already.");
            waiter = new TaskCompletionSource();   // goes on with the poller's turn: nothing that a visitor's bytes lead to blocks
            if (TryArm()) return waiter.Task;
            waiter = null;
            throw new SocketException((int)SocketError.NoBufferSpaceAvailable);
        }
    }

    private bool TryArm()
    {
        uint events = Libc.EpollOneShot;
        if (_reader is not null) events |= Libc.EpollIn | Libc.EpollPeerHangUp;
        if (_writer is not null) events |= Libc.EpollOut;
        bool isArmed = _poller.TryArm(_socket, _key, events, add: !_isAdded);
        _isAdded |= isArmed;
        return isArmed;
    }
}

/// <summary>What comes through a socket of a poller.</summary>
/// <param name="socket">Not owned.</param>
internal sealed class PolledStream(PolledSocket socket) : ForwardStream
{
    public override bool CanWrite => false;

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => socket.ReadAsync(buffer);

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
