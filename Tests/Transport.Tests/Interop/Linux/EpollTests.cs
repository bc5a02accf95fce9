using Smc.Transport.Interop.Linux;

namespace Smc.Transport.Tests.Interop.Linux;

public sealed class EpollTests : IDisposable
{
    private const ulong Key = 0xFEED_FACE_CAFE_BEEF;

    private readonly Epoll _epoll;
    private readonly EventFd _event;

    public EpollTests()
    {
        Assert.True(Epoll.TryCreate(out Epoll? epoll));
        Assert.True(EventFd.TryCreate(out EventFd? eventFd));
        _epoll = epoll!;
        _event = eventFd!;
    }

    [Fact]
    public void A_ready_descriptor_is_told_with_all_64_bits_of_its_key()
    {
        Assert.True(_epoll.TryAdd(_event.Descriptor, Key, Libc.EpollIn));
        Assert.Empty(Look());
        _event.Signal();
        Assert.Equal([new Epoll.Ready(Key, Libc.EpollIn)], Look());
        _event.Clear();
        Assert.Empty(Look());
    }

    [Fact]
    public void Several_descriptors_keep_their_keys()
    {
        var others = new List<EventFd>();
        for (ulong i = 0; i < 40; i++)
        {
            Assert.True(EventFd.TryCreate(out EventFd? other));
            others.Add(other!);
            Assert.True(_epoll.TryAdd(other!.Descriptor, Key + i, Libc.EpollIn));
            other.Signal();
        }

        var keys = new HashSet<ulong>();
        for (int i = 0; i < 3; i++) keys.UnionWith(Look().Select(ready => ready.Key));   // at most 32 a look, in turn
        Assert.Equal(40, keys.Count);
        others.ForEach(other => other.Dispose());
    }

    [Fact]
    public void What_is_watched_can_be_changed_and_taken_back()
    {
        Assert.True(_epoll.TryAdd(_event.Descriptor, Key, Libc.EpollIn));
        Assert.False(_epoll.TryAdd(_event.Descriptor, Key, Libc.EpollIn));
        Assert.True(_epoll.TryModify(_event.Descriptor, Key, Libc.EpollIn | Libc.EpollOut));
        Assert.Equal([new Epoll.Ready(Key, Libc.EpollOut)], Look());
        _epoll.Remove(_event.Descriptor);
        Assert.Empty(Look());
    }

    [Fact]
    public async Task A_signal_ends_the_sleep_and_is_not_eaten_by_it()
    {
        Assert.True(_epoll.TryAdd(_event.Descriptor, Key, Libc.EpollIn));
        Task sleeping = HangGuard.OnThread(() => _epoll.WaitReadable(-1));
        _event.Signal();
        await sleeping;
        Assert.Single(Look());
    }

    public void Dispose()
    {
        _event.Dispose();
        _epoll.Dispose();
    }

    private Epoll.Ready[] Look()
    {
        var ready = new Epoll.Ready[64];
        return ready[.._epoll.Wait(ready, timeoutMilliseconds: 0)];
    }
}
