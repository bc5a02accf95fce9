using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Smc.Transport.Interop.Linux;
using Smc.Transport.Wire.Rendezvous;

namespace Smc.Transport.Paths.Smcd.Rendezvous;

/// <summary>
/// Reads all control sockets of a runtime and watches the sockets of its handshakes, on a thread of its own or on the turns of whoever calls
/// <see cref="WaitReadable"/> and <see cref="Handle"/>. Whoever must know that nothing is unread (a listener before it judges the first bytes
/// of a connection) calls <see cref="Drain"/>: a frame that was sent before a TCP byte has been handled after it. Every channel has the same
/// share of a turn or a drain, and no more.
/// </summary>
internal sealed class ControlReactor : IDisposable
{
    private const ulong ListenerKey = 0;
    private const ulong WakeKey = 1;
    private const ulong FirstChannelKey = 2;
    private const int EventBatch = 32;
    private const uint ReadEvents = Libc.EpollIn;

    /// <summary>Frames of one channel in one turn or drain: more than a socket's buffer holds, so that all that was sent before is taken.</summary>
    private const int FramesOfTurn = 1024;

    /// <summary>Processes that are accepted in one turn.</summary>
    private const int AcceptsOfTurn = 256;

    /// <summary>Turns that hand out every ready channel of many: each takes those that waited longest.</summary>
    private const int TurnsOfDrain = 64;

    /// <summary>Between two attempts to accept where the kernel refuses for want of memory or descriptors.</summary>
    private const int DeafMilliseconds = 100;

    private readonly IControlHandler _handler;
    private readonly Epoll _epoll;
    private readonly Lock _reading = new();
    private readonly Dictionary<ulong, ControlChannel> _channels = [];
    private readonly Dictionary<ulong, DescriptorWatch> _watches = [];
    private readonly ConcurrentQueue<ControlChannel> _toClose = new();
    private readonly SeqPacketSocket _listener;
    private readonly Thread? _thread;
    private readonly EventFd _wake;
    private FileDescriptor? _spare = EventFd.OpenSpare();
    private ulong _nextKey = FirstChannelKey;
    private long _share;   // the number of the turn or drain; a channel that has it has had its share
    private long _deafUntil;   // in milliseconds of Environment.TickCount64; 0 where it listens
    private bool _stopping;

    private ControlReactor(IControlHandler handler, Epoll epoll, SeqPacketSocket listener, EventFd wake, bool ownThread)
    {
        _handler = handler;
        _epoll = epoll;
        _listener = listener;
        _wake = wake;
        if (ownThread) _thread = new Thread(Run) { IsBackground = true, Name = "smc-control" };
    }

    /// <summary>Begins to serve <paramref name="listener"/>.</summary>
    /// <param name="handler">Hears what happens.</param>
    /// <param name="listener">This process's control socket; owned from now on.</param>
    /// <param name="ownThread">False where the caller gives the reactor its turns.</param>
    public static ControlReactor? TryStart(IControlHandler handler, SeqPacketSocket listener, bool ownThread)
    {
        if (!Epoll.TryCreate(out Epoll? epoll)) return null;
        if (!EventFd.TryCreate(out EventFd? wake))
        {
            epoll!.Dispose();
            return null;
        }

        var reactor = new ControlReactor(handler, epoll!, listener, wake!, ownThread);
        epoll!.TryAdd(listener.Descriptor, ListenerKey, ReadEvents);
        epoll.TryAdd(wake!.Descriptor, WakeKey, ReadEvents);
        reactor._thread?.UnsafeStart();
        return reactor;
    }

    /// <summary>Serves a socket that this process has opened.</summary>
    /// <param name="socket">Connected.</param>
    /// <param name="credentials">Of the other end, checked by the caller.</param>
    /// <param name="state">What the handler keeps with the channel.</param>
    public ControlChannel Add(SeqPacketSocket socket, PeerCredentials credentials, object state)
    {
        lock (_reading) return Register(socket, credentials, isOpener: true, state);
    }

