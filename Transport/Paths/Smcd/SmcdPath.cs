using System.Net.Sockets;
using Smc.Transport.Memory;
using Smc.Transport.Rings;
using Smc.Transport.Waiting;
using Smc.Transport.Wire.Cdc;

namespace Smc.Transport.Paths.Smcd;

/// <summary>
/// A connection on shared memory. Reading copies out of this end's DMB, writing copies into the peer's (no-copy in the protocol's words: the
/// send buffer is a ghost). Closing, here or at the peer, turns newcomers away first and tells the control plane when nobody is inside.
/// </summary>
public sealed unsafe class SmcdPath : IDataPath
{
    private readonly SmcdReader _reader;
    private readonly SmcdWriter _writer;
    private readonly PeerBell _bell;
    private readonly int* _peerReader;
    private readonly long* _peerSeen;
    private readonly int* _peerWriter;
    private readonly IPathObserver _observer;
    private readonly LinkGroupMemory _memory;
    private readonly bool _inline;
    private readonly Func<Insiders> _inside;
    private Quiescence _closing;
    private Quiescence _detaching;
    private int _closers;
    private long _producedAtDebt;   // the wake thread's

    internal SmcdPath(LinkGroupMemory memory, ControlRegion control, SmcdEndpoints endpoints, WaitSettings wait, IPathObserver observer)
    {
        _memory = memory;
        GroupSide side = endpoints.Side;
        GroupSide peerSide = side == GroupSide.Server ? GroupSide.Client : GroupSide.Server;
        Slot = endpoints.Slot;
        _observer = observer;
        _inline = wait.InlineCompletions;
        _inside = Inside;
        _bell = new PeerBell(control, peerSide);
        _peerReader = control.Reader(peerSide, Slot);
        _peerSeen = control.Seen(peerSide, Slot);
        _peerWriter = control.Writer(peerSide, Slot);
        Publisher = new CdcPublisher(endpoints.Peer.Address);
        int spin = wait.LongestSpinMicroseconds;
        DmbRange own = endpoints.Own;
        DmbRange peer = endpoints.Peer;
        _reader = new SmcdReader(this, own.Address, own.Bytes, control.Reader(side, Slot), control.Seen(side, Slot), spin);
        _writer = new SmcdWriter(this, peer.Address, peer.Bytes, own.Address, control.Writer(side, Slot), spin);
    }

    /// <inheritdoc />
    public SmcMode Mode => SmcMode.SmcD;

    /// <summary>The connection's slot in the control region of its group.</summary>
    public int Slot { get; }

    /// <summary>Bytes of this end's DMB that must be zeroed before anyone else gets it, CDC area apart: what the peer has produced, looked at
    /// or not, and all where it went without a word, because it may have copied what it never published. Asked for when the peer has ended
    /// and this end is closed, while the group's memory is still mapped.</summary>
    public uint TouchedBytes => WentInOrder ? _reader.Touched : _reader.RingSize;

    /// <summary>Bytes of this end's DMB that the peer says it has written; 0 where it went without a word, because then nobody knows.</summary>
    public uint UsedBytes => WentInOrder ? _reader.Touched : 0;

    /// <summary>The state by the names of the protocol.</summary>
    public SmcConnectionState State => ConnectionStates.Of(Life.Bits);

    /// <inheritdoc />
    public SmcStatistics Statistics => new()
    {
        BytesRead = _reader.Bytes,
        BytesWritten = _writer.Produced,
        Reads = _reader.Reads,
        Writes = _writer.Writes,
        ReadSizes = _reader.Sizes,
        WriteSizes = _writer.Sizes,
        PeerBufferFull = _writer.Full,
        WindowUpdates = _reader.Updates,
        Bells = _reader.Bells + _writer.Bells,
        Sleeps = _reader.Sleeps + _writer.Sleeps,
        SpinWins = _reader.SpinWins + _writer.SpinWins,
        SpinLosses = _reader.SpinLosses + _writer.SpinLosses,
        MissedBells = _reader.MissedBells + _writer.MissedBells,
    };

    /// <inheritdoc />
    public ConnectionEnd Ending => ConnectionStates.EndOf(Life.Bits);

    /// <summary>The connection as this end knows it, for whoever looks in: read without disturbing it.</summary>
    public PathSnapshot Snapshot => new(Slot, _reader.Snapshot, _writer.Snapshot, (PeerProducerFlags & ProducerFlags.WriteBlocked) != 0)
    {
        Own = new FlagSnapshot(SmcdCdcWords.Flags(Publisher.Two), SmcdCdcWords.State(Publisher.Two)),
        Peer = new FlagSnapshot(PeerProducerFlags, StateOf(Life.Bits)),
    };

    /// <summary>Writes so far. A hint to the reader, which may be another thread.</summary>
    internal long Writes => _writer.Writes;

