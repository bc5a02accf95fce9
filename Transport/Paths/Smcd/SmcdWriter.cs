using System.Diagnostics;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
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
    private long _full;
    private long _bells;
    private long _heldAt = -1;   // what the peer had read of it when a write last went to sleep; -1 before the first
    private long _heldSince;
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

    /// <summary>Writes by what they were asked to write. For any thread.</summary>
    public SizeHistogram Sizes => _sizes.Read();

    /// <summary>Writes that found the peer's DMB full, those that failed then too.</summary>
    public long Full => _full;

    public long Bells => _bells;

    /// <summary>This direction as this end knows it.</summary>
    public DirectionSnapshot Snapshot => SnapshotOf(_ring.Size, _ring.Totals, _ring.Producer, _ring.PeerConsumer) with { Held = Held };

    protected override PendingOperation Pending => _pending;

    public void Write(ReadOnlySpan<byte> buffer, int timeoutMilliseconds)
    {
        Enter("write");
        try
        {
            long deadline = DeadlineOf(timeoutMilliseconds);
            if (!TryWrite(buffer, out int written, out SocketError error)) error = WriteRest(buffer[written..], deadline);
            if (error != SocketError.Success) PathErrors.Throw(error);
            Count(buffer.Length);
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
        return TryWrite(SpanInside(buffer), out int written, out SocketError error)
            ? Ended(error, buffer.Length)
            : WriteRestAsync(buffer, written, cancellationToken);
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
            if (count > 0) Publish();
            written += count;
            SayBlocked(_ring.Space == 0 && written < buffer.Length);
            if (count < part.Length) return false;
        }

        return true;
    }

    /// <inheritdoc />
    protected override void Announce(int kind)
    {
        long consumed = _ring.Totals.Consumed;
        if (consumed != _heldAt)
        {
            Volatile.Write(ref _heldSince, Stopwatch.GetTimestamp());   // SYNC held: since, then at; pairs with Held, a report's
            Volatile.Write(ref _heldAt, consumed);
        }

        base.Announce(kind);
    }

    /// <inheritdoc />
    protected override bool HasChanged() => _ring.LooksChanged();

    /// <summary>For how long a write has slept, or several one after another, without anything being read. For any thread.</summary>
    private TimeSpan Held =>
        Activity == DirectionActivity.Asleep && Volatile.Read(ref _heldAt) == _ring.Totals.Consumed   // SYNC held: at, then since
            ? Stopwatch.GetElapsedTime(Volatile.Read(ref _heldSince))
            : TimeSpan.Zero;

    /// <summary>A write whose outcome is known leaves.</summary>
    private ValueTask Ended(SocketError error, int requested)
    {
        if (error == SocketError.Success) Count(requested);
        Leave();
        return error == SocketError.Success ? default : ValueTask.FromException(PathErrors.Create(error));
    }

    /// <summary>What there was no space for. Apart, as <see cref="WriteRestAsync"/>.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private SocketError WriteRest(ReadOnlySpan<byte> rest, long deadline)
    {
        _full++;
        while (Spin() || Sleep(deadline))
        {
            if (TryWrite(rest, out int written, out SocketError error)) return error;
            rest = rest[written..];
        }

        return SocketError.TimedOut;
    }

    /// <summary>What there was no space for. Apart: its variables would cost every write the clearing of them.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private ValueTask WriteRestAsync(ReadOnlyMemory<byte> buffer, int written, CancellationToken cancellationToken)
    {
        _full++;
        ReadOnlySpan<byte> rest = SpanInside(buffer)[written..];
        while (Spin())
        {
            if (TryWrite(rest, out written, out SocketError error)) return Ended(error, buffer.Length);
            rest = rest[written..];
        }

        CountSleep();
        return _pending.Start(buffer[^rest.Length..], buffer.Length, cancellationToken);
    }

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
        bool isEnded = (bits & PathBits.EndsWrite) != 0;
        error = isEnded ? ErrorOf(bits) : SocketError.Success;
        return isEnded;
    }

    /// <summary>Why there is no writing any more. Apart, so that the look before every write is small enough to be inlined.</summary>
    private static SocketError ErrorOf(PathBits bits)
    {
        if ((bits & PathBits.LocalRevoked) != 0) return SocketError.ConnectionAborted;
        if ((bits & PathBits.LocalClosed) != 0) return SocketError.OperationAborted;
        if ((bits & PathBits.Violated) != 0) return SocketError.ConnectionAborted;
        return (bits & PathBits.PeerEnded) != 0 ? SocketError.ConnectionReset : SocketError.Shutdown;
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

    private void Publish()
    {
        Path.Publisher.PublishProducer(_ring.Producer);
        if (Path.WakePeerReader()) _bells++;
    }

    private void SayBlocked(bool blocked)
    {
        if (blocked == _saysBlocked) return;
        _saysBlocked = blocked;
        ProducerFlags value = blocked ? ProducerFlags.WriteBlocked : 0;
        if (Path.WakePeer(Path.Publisher.PublishProducerFlags(ProducerFlags.WriteBlocked, value))) _bells++;
    }
}