    /// <summary>Handles everything that was sent to this process before the call.</summary>
    public void Drain()
    {
        lock (_reading)
        {
            _share++;
            if (_deafUntil != 0) ListenAgain();   // only who waits rests: whoever is about to judge must know of the processes that have connected
            for (int turn = 0; turn < TurnsOfDrain && Turn(); turn++)
            {
            }
        }
    }

    /// <summary>Sleeps until there is something to handle, or until <see cref="Wake"/>.</summary>
    public void WaitReadable()
    {
        long until = Volatile.Read(ref _deafUntil);
        _epoll.WaitReadable(until == 0 ? -1 : (int)Math.Clamp(until - Environment.TickCount64, 0, DeafMilliseconds));
    }

    /// <summary>Handles what there is now, without waiting.</summary>
    /// <returns>False where there was nothing.</returns>
    public bool Handle()
    {
        lock (_reading)
        {
            _share++;
            return Turn();
        }
    }

    /// <summary>Ends a <see cref="WaitReadable"/>.</summary>
    public void Wake() => _wake.Signal();

    /// <summary>Makes a watch for a socket, not armed.</summary>
    public SocketWatch CreateWatch(Socket socket) => Enter(key => new SocketWatch(this, socket, key));

    /// <summary>Makes a watch for a descriptor, not armed.</summary>
    public DescriptorWatch CreateWatch(SafeHandle descriptor) => Enter(key => new DescriptorWatch(this, descriptor, key));

    /// <summary>Arms a watch.</summary>
    /// <returns>False where the kernel cannot watch one more.</returns>
    public bool TryArm(SafeHandle descriptor, ulong key, uint events, bool add) =>
        add ? _epoll.TryAdd(descriptor, key, events) : _epoll.TryModify(descriptor, key, events);

    /// <summary>Forgets a watch.</summary>
    public void Forget(ulong key, SafeHandle? descriptor)
    {
        lock (_reading) _watches.Remove(key);
        if (descriptor is not null) _epoll.Remove(descriptor);
    }

    /// <summary>Watches whether a socket takes packets again.</summary>
    public void WatchWritable(ControlChannel channel, bool watch) =>
        _epoll.TryModify(channel.Socket.Descriptor, channel.Key, ReadEvents | (watch ? Libc.EpollOut : 0));

    /// <summary>Closes a channel on the reactor's turn.</summary>
    public void CloseLater(ControlChannel channel)
    {
        _toClose.Enqueue(channel);
        _wake.Signal();
    }

    /// <inheritdoc />
    public void Dispose()
    {
        lock (_reading) _stopping = true;
        if (_thread is null)
        {
            End();
            return;
        }

        _wake.Signal();
        if (Thread.CurrentThread != _thread) _thread.Join();
    }

    private T Enter<T>(Func<ulong, T> create)
        where T : DescriptorWatch
    {
        lock (_reading)
        {
            ulong key = _nextKey++;
            T watch = create(key);
            _watches.Add(key, watch);
            return watch;
        }
    }

    private void Run()
    {
        while (true)
        {
            WaitReadable();
            lock (_reading)
            {
                _share++;
                Turn();
                if (_stopping) break;
            }
        }

        End();
    }

    private void End()
    {
        lock (_reading)
        {
            foreach (ControlChannel channel in _channels.Values.ToArray()) Close(channel);
            _listener.Dispose();
            _epoll.Dispose();
            _wake.Dispose();
            _spare?.Dispose();
        }
    }

    /// <returns>False where nobody was ready who had not had a share.</returns>
    private bool Turn()
    {
        if (_deafUntil != 0 && Environment.TickCount64 >= _deafUntil) ListenAgain();
        Span<Epoll.Ready> ready = stackalloc Epoll.Ready[EventBatch];
        int count = _epoll.Wait(ready, timeoutMilliseconds: 0);
        bool any = false;
        foreach (Epoll.Ready entry in ready[..count]) any |= TryDispatch(entry);
        while (_toClose.TryDequeue(out ControlChannel? channel)) Close(channel);
        return any;
    }