    internal PathLife Life { get; } = new();

    internal CdcPublisher Publisher { get; }

    /// <summary>The peer's producer flags as the reader last saw them.</summary>
    internal ProducerFlags PeerProducerFlags { get; set; }

    /// <inheritdoc />
    public int Read(Span<byte> buffer, int timeoutMilliseconds) => _reader.Read(buffer, timeoutMilliseconds);

    /// <inheritdoc />
    public ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken) => _reader.ReadAsync(buffer, cancellationToken);

    /// <inheritdoc />
    public void Write(ReadOnlySpan<byte> buffer, int timeoutMilliseconds) => _writer.Write(buffer, timeoutMilliseconds);

    /// <inheritdoc />
    public ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken) =>
        _writer.WriteAsync(buffer, cancellationToken);

    /// <inheritdoc />
    public void ShutdownWrite()
    {
        // A close that has begun speaks for this direction too, and the connection may be gone by the time this thread comes to it.
        if ((Life.Set(PathBits.LocalDone) & PathBits.LocalDone) == 0)
            PublishState(ConnectionStateFlags.PeerDoneWriting, PathBits.Detached | PathBits.LocalClosed);
    }

    /// <inheritdoc />
    public void Abort(SocketError cause = SocketError.OperationAborted) => End(
        PathBits.LocalClosed | PathBits.LocalDone | PathBits.LocalAborted | (cause == SocketError.ConnectionAborted ? PathBits.LocalRevoked : PathBits.None));

    /// <inheritdoc />
    public void Close() => End(PathBits.LocalClosed | PathBits.LocalDone);

    /// <summary>The peer's runtime has detached this end's DMB, or the peer's process, the control socket or the TCP connection has gone.
    /// Flags stored before count; without any the user reads what was complete and then gets ConnectionReset.
    /// The control plane calls this only before it has been told <see cref="IPathObserver.Closed"/>.</summary>
    public void OnPeerEnded()
    {
        if ((ObservePeer(_reader.PeerState) & (PathBits.PeerClosed | PathBits.PeerAborted)) == 0) Life.Set(PathBits.PeerLost);
        EndPeer();
    }

    /// <summary>The wake thread of this side was rung for this connection.</summary>
    /// <returns>What it came to, beside the ring itself.</returns>
    internal WakeTally OnRung() => _reader.OnRung(_inline) + _writer.OnRung(_inline);

    /// <summary>This connection's continuation holds up the wake thread.</summary>
    internal void OnBlocking() => _observer.Blocking();

    /// <summary>Every second: wakes sleepers whom the peer should have rung for by the look before.</summary>
    /// <returns>True where somebody sleeps.</returns>
    internal bool Sweep() => _reader.Sweep() | _writer.Sweep();

    /// <summary>True where the look before found a sleeper that could get on: the next one decides.</summary>
    internal bool IsSuspected => _reader.IsSuspected || _writer.IsSuspected;

    /// <summary>Wakes the peer's reader if it sleeps. The caller has published.</summary>
    internal bool WakePeerReader()
    {
        // SYNC courier: producer, then announcement. The fence between the two is left out where the reader is awake and owes it: before it sleeps it
        // announces and asks, and the wake thread of this process passes the barrier. Pairs with SmcdReader.Announce and WakeThread.Dispatch.
        if (SleepWord.IsPledged(_peerReader)) return false;
        Interlocked.MemoryBarrier();   // SYNC sleep: producer before announcement; pairs with SmcdHalf.Announce (announcement before producer)
        return Wake(_peerReader, SleepWord.TakeSleeper(_peerReader));
    }

    /// <summary>Wakes those of <paramref name="whom"/> who sleep. The caller made the last store of word two, with a fence behind it, and is
    /// perhaps not the writer.</summary>
    /// <returns>True where one did.</returns>
    internal bool WakePeer(CdcAudience whom)
    {
        bool reader = (whom & CdcAudience.Reader) != 0 && Wake(_peerReader, SleepWord.TakeSleeperAlone(_peerReader));
        bool writer = (whom & CdcAudience.Writer) != 0 && Wake(_peerWriter, SleepWord.TakeSleeperAlone(_peerWriter));
        return reader || writer;
    }

    /// <summary>The wake thread was rung for this connection: takes the debt of the peer's reader, if it asks.</summary>
    /// <param name="isNew">True where something was written since the debt before.</param>
    internal bool TakeDebt(out bool isNew)
    {
        isNew = false;
        if (!SleepWord.TakeDebt(_peerReader)) return false;
        long produced = _writer.Produced;
        isNew = produced != _producedAtDebt;
        _producedAtDebt = produced;
        return true;
    }

    /// <summary>Wakes the peer's reader if it sleeps and has not seen all. The caller has taken a debt, and passed a process-wide barrier.</summary>
    internal void PayDebt()
    {
        // SYNC courier: seen and produced, both after the barrier; pairs with SmcdReader.Announce (seen, then announcement) and SendRing.Write (produced,
        // then published). A reader that announces after this look sees, by its own fence, what was published before it.
        if (Volatile.Read(ref *_peerSeen) != _writer.Produced) Wake(_peerReader, SleepWord.TakeSleeperAlone(_peerReader));
    }

    /// <summary>Rings the peer's wake thread for this connection.</summary>
    internal void RingPeer() => _bell.Ring(Slot);

    /// <summary>Takes over what the peer's state flags say.</summary>
    /// <returns>The peer's bits.</returns>
    internal PathBits ObservePeer(ConnectionStateFlags state)
    {
        if (state == 0) return PathBits.None;
        PathBits bits = PathBits.None;
        if ((state & ConnectionStateFlags.PeerDoneWriting) != 0) bits |= PathBits.PeerDone;
        if ((state & ConnectionStateFlags.PeerConnectionClosed) != 0) bits |= PathBits.PeerClosed;
        if ((state & ConnectionStateFlags.PeerConnectionAbort) != 0) bits |= PathBits.PeerAborted;
        if ((Life.Bits & bits) != bits) Life.Set(bits);
        return bits;
    }

    /// <summary>What <see cref="ObservePeer"/> has taken over so far.</summary>
    private static ConnectionStateFlags StateOf(PathBits bits) =>
        ((bits & PathBits.PeerDone) != 0 ? ConnectionStateFlags.PeerDoneWriting : 0)
        | ((bits & PathBits.PeerClosed) != 0 ? ConnectionStateFlags.PeerConnectionClosed : 0)
        | ((bits & PathBits.PeerAborted) != 0 ? ConnectionStateFlags.PeerConnectionAbort : 0);

    /// <summary>The peer broke a rule: this connection ends, alone.</summary>
    internal void Violate(RingViolation violation)
    {
        if ((Life.Set(PathBits.Violated) & PathBits.Violated) != 0) return;
        PublishState(ConnectionStateFlags.PeerConnectionAbort, PathBits.Detached);   // inside: whoever found it has not left
        _observer.Violated(violation);
    }

    /// <summary>Somebody has left.</summary>
    internal void HasLeft(Insiders who)
    {
        if (_detaching.HasLeft(who, _inside)) _observer.Detached();
        if (_closing.HasLeft(who, _inside)) FinishClose();
    }

    private void End(PathBits bits)
    {
        if ((Life.Set(bits) & PathBits.LocalClosed) != 0) return;
        bool abort = (bits & PathBits.LocalAborted) != 0 || (!_reader.IsEntered && _reader.HasUnread);
        PublishState(abort ? ConnectionStateFlags.PeerConnectionAbort : ConnectionStateFlags.PeerConnectionClosed, PathBits.Detached);
        if (_closing.Begin(_inside)) FinishClose();
    }

    private void FinishClose()
    {
        _observer.Closed();   // before the memory may go: until it is told, the control plane may still ask about the peer's end
        _memory.Release(this);
    }

    private void EndPeer()
    {
        if ((Life.Set(PathBits.Detached) & PathBits.Detached) != 0) return;
        WakeOwn();
        if (_detaching.Begin(_inside)) _observer.Detached();
    }

    /// <summary>Tells the peer, and this end's sleepers, of a state that has been set. Once detached, the slot may be another connection's.</summary>
    /// <param name="state">What to tell.</param>
    /// <param name="unless">States in which nothing may be touched any more.</param>
    private void PublishState(ConnectionStateFlags state, PathBits unless)
    {
        Interlocked.Increment(ref _closers);   // SYNC lifetime: inside before the state is read; pairs with PathLife.Set in EndPeer and End
        if ((Life.Bits & unless) == 0)
        {
            WakeOwn();
            WakePeer(Publisher.PublishState(state));
        }

        if (Interlocked.Decrement(ref _closers) == 0) HasLeft(Insiders.Closer);
    }

    private Insiders Inside() =>
        (_reader.IsEntered ? Insiders.Reader : 0)
        | (_writer.IsEntered ? Insiders.Writer : 0)
        | (Volatile.Read(ref _closers) != 0 ? Insiders.Closer : 0);

    private void WakeOwn()
    {
        _reader.WakeOwn();
        _writer.WakeOwn();
    }

    private bool WentInOrder => (Life.Bits & (PathBits.PeerLost | PathBits.Violated)) == 0;

    private bool Wake(int* word, int kind)
    {
        if (kind == SleepWord.Awake) return false;
        if (kind == SleepWord.Thread) SleepWord.Wake(word);
        else _bell.Ring(Slot);
        return true;
    }
}
