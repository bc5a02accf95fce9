using Smc.Transport.Interop.Linux;

namespace Smc.Transport.Paths.Smcd.Rendezvous;

/// <summary>One control socket: frames out, in order, from any thread and without blocking.</summary>
internal sealed class ControlChannel
{
    /// <summary>Frames that wait for a peer that does not read. One more, and the peer is given up.</summary>
    private const int MaxQueued = 4096;

    private readonly ControlReactor _reactor;
    private readonly Lock _sending = new();
    private readonly Queue<(byte[] Frame, FileDescriptor? Descriptor)> _queue = [];
    private readonly Queue<(long After, Action Sent)> _hearers = [];   // in the order of what they wait for
    private long _sentCount;
    private long _queuedCount;
    private bool _closed;
    private volatile bool _isGivenUp;
    private volatile bool _isOverfull;

    public ControlChannel(ControlReactor reactor, SeqPacketSocket socket, ulong key, PeerCredentials credentials, bool isOpener)
    {
        _reactor = reactor;
        Socket = socket;
        Key = key;
        Credentials = credentials;
        IsOpener = isOpener;
    }

    public SeqPacketSocket Socket { get; }

    public ulong Key { get; }

    public PeerCredentials Credentials { get; }

    /// <summary>True where this process opened the socket, and so is the client of its link groups.</summary>
    public bool IsOpener { get; }

    /// <summary>The reactor's turn or drain in which it was read last.</summary>
    public long Share { get; set; }

    /// <summary>What the handler keeps with the channel. Set by the handler, in its own calls only.</summary>
    public object? State { get; set; }

    /// <summary>Sends a frame; the descriptor, if any, is closed once it is on its way (or never will be). A frame that cannot be sent ends the
    /// channel: what follows it would make no sense to the peer.</summary>
    public void Send(ReadOnlySpan<byte> frame, FileDescriptor? descriptor = null)
    {
        bool isOver;
        lock (_sending)
        {
            if (_closed)
            {
                descriptor?.Dispose();
                return;
            }

            PacketStatus status = _queue.Count > 0 ? PacketStatus.WouldBlock : Socket.TrySend(frame, descriptor);
            isOver = status == PacketStatus.WouldBlock ? Enqueue(frame, descriptor) : IsOver(status);
            if (status != PacketStatus.WouldBlock) descriptor?.Dispose();
        }

        if (isOver) Close();
    }

    /// <summary>
    /// Says when all that was sent so far is where the peer finds it: at once, where nothing waits for room in the socket. What goes another way, as a CLC
    /// message does, must not overtake the frames that it speaks of. It is said too where the channel ends first: whoever hears it finds that out.
    /// </summary>
    /// <param name="sent">Called once, on the caller's thread or the reactor's turn.</param>
    public void WhenSent(Action sent)
    {
        lock (_sending)
        {
            if (_queue.Count > 0)
            {
                _hearers.Enqueue((_queuedCount, sent));
                return;
            }
        }

        sent();
    }

    /// <summary>The reactor says that the socket takes packets again.</summary>
    public void Flush()
    {
        bool isOver = false;
        lock (_sending)
        {
            while (!_closed && !isOver && _queue.TryPeek(out (byte[] Frame, FileDescriptor? Descriptor) next))
            {
                PacketStatus status = Socket.TrySend(next.Frame, next.Descriptor);
                if (status == PacketStatus.WouldBlock) break;
                isOver = IsOver(status);
                next.Descriptor?.Dispose();
                _queue.Dequeue();
                _sentCount++;
            }

            if (!_closed && _queue.Count == 0) _reactor.WatchWritable(this, watch: false);
        }

        TellHearers();
        if (isOver) Close();
    }

    /// <summary>True once <see cref="Close"/> was called: what the peer still sends is not read.</summary>
    public bool IsGivenUp => _isGivenUp;

    /// <summary>True where the peer is given up for what it has left unread.</summary>
    public bool IsOverfull => _isOverfull;

    /// <summary>Hangs up. The handler's OnClosed follows.</summary>
    public void Close()
    {
        _isGivenUp = true;
        _reactor.CloseLater(this);
    }

    /// <summary>Called by the reactor, once.</summary>
    public void Release()
    {
        lock (_sending)
        {
            _closed = true;
            while (_queue.TryDequeue(out (byte[] Frame, FileDescriptor? Descriptor) left)) left.Descriptor?.Dispose();
            _sentCount = _queuedCount;
            Socket.Dispose();
        }

        TellHearers();
    }

    private void TellHearers()
    {
        while (true)
        {
            Action sent;
            lock (_sending)
            {
                if (!_hearers.TryPeek(out (long After, Action Sent) first) || first.After > _sentCount) return;
                sent = _hearers.Dequeue().Sent;
            }

            sent();
        }
    }

    /// <summary>A peer that has gone is noticed by the reactor, which first reads what it had sent.</summary>
    private static bool IsOver(PacketStatus status) => status is not (PacketStatus.Done or PacketStatus.Closed);

    /// <returns>True where the peer has left too much unread.</returns>
    private bool Enqueue(ReadOnlySpan<byte> frame, FileDescriptor? descriptor)
    {
        _queue.Enqueue((frame.ToArray(), descriptor));
        _queuedCount++;
        if (_queue.Count == 1) _reactor.WatchWritable(this, watch: true);
        _isOverfull |= _queue.Count > MaxQueued;
        return _isOverfull;
    }
}
