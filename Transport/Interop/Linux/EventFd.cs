namespace Smc.Transport.Interop.Linux;

/// <summary>Wakes a thread that sleeps in <see cref="Epoll"/>. Never leaves the process.</summary>
internal sealed unsafe class EventFd : IDisposable
{
    private const int NonBlockingCloseOnExec = Libc.SocketNonBlocking | Libc.SocketCloseOnExec;   // the same bits as O_NONBLOCK and O_CLOEXEC

    private EventFd(int fd) => Descriptor = new FileDescriptor(fd);

    public FileDescriptor Descriptor { get; }

    public static bool TryCreate(out EventFd? created)
    {
        int fd = Libc.EventFd(0, NonBlockingCloseOnExec);
        created = fd < 0 ? null : new EventFd(fd);
        return created is not null;
    }

    /// <summary>A descriptor that serves only to be given up when the process has no other left.</summary>
    public static FileDescriptor? OpenSpare() => TryCreate(out EventFd? created) ? created!.Descriptor : null;

    public void Signal()
    {
        if (!Descriptor.TryHold()) return;   // nobody sleeps here any more
        ulong one = 1;
        Libc.Write(Descriptor.Value, &one, sizeof(ulong));
        Descriptor.DangerousRelease();
    }

    public void Clear()
    {
        ulong count;
        Libc.Read(Descriptor.Value, &count, sizeof(ulong));
    }

    public void Dispose() => Descriptor.Dispose();
}