    private bool TryDispatch(Epoll.Ready entry)
    {
        if (entry.Key == ListenerKey) Accept();
        else if (entry.Key == WakeKey) _wake.Clear();
        else if (_watches.TryGetValue(entry.Key, out DescriptorWatch? watch)) watch.Ready?.Invoke();
        else if (_channels.TryGetValue(entry.Key, out ControlChannel? channel))
        {
            if ((entry.Events & Libc.EpollOut) != 0) channel.Flush();
            if (channel.Share == _share) return false;
            Read(channel);
        }

        return true;
    }

    private void Accept()
    {
        for (int i = 0; i < AcceptsOfTurn; i++)
        {
            PacketStatus status = _listener.TryAccept(out SeqPacketSocket? socket);
            if (status == PacketStatus.DescriptorsExhausted) RefuseOne();
            else if (status == PacketStatus.Failed) StopListening();
            if (status != PacketStatus.Done) return;
            if (!socket!.TryGetCredentials(out PeerCredentials credentials))
            {
                socket.Dispose();
                continue;
            }

            ControlChannel channel = Register(socket, credentials, isOpener: false, state: null);
            _handler.OnAccepted(channel);
            Read(channel);
        }
    }

    /// <summary>No descriptor is left: gives up the spare one to take the connection and hang up, or it would stay ready for ever. Where another
    /// thread takes the spare one's number, nobody is listened to until there is a spare one again.</summary>
    private void RefuseOne()
    {
        _spare?.Dispose();
        if (_listener.TryAccept(out SeqPacketSocket? socket) == PacketStatus.Done) socket!.Dispose();
        _spare = EventFd.OpenSpare();
        if (_spare is null) StopListening();
    }

    /// <summary>A connection that cannot be taken stays ready, and every turn would find it.</summary>
    private void StopListening()
    {
        _epoll.Remove(_listener.Descriptor);
        Volatile.Write(ref _deafUntil, Environment.TickCount64 + DeafMilliseconds);
        _wake.Signal();   // whoever waits without a time-out by now
    }

    private void ListenAgain()
    {
        _spare ??= EventFd.OpenSpare();
        bool listens = _spare is not null && _epoll.TryAdd(_listener.Descriptor, ListenerKey, ReadEvents);
        Volatile.Write(ref _deafUntil, listens ? 0 : Environment.TickCount64 + DeafMilliseconds);
    }

    private ControlChannel Register(SeqPacketSocket socket, PeerCredentials credentials, bool isOpener, object? state)
    {
        ulong key = _nextKey++;
        var channel = new ControlChannel(this, socket, key, credentials, isOpener) { State = state };
        _channels.Add(key, channel);
        if (!_epoll.TryAdd(socket.Descriptor, key, ReadEvents)) channel.Close();   // the kernel has no memory: better a lost peer than a deaf ear
        return channel;
    }

    private void Read(ControlChannel channel)
    {
        channel.Share = _share;
        Span<byte> buffer = stackalloc byte[ControlCodec.MaxFrameLength + 1];   // one more, so that a longer packet shows as such
        for (int frame = 0; frame < FramesOfTurn && !channel.IsGivenUp; frame++)
        {
            switch (channel.Socket.TryReceive(buffer, out int length, out FileDescriptor? descriptor))
            {
                case PacketStatus.Done:
                    _handler.OnFrame(channel, buffer[..length], descriptor);
                    break;
                case PacketStatus.Truncated:
                    _handler.OnTruncated(channel);
                    break;
                case PacketStatus.Closed:
                    Close(channel);
                    return;
                default:
                    return;
            }
        }
    }

    private void Close(ControlChannel channel)
    {
        if (!_channels.Remove(channel.Key)) return;
        _epoll.Remove(channel.Socket.Descriptor);
        channel.Release();
        _handler.OnClosed(channel);
    }
}
