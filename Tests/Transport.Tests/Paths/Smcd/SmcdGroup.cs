using System.Net;
using System.Runtime.InteropServices;
using System.Threading.Channels;
using Smc.Transport.Interop.Linux;
using Smc.Transport.Memory;
using Smc.Transport.Paths.Smcd;
using Smc.Transport.Rings;
using Smc.Transport.Waiting;

namespace Smc.Transport.Tests.Paths.Smcd;

/// <summary>
/// Both ends of a link group in one process, over real sealed memory that the client opens through a second descriptor, and a control plane
/// that does what the actors of both processes do: one event at a time, on a thread of its own.
/// </summary>
internal sealed class SmcdGroup : IDisposable
{
    private readonly WakeService _wake = new(watchInlineCompletions: false);
    private readonly DmbPool[] _pools = [new(), new()];
    private readonly SizeClass _size;
    private readonly PeerSlab[] _attached = new PeerSlab[2];
    private readonly Stack<int> _slots = new(Enumerable.Range(0, LinkGroupMemory.MaxConnections).Reverse());
    private readonly Channel<Action> _events = Channel.CreateUnbounded<Action>();
    private readonly Task _controlPlane;
    private readonly List<SmcdEnd> _ends = [];
    private readonly bool _automatic;
    private readonly SharedRegion _control;

    /// <param name="wait">How connections wait.</param>
    /// <param name="sizeCode">The size class of the DMBs.</param>
    /// <param name="automatic">False where the test plays the control plane: then nothing follows from an event.</param>
    public SmcdGroup(WaitSettings wait, byte sizeCode = 0, bool automatic = true)
    {
        _automatic = automatic;
        Assert.Equal(MemoryError.None, LinkGroupMemory.TryCreate(wait, _wake, mappings: null, out LinkGroupMemory? server, out FileDescriptor? offered));
        FileDescriptor copy = Reopen(offered!, keep: true);
        Assert.Equal(MemoryError.None, SharedRegion.TryOpen(copy, LinkGroupMemory.ControlBytes, mappings: null, out SharedRegion? control));
        _control = control!;
        Assert.Equal(MemoryError.None, LinkGroupMemory.TryOpen(Reopen(offered!), LinkGroupMemory.ControlBytes, wait, _wake, null, out LinkGroupMemory? client));
        Memories = [server!, client!];
        Assert.True(SizeClass.TryFromCode(sizeCode, out SizeClass sizeClass));
        _size = sizeClass;
        for (int side = 0; side < 2; side++)
        {
            Assert.Equal(MemoryError.None, DmbSlab.TryCreate((uint)side, sizeClass, prefault: false, null, out DmbSlab? slab, out FileDescriptor? descriptor));
            Assert.Equal(MemoryError.None, PeerSlab.TryOpen(Reopen(descriptor!), sizeClass, slab!.Count, slab.Bytes, mappings: null, out PeerSlab? attached));
            Assert.True(_pools[side].TryAdd(slab));
            _attached[side] = attached!;
            Memories[side].Own(slab);
            Memories[1 - side].Own(attached!);
        }

        RingBytes = sizeClass.Bytes - 32;
        _controlPlane = Task.Run(RunControlPlaneAsync);
    }

    public int RingBytes { get; }

    /// <summary>The wake threads of both ends.</summary>
    public WakeService Wake => _wake;

    /// <summary>Server, then client.</summary>
    public LinkGroupMemory[] Memories { get; }

    /// <summary>The control region, as a test or a hostile peer sees it.</summary>
    public ControlRegion Control => new(_control);

    public int FreeSlots
    {
        get
        {
            lock (_slots) return _slots.Count;
        }
    }

    public int DmbsInUse
    {
        get
        {
            lock (_slots) return _pools.Sum(pool => pool.Statistics.Sum(one => one.InUse));
        }
    }

    /// <summary>Opens a connection in the slot that was freed last. Waits where the control plane has not taken enough back yet.</summary>
    public SmcdLink Connect()
    {
        SmcdLink? link = null;
        HangGuard.Until(() => (link = TryConnect()) is not null, "a free slot and buffers");
        return link!;
    }

