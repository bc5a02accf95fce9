using System.Runtime.InteropServices;

namespace Smc.Transport.Interop.Linux;

/// <summary>Waits on descriptors; each carries a number of the caller's. Thread-safe; once disposed, nothing is ready and nothing can be added.</summary>
internal sealed unsafe class Epoll : IDisposable
{
    private const int Capacity = 32;

    private static readonly bool IsPacked = RuntimeInformation.ProcessArchitecture == Architecture.X64;
    private static readonly int EventSize = IsPacked ? 12 : 16;

    private readonly FileDescriptor _epoll;

    private Epoll(FileDescriptor epoll) => _epoll = epoll;

    public static bool TryCreate(out Epoll? epoll)
    {
        int fd = Libc.EpollCreate(Libc.EpollCloseOnExec);
        epoll = fd < 0 ? null : new Epoll(new FileDescriptor(fd));
        return epoll is not null;
    }

    public bool TryAdd(SafeHandle descriptor, ulong key, uint events) => Control(Libc.EpollAdd, descriptor, key, events);

    public bool TryModify(SafeHandle descriptor, ulong key, uint events) => Control(Libc.EpollModify, descriptor, key, events);

    public void Remove(SafeHandle descriptor) => Control(Libc.EpollDelete, descriptor, 0, 0);

    /// <summary>Waits for events, or for the time-out.</summary>
    /// <param name="ready">Receives what is ready, at most 32 at once.</param>
    /// <param name="timeoutMilliseconds">0 looks only, -1 waits for ever.</param>
    /// <returns>The number of entries of <paramref name="ready"/> that are set; 0 where the wait was interrupted.</returns>
    public int Wait(Span<Ready> ready, int timeoutMilliseconds)
    {
        if (!_epoll.TryHold()) return 0;
        byte* events = stackalloc byte[Capacity * 16];
        int count = Libc.EpollWait(_epoll.Value, (Libc.EpollEvent*)events, Math.Min(Capacity, ready.Length), timeoutMilliseconds);
        _epoll.DangerousRelease();
        for (int i = 0; i < count; i++)
        {
            var entry = (Libc.EpollEvent*)(events + (i * EventSize));
            ready[i] = new Ready(IsPacked ? entry->DataPacked : entry->DataAligned, entry->Events);
        }

        return Math.Max(count, 0);
    }

    /// <summary>Sleeps until something is ready, and takes nothing: epoll_wait would disarm a one-shot event that it reports.</summary>
    /// <param name="timeoutMilliseconds">-1 waits for ever.</param>
    public void WaitReadable(int timeoutMilliseconds)
    {
        if (!_epoll.TryHold()) return;
        var self = new Libc.PollDescriptor { Descriptor = _epoll.Value, Events = Libc.PollIn };
        Libc.Poll(&self, 1, timeoutMilliseconds);
        _epoll.DangerousRelease();
    }

    public void Dispose() => _epoll.Dispose();

    private bool Control(int operation, SafeHandle descriptor, ulong key, uint events)
    {
        if (descriptor.IsClosed || !_epoll.TryHold()) return false;
        var change = new Libc.EpollEvent { Events = events };
        if (IsPacked) change.DataPacked = key;
        else change.DataAligned = key;
        bool done = Libc.EpollControl(_epoll.Value, operation, (int)descriptor.DangerousGetHandle(), &change) == 0;
        _epoll.DangerousRelease();
        return done;
    }

    /// <summary>One ready descriptor.</summary>
    public readonly record struct Ready(ulong Key, uint Events);
}
