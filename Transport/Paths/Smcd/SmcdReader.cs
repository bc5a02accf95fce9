using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Smc.Transport.Rings;
using Smc.Transport.Waiting;
using Smc.Transport.Wire.Cdc;

namespace Smc.Transport.Paths.Smcd;

/// <summary>Reads this end's DMB. See <see cref="ReceiveRing"/> for the cursors and <see cref="SmcdHalf"/> for waiting.</summary>
internal sealed unsafe class SmcdReader : SmcdHalf
{
    /// <summary>Reads without a sleep, and without a write of this end's between them, after which the peer is taken to be streaming.</summary>
    private const int StreamingReads = 16;

    /// <summary>How long a reader of a stream lets data gather, in iterations of about 37 ns: each look takes the cursor's cache line away
    /// from the writer, and a look for every message costs both ends more than the copy.</summary>
    private const int GatherIterations = 16;

    private readonly PendingRead _pending;
    private readonly long* _ownSeen;
    private ReceiveRing _ring;
    private PledgePolicy _pledges = new();
    private long _reads;
    private long _updates;
    private long _bells;
    private int _streak;
    private int _flow;
    private long _writesSeen;
    private SizeHistogram _sizes;

    public SmcdReader(SmcdPath path, byte* ownDmb, int dmbBytes, int* ownWord, long* ownSeen, int longestSpinMicroseconds)
        : base(path, Insiders.Reader, PathBits.EndsRead, ownWord, longestSpinMicroseconds)
    {
        _ring = new ReceiveRing(ownDmb, dmbBytes);
        _ownSeen = ownSeen;
        _pending = new PendingRead(this);
    }

    public long Reads => _reads;

    /// <summary>Bytes read since the connection began. For any thread.</summary>
    public long Bytes => _ring.Consumed;

    /// <summary>Reads by what they returned. For any thread.</summary>
    public SizeHistogram Sizes => _sizes.Read();

    public long Updates => _updates;

    public long Bells => _bells;

    /// <summary>Bytes of the ring.</summary>
    public uint RingSize => _ring.Size;

    /// <summary>Bytes of the ring that the peer has produced since the connection began, at most all.</summary>
    public uint Touched => _ring.Touched();

    /// <summary>This direction as this end knows it.</summary>
    public DirectionSnapshot Snapshot => SnapshotOf(_ring.Size, _ring.Totals, _ring.Producer, _ring.Consumer);

    protected override PendingOperation Pending => _pending;

    /// <summary>The peer's state flags as they stand in this end's DMB.</summary>
    public ConnectionStateFlags PeerState => _ring.PeekState();

    public int Read(Span<byte> buffer, int timeoutMilliseconds)
    {
        Enter("read");
        try
        {
            long deadline = DeadlineOf(timeoutMilliseconds);
            Gather();
            while (true)
            {
                if (TryRead(buffer, out int count, out SocketError error))
                {
                    if (error != SocketError.Success) PathErrors.Throw(error);
                    return count;
                }

                if (!AwaitData(deadline)) PathErrors.Throw(SocketError.TimedOut);
            }
        }
        finally
        {
            Leave();
        }
    }