    private SmcdLink? TryConnect()
    {
        lock (_slots)
        {
            if (_slots.Count == 0 || !_pools.All(pool => pool.HasIdle(_size))) return null;
            var link = new SmcdLink(this, _slots.Pop());
            Assert.True(_pools[0].TryTake(_size, out Dmb? server));
            Assert.True(_pools[1].TryTake(_size, out Dmb? client));
            Assert.True(_attached[0].TryGetRange(server.Index, out DmbRange serverSeenByClient));
            Assert.True(_attached[1].TryGetRange(client.Index, out DmbRange clientSeenByServer));
            link.Server.Begin(Memories[0], server, clientSeenByServer);
            link.Client.Begin(Memories[1], client, serverSeenByClient);
            _ends.AddRange([link.Server, link.Client]);
            return link;
        }
    }

    /// <summary>An end's DMB as the other end has attached it.</summary>
    public DmbRange AtPeer(SmcdEnd end)
    {
        Assert.True(_attached[end == end.Link.Server ? 0 : 1].TryGetRange(end.Dmb.Index, out DmbRange range));
        return range;
    }

    /// <summary>Does what a peer does after it has published: takes whoever sleeps in a slot, and rings.</summary>
    public unsafe void Ring(GroupSide side, int slot)
    {
        foreach (nint word in new[] { (nint)Control.Reader(side, slot), (nint)Control.Writer(side, slot) })
        {
            if (SleepWord.TakeSleeper((int*)word) == SleepWord.Thread) SleepWord.Wake((int*)word);
        }

        new PeerBell(Control, side).Ring(slot);
    }

    /// <summary>Erases the announcement of a slot's reader, and wakes it.</summary>
    public unsafe void EraseAnnouncement(GroupSide side, int slot)
    {
        Volatile.Write(ref *Control.Reader(side, slot), SleepWord.Awake);
        SleepWord.Wake(Control.Reader(side, slot));
    }

    /// <summary>Takes the announcement of a slot's reader, and wakes nobody.</summary>
    public unsafe int TakeReader(GroupSide side, int slot) => SleepWord.TakeSleeper(Control.Reader(side, slot));

    /// <summary>Announces a reader and a writer of a slot.</summary>
    public unsafe void Announce(GroupSide side, int slot, int kind)
    {
        SleepWord.Announce(Control.Reader(side, slot), kind);
        SleepWord.Announce(Control.Writer(side, slot), kind);
    }

    /// <summary>Puts the word of a slot's reader, as its owner would.</summary>
    public unsafe void Put(GroupSide side, int slot, int word) => Interlocked.Exchange(ref *Control.Reader(side, slot), word);

    /// <summary>What a slot's reader says that it has seen.</summary>
    public unsafe ref long Seen(GroupSide side, int slot) => ref *Control.Seen(side, slot);

    /// <summary>Rings a side's wake thread for a slot, whoever sleeps.</summary>
    public void RingBell(GroupSide side, int slot) => new PeerBell(Control, side).Ring(slot);

    /// <summary>The announcements of a slot.</summary>
    public unsafe (int Reader, int Writer) Announced(GroupSide side, int slot) =>
        (Volatile.Read(ref *Control.Reader(side, slot)), Volatile.Read(ref *Control.Writer(side, slot)));

    /// <summary>Runs an event of the control plane.</summary>
    public void Post(Action action) => _events.Writer.TryWrite(action);

    public void PostAutomatic(Action action)
    {
        if (_automatic) Post(action);
    }

    /// <summary>Both ends are done with a connection.</summary>
    public void GiveBack(SmcdLink link)
    {
        lock (_slots)
        {
            _pools[0].Return(link.Server.Dmb, link.Server.Path.TouchedBytes, link.Server.Path.UsedBytes);
            _pools[1].Return(link.Client.Dmb, link.Client.Path.TouchedBytes, link.Client.Path.UsedBytes);
            _slots.Push(link.Slot);
            _ends.RemoveAll(end => end.Link == link);
        }
    }

    public void Dispose() => DisposeAfterRelease(null);

    /// <summary>Ends the group, one side of which has been released.</summary>
    public void DisposeAfterRelease(GroupSide? released)
    {
        Post(() =>
        {
            SmcdEnd[] left;
            lock (_slots) left = [.. _ends];
            foreach (SmcdEnd end in left)
            {
                if (end.ClosedCount > 0) continue;
                end.Path.OnPeerEnded();
                end.Path.Close();
            }
        });
        _events.Writer.Complete();
        _controlPlane.Guarded().GetAwaiter().GetResult();
        foreach (LinkGroupMemory memory in Memories.Where(memory => memory.Side != released)) memory.Release();
        HangGuard.OnThread(_wake.Dispose).GetAwaiter().GetResult();
        _control.Dispose();
    }

