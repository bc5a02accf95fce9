using System.Collections.Concurrent;
using System.Net.Sockets;

namespace Smc.Transport.Interop.Linux;

/// <summary>
/// Waits for many sockets on the thread of whoever gives it its turns, and goes on with each there: between the kernel and what the bytes are for
/// stands no other thread that would have to be woken, as the pool's would.
/// </summary>
public sealed class SocketPoller : IDisposable
{
    private const ulong WakeKey = 0;
    private const int EventBatch = 32;

    private readonly Epoll _epoll;
    private readonly EventFd _wake;
    private readonly ConcurrentDictionary<ulong, PolledSocket> _sockets = new();
    private long _lastKey = (long)WakeKey;

    private SocketPoller(Epoll epoll, EventFd wake)
    {
        _epoll = epoll;
        _wake = wake;
    }

    /// <summary>Makes one without sockets.</summary>
    /// <returns>False where the process has no descriptor left for it, or the kernel no memory.</returns>
    public static bool TryCreate(out SocketPoller? poller)
    {
        poller = null;
        if (!Epoll.TryCreate(out Epoll? epoll)) return false;
        if (!EventFd.TryCreate(out EventFd? wake) || !epoll!.TryAdd(wake!.Descriptor, WakeKey, Libc.EpollIn))
        {
            wake?.Dispose();
            epoll!.Dispose();
            return false;
        }

        poller = new SocketPoller(epoll, wake);
        return true;
    }

    /// <summary>Sleeps until a socket is ready, or until <see cref="Wake"/>.</summary>
    public void WaitReadable() => _epoll.WaitReadable(timeoutMilliseconds: -1);

    /// <summary>Goes on with those that are ready, without waiting. Not on two threads at once.</summary>
    /// <returns>False where none was.</returns>
    public bool Handle()
    {
        Span<Epoll.Ready> ready = stackalloc Epoll.Ready[EventBatch];
        int count = _epoll.Wait(ready, timeoutMilliseconds: 0);
        foreach (Epoll.Ready entry in ready[..count])
        {
            if (entry.Key == WakeKey) _wake.Clear();
            else if (_sockets.TryGetValue(entry.Key, out PolledSocket? socket)) socket.OnReady(entry.Events);
        }

        return count > 0;
    }

    /// <summary>Ends a <see cref="WaitReadable"/>, from any thread.</summary>
    public void Wake() => _wake.Signal();

    /// <summary>Whoever waits for a socket hears that it is closed.</summary>
    public void Dispose()
    {
        foreach (PolledSocket socket in _sockets.Values) socket.Dispose();
        _epoll.Dispose();
        _wake.Dispose();
    }

    /// <summary>Waits for a socket, which does not block from now on, until the result is disposed.</summary>
    internal PolledSocket Add(Socket socket)
    {
        socket.Blocking = false;
        ulong key = (ulong)Interlocked.Increment(ref _lastKey);
        return _sockets[key] = new PolledSocket(this, socket, key);
    }

    internal bool TryArm(Socket socket, ulong key, uint events, bool add) =>
        add ? _epoll.TryAdd(socket.SafeHandle, key, events) : _epoll.TryModify(socket.SafeHandle, key, events);

    internal void Remove(Socket socket, ulong key)
    {
        if (_sockets.TryRemove(key, out _)) _epoll.Remove(socket.SafeHandle);
    }
}