    public ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested) return ValueTask.FromCanceled<int>(cancellationToken);
        Enter("read");
        Span<byte> span = SpanInside(buffer);
        Gather();
        if (TryRead(span, out int count, out SocketError error) || (SpinAfterMiss() && TryRead(span, out count, out error)))
        {
            Leave();
            return error == SocketError.Success ? new ValueTask<int>(count) : ValueTask.FromException<int>(PathErrors.Create(error));
        }

        return SleepAsync(buffer, cancellationToken);
    }

    /// <summary>Reads what is there.</summary>
    /// <returns>True where the outcome is known: data, the end of the stream (0 bytes), or an error.</returns>
    public bool TryRead(Span<byte> buffer, out int count, out SocketError error)
    {
        count = 0;
        error = SocketError.Success;
        PathBits bits = Bits;   // before the look: whoever set PeerLost had nothing to add
        if (_ring.Available < buffer.Length || _ring.Available == 0)
        {
            if (!_ring.TryRefresh(out ulong flags, out RingViolation violation))
            {
                Path.Violate(violation);
                error = SocketError.ConnectionAborted;
                return true;
            }

            bits |= Path.ObservePeer(SmcdCdcWords.State(flags));
            Path.PeerProducerFlags = SmcdCdcWords.Flags(flags);
        }

        if (_ring.Available == 0) return TryEnd(bits, out error);
        if ((bits & PathBits.Violated) != 0)
        {
            error = SocketError.ConnectionAborted;
            return true;
        }

        int got = _ring.Read(buffer);
        count = got;
        _reads++;
        _sizes.Add(got);
        if (_flow < StreamingReads) _flow++;
        if (++_streak > 1 && _pledges.Hit()) Pledge();
        if (_ring.IsUpdateDue((Path.PeerProducerFlags & ProducerFlags.WriteBlocked) != 0)) SendUpdate(bits);
        return true;
    }

    /// <summary>True where the application has not read everything that came. Exact only where nobody reads.</summary>
    public bool HasUnread => _ring.Available > 0 || _ring.HasProducerMoved();

    /// <summary>Has the wake thread of the peer fence in the stead of its writer, if a fence is owed.</summary>
    public override void Ask()
    {
        if (!SleepWord.IsAsking(OwnWord)) return;
        _bells++;
        Path.RingPeer();   // SYNC courier: announcement before the bell; pairs with OwnBell.TakeReady
    }

    /// <inheritdoc />
    protected override void Announce(int kind)
    {
        _pledges.Sleeps(_reads);
        int debt = SleepWord.Debt(OwnWord);   // a predecessor's too, whose word this was
        if (debt != 0) Volatile.Write(ref *_ownSeen, _ring.Received);   // SYNC courier: seen, then announcement; pairs with SmcdPath.PayDebt
        SleepWord.Announce(OwnWord, kind | debt);
    }

    /// <inheritdoc />
    protected override bool HasChanged() => _ring.LooksChanged();

    /// <summary>Nothing came while it spun. Apart: its variables would cost every read the clearing of them.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private ValueTask<int> SleepAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        CountSleep();
        return _pending.Start(buffer, cancellationToken);
    }

    /// <summary>Apart from the loop around it: what calls the kernel would cost every read the preparations for that.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool AwaitData(long deadline) => SpinAfterMiss() || Sleep(deadline);

    private Span<byte> SpanInside(Memory<byte> buffer)
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

    private void Gather()
    {
        if (_flow >= StreamingReads && _ring.Available == 0) Thread.SpinWait(GatherIterations);
    }

    /// <summary>Spins, and learns what the stream is. A reader that is faster than its writer misses all the time, and is all the more in need of
    /// gathering: only a sleep ends that, and a write of this end's since the last miss, which makes a dialogue of it.</summary>
    private bool SpinAfterMiss()
    {
        _streak = 0;
        long writes = Path.Writes;
        if (writes != _writesSeen) _flow = 0;
        _writesSeen = writes;
        if (Spin()) return true;
        _flow = 0;
        return false;
    }

    private void Pledge()
    {
        _pledges.Pledged(_reads);
        SleepWord.Pledge(OwnWord);
    }

    private static SocketError ErrorOf(PathBits bits)
    {
        if ((bits & PathBits.LocalRevoked) != 0) return SocketError.ConnectionAborted;
        if ((bits & PathBits.LocalClosed) != 0) return SocketError.OperationAborted;
        if ((bits & PathBits.Violated) != 0) return SocketError.ConnectionAborted;
        if ((bits & PathBits.PeerAborted) != 0) return SocketError.ConnectionReset;
        return (bits & (PathBits.PeerDone | PathBits.PeerClosed)) != 0 ? SocketError.Success : SocketError.ConnectionReset;
    }

    /// <summary>Nothing is there. Whoever is told of an end is told of nothing else afterwards: the state may have come from another look than the ring's.</summary>
    private bool TryEnd(PathBits bits, out SocketError error)
    {
        error = SocketError.Success;
        if ((bits & PathBits.EndsRead) == 0) return false;
        error = ErrorOf(bits);
        _ring.End();
        return true;
    }

    private void SendUpdate(PathBits bits)
    {
        if ((bits & PathBits.Detached) != 0) return;
        _ring.Confirm();
        _updates++;
        if (Path.WakePeer(Path.Publisher.PublishConsumer(_ring.Consumer))) _bells++;
    }
}