    private static FileDescriptor Reopen(FileDescriptor descriptor, bool keep = false)
    {
        var copy = new FileDescriptor(Libc.Open($"/proc/self/fd/{descriptor.Value}", Libc.OpenReadWrite | Libc.OpenCloseOnExec, 0));
        Assert.False(copy.IsInvalid);
        if (!keep) descriptor.Dispose();
        return copy;
    }

    private async Task RunControlPlaneAsync()
    {
        await foreach (Action action in _events.Reader.ReadAllAsync()) action();
    }
}

/// <summary>A connection: both its ends.</summary>
internal sealed class SmcdLink
{
    /// <summary>True once both ends are done with it. Used by the control plane only.</summary>
    public bool IsOver { get; set; }

    public SmcdLink(SmcdGroup group, int slot)
    {
        Group = group;
        Slot = slot;
        Server = new SmcdEnd(this);
        Client = new SmcdEnd(this);
    }

    public SmcdGroup Group { get; }

    public int Slot { get; }

    public SmcdEnd Server { get; }

    public SmcdEnd Client { get; }

    public SmcdEnd Other(SmcdEnd end) => end == Server ? Client : Server;
}

/// <summary>One end of a connection, with what its path has told the control plane.</summary>
internal sealed class SmcdEnd(SmcdLink link) : IPathObserver
{
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _detached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _closedCount;
    private int _detachedCount;
    private int _blockingCount;
    private bool _hasClosed;
    private bool _hasSentDetach;
    private bool _isPeerGone;
    private volatile RingViolation _violation;

    public SmcdLink Link { get; } = link;

    public SmcdPath Path { get; private set; } = null!;

    public SmcStream Stream { get; private set; } = null!;

    public Dmb Dmb { get; private set; } = null!;

    public DmbRange Own => Dmb.Range;

    /// <summary>This end's DMB, into which the peer writes.</summary>
    public unsafe Span<byte> OwnBytes => new(Own.Address, Own.Bytes);

    /// <summary>The same as the peer has it mapped: there also where this end has unmapped it.</summary>
    public unsafe Span<byte> BytesAtPeer
    {
        get
        {
            DmbRange range = Link.Group.AtPeer(this);
            return new(range.Address, range.Bytes);
        }
    }

    public int ClosedCount => Volatile.Read(ref _closedCount);

    public int DetachedCount => Volatile.Read(ref _detachedCount);

    public int BlockingCount => Volatile.Read(ref _blockingCount);

    public RingViolation Violation => _violation;

    public Task WhenClosed => _closed.Task;

    public Task WhenDetached => _detached.Task;

    public void Begin(LinkGroupMemory memory, Dmb own, DmbRange peer)
    {
        Dmb = own;
        Path = memory.Open(Link.Slot, own.Range, peer, this);
        Stream = new SmcStream(Path, new IPEndPoint(IPAddress.Loopback, 1), new IPEndPoint(IPAddress.Loopback, 2), SmcReason.None);
    }

    public void Blocking() => Interlocked.Increment(ref _blockingCount);

    public void Closed()
    {
        Interlocked.Increment(ref _closedCount);
        _closed.TrySetResult();
        Link.Group.PostAutomatic(() =>
        {
            _hasClosed = true;
            SendDetach();
            EndWhenDone();
        });
    }

    public void Detached()
    {
        Interlocked.Increment(ref _detachedCount);
        _detached.TrySetResult();
        Link.Group.PostAutomatic(SendDetach);
    }

    public void Violated(RingViolation violation) => _violation = violation;

    /// <summary>Writes a CDC word into this end's DMB, as a hostile peer may.</summary>
    public void WriteWord(int offset, ulong word) => Volatile.Write(ref MemoryMarshal.AsRef<ulong>(OwnBytes[offset..]), word);

    /// <summary>The peer died: its control socket hung up.</summary>
    public void LosePeer() => Link.Group.Post(OnPeerGone);

    private void SendDetach()
    {
        if (_hasSentDetach) return;
        _hasSentDetach = true;
        Link.Other(this).OnPeerGone();
    }

    private void OnPeerGone()
    {
        _isPeerGone = true;
        if (!_hasClosed) Path.OnPeerEnded();
        EndWhenDone();
    }

    private void EndWhenDone()
    {
        SmcdEnd other = Link.Other(this);
        if (!_hasClosed || !_isPeerGone || !other._hasClosed || !other._isPeerGone || Link.IsOver) return;
        Link.IsOver = true;
        Link.Group.GiveBack(Link);
    }
}
