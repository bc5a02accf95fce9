using System.Net.Sockets;
using Smc.Transport.Rings;
using Smc.Transport.Wire.Cdc;

namespace Smc.Transport.Paths.Smcd;

/// <summary>Writes into the peer's DMB. See <see cref="SendRing"/> for the cursors and <see cref="SmcdHalf"/> for waiting.</summary>
internal sealed unsafe class SmcdWriter : SmcdHalf
{
    /// <summary>Parts of the ring that are published one by one, so that the peer copies out while this end copies in.</summary>
    private const int PartsOfRing = 4;

    private readonly PendingWrite _pending;
    private readonly int _part;
    private SendRing _ring;
    private bool _saysBlocked;
    private long _writes;
    private long _bytes;
    private long _full;
    private long _bells;
    private SizeHistogram _sizes;

    public SmcdWriter(SmcdPath path, byte* peerDmb, int dmbBytes, byte* ownDmb, int* ownWord, int longestSpinMicroseconds)
        : base(path, Insiders.Writer, PathBits.EndsWrite, ownWord, longestSpinMicroseconds)
    {
        _ring = new SendRing(peerDmb, dmbBytes, ownDmb);
        _part = (int)(_ring.Size / PartsOfRing);
        _pending = new PendingWrite(this);
    }

    /// <summary>Bytes written since the connection began, published or about to be. For any thread.</summary>
    public long Produced => _ring.Produced;

    public long Writes => _writes;

    public long Bytes => _bytes;

    /// <summary>Writes by what they were asked to write. For any thread.</summary>
    public SizeHistogram Sizes => _sizes.Read();

    /// <summary>Writes that found the peer's DMB full, those that failed then too.</summary>
    public long Full => _full;

    public long Bells => _bells;

    /// <summary>This direction as this end knows it.</summary>
    public DirectionSnapshot Snapshot => SnapshotOf(_ring.Size, _ring.Totals, _ring.Producer, _ring.PeerConsumer);

    protected override PendingOperation Pending => _pending;

    public void Write(ReadOnlySpan<byte> buffer, int timeoutMilliseconds)
    {
        Enter("write");
        try
        {
            long deadline = DeadlineOf(timeoutMilliseconds);
            int requested = buffer.Length;
            if (!TryWrite(buffer, out int written, out SocketError error))
            {
                _full++;
                do
                {
                    buffer = buffer[written..];
                    if (!Spin() && !Sleep(deadline)) PathErrors.Throw(SocketError.TimedOut);
                }
                while (!TryWrite(buffer, out written, out error));
            }

            if (error != SocketError.Success) PathErrors.Throw(error);
            Count(requested);
        }
        finally
        {
            Leave();
        }
    }

    public ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested) return ValueTask.FromCanceled(cancellationToken);
        Enter("write");
        ReadOnlySpan<byte> rest = SpanInside(buffer);
        bool known = TryWrite(rest, out int written, out SocketError error);
        if (!known)
        {
            _full++;
            while (!known && Spin())
            {
                rest = rest[written..];
                known = TryWrite(rest, out written, out error);
            }
        }

        if (known)
        {
            if (error == SocketError.Success) Count(buffer.Length);
            Leave();
            return error == SocketError.Success ? default : ValueTask.FromException(PathErrors.Create(error));
        }

        CountSleep();
        return _pending.Start(buffer[(buffer.Length - rest.Length + written)..], buffer.Length, cancellationToken);
    }

    /// <summary>Counts a write that is complete, from inside the writer's mark.</summary>
    /// <param name="requested">The bytes that it was asked to write.</param>
    public void Count(int requested)
    {
        _writes++;
        _sizes.Add(requested);
    }

    /// <summary>Writes what there is space for.</summary>
    /// <returns>True where the outcome is known: all is written, and the write to be counted, or an error.</returns>
    public bool TryWrite(ReadOnlySpan<byte> buffer, out int written, out SocketError error)
    {
        written = 0;
        if (IsEnded(out error)) return true;
        while (written < buffer.Length)
        {
            ReadOnlySpan<byte> part = buffer.Slice(written, Math.Min(_part, buffer.Length - written));
            if (_ring.Space < part.Length && !TryRefresh(out error)) return true;
            int count = _ring.Write(part);
            if (count > 0) Publish(count);
            written += count;
            SayBlocked(_ring.Space == 0 && written < buffer.Length);
            if (count < part.Length) return false;
        }

        return true;
    }

    /// <inheritdoc />
    protected override bool HasChanged() => _ring.LooksChanged();

    private ReadOnlySpan<byte> SpanInside(ReadOnlyMemory<byte> buffer)
    {
        try
        {
            return buffer.Span;
        }
        catch
        {
            Leave();   // memory of the caller's that is gone
            throw;
        }
    }

    private bool IsEnded(out SocketError error)
    {
        PathBits bits = Bits;
        error = SocketError.Success;
        if ((bits & PathBits.EndsWrite) == 0) return false;
        if ((bits & PathBits.LocalRevoked) != 0) error = SocketError.ConnectionAborted;
        else if ((bits & PathBits.LocalClosed) != 0) error = SocketError.OperationAborted;
        else if ((bits & PathBits.Violated) != 0) error = SocketError.ConnectionAborted;
        else if ((bits & PathBits.PeerEnded) != 0) error = SocketError.ConnectionReset;
        else error = SocketError.Shutdown;
        return true;
    }

    private bool TryRefresh(out SocketError error)
    {
        error = SocketError.Success;
        if (!_ring.TryRefresh(out ulong flags, out RingViolation violation))
        {
            Path.Violate(violation);
            error = SocketError.ConnectionAborted;
            return false;
        }

        Path.ObservePeer(SmcdCdcWords.State(flags));
        return !IsEnded(out error);
    }

    private void Publish(int count)
    {
        _bytes += count;
        Path.Publisher.PublishProducer(_ring.Producer);
        if (Path.WakePeerReader()) _bells++;
    }

    private void SayBlocked(bool blocked)
    {
        if (blocked == _saysBlocked) return;
        _saysBlocked = blocked;
        ProducerFlags value = blocked ? ProducerFlags.WriteBlocked : 0;
        if (Path.Publisher.PublishProducerFlags(ProducerFlags.WriteBlocked, value) && Path.WakePeer()) _bells++;
    }
}
