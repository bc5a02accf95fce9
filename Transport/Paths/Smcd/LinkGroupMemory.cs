using Smc.Transport.Interop.Linux;
using Smc.Transport.Memory;
using Smc.Transport.Waiting;

namespace Smc.Transport.Paths.Smcd;

/// <summary>
/// What both planes share of a link group: the mapped control region and the connections by slot. All of it, slabs
/// included, stays mapped until the group has ended and its last connection is closed here.
/// </summary>
public sealed class LinkGroupMemory : IWakeTarget
{
    private readonly SharedRegion _region;
    private readonly ControlRegion _control;
    private readonly SmcdPath?[] _paths = new SmcdPath?[ControlLayout.Slots];
    private readonly ulong[] _ready = new ulong[ControlLayout.BitmapWords];   // this and the debtors belong to the wake thread
    private readonly int[] _debtors = new int[ControlLayout.Slots];
    private readonly SweepList _swept = new();
    private readonly WakeThread _thread;
    private readonly WaitSettings _wait;
    private readonly List<IDisposable> _owned = [];
    private SmcdPath? _running;
    private int _debtorCount;
    private int _newDebts;
    private long _mutes;
    private int _users = 1;   // the group itself

    private LinkGroupMemory(SharedRegion region, GroupSide side, WaitSettings wait, WakeService wakeService, IMappingCount? mappings)
    {
        _region = region;
        _control = new ControlRegion(region);
        _wait = wait;
        Mappings = mappings;
        Side = side;
        Bell = new OwnBell(_control, side);
        if (side == GroupSide.Server) _control.Format();
        _thread = wakeService.Add(this);
    }

    /// <summary>The connections that one group holds.</summary>
    public static int MaxConnections => ControlLayout.Slots;

    /// <summary>The size of a control region in bytes, whole pages.</summary>
    public static long ControlBytes => SharedRegion.RoundToPages(ControlLayout.Length);

    /// <summary>Counts what is mapped for the group's peer; null where nobody does.</summary>
    public IMappingCount? Mappings { get; }

    /// <summary>Which end of the group this is.</summary>
    public GroupSide Side { get; }

    /// <summary>How often the peer was not listened to for a while, because it had rung for nothing too often.</summary>
    public long Mutes => Volatile.Read(ref _mutes);

    OwnBell IWakeTarget.Bell => Bell;

    private OwnBell Bell { get; }

    /// <summary>Creates the control region of a new group, at the server.</summary>
    /// <param name="wait">How the group's connections wait.</param>
    /// <param name="wakeService">The wake threads.</param>
    /// <param name="mappings">The peer, where its mappings are counted.</param>
    /// <param name="memory">The group's memory.</param>
    /// <param name="descriptor">To be handed to the peer and closed.</param>
    public static MemoryError TryCreate(
        WaitSettings wait, WakeService wakeService, IMappingCount? mappings, out LinkGroupMemory? memory, out FileDescriptor? descriptor)
    {
        memory = null;
        MemoryError error = SharedRegion.TryCreate("smc-control", ControlBytes, prefault: true, mappings, out SharedRegion? region, out descriptor);
        if (error == MemoryError.None) memory = new LinkGroupMemory(region!, GroupSide.Server, wait, wakeService, mappings);
        return error;
    }

    /// <summary>Opens the control region that the server of a group offered. Closes <paramref name="descriptor"/> in every case.</summary>
    public static MemoryError TryOpen(
        FileDescriptor descriptor, long bytes, WaitSettings wait, WakeService wakeService, IMappingCount? mappings, out LinkGroupMemory? memory)
    {
        memory = null;
        if (bytes != ControlBytes)
        {
            descriptor.Dispose();
            return MemoryError.WrongSize;
        }

        MemoryError error = SharedRegion.TryOpen(descriptor, bytes, mappings, out SharedRegion? region);
        if (error != MemoryError.None) return error;
        var control = new ControlRegion(region!);
        if (!control.IsFormatted())
        {
            // A region is formatted before it is offered. One that is blank has been given back: its group has ended while the offer was on its way.
            error = control.IsBlank() ? MemoryError.GivenBack : MemoryError.NotPlainMemory;
            region!.Dispose();
            return error;
        }

        memory = new LinkGroupMemory(region!, GroupSide.Client, wait, wakeService, mappings);
        return MemoryError.None;
    }

    /// <summary>Keeps a slab mapped as long as the group and its connections last.</summary>
    public void Own(IDisposable slab)
    {
        lock (_owned) _owned.Add(slab);
    }

    /// <summary>Begins a connection in a slot that is free at both ends. The group has not been released.</summary>
    public SmcdPath Open(int slot, DmbRange own, DmbRange peer, IPathObserver observer)
    {
        Interlocked.Increment(ref _users);
        var path = new SmcdPath(this, _control, new SmcdEndpoints(Side, slot, own, peer), _wait, observer);
        _swept.Put(slot, own);
        Volatile.Write(ref _paths[slot], path);
        return path;
    }

    /// <summary>Forgets a connection that is detached: its slot may get another.</summary>
    public void Forget(SmcdPath path) => Interlocked.CompareExchange(ref _paths[path.Slot], null, path);

    /// <summary>The group has ended. Its memory stays mapped until the last of its connections is closed here.</summary>
    public void Release()
    {
        if (Interlocked.Decrement(ref _users) == 0) _ = UnmapAsync();
    }

    /// <summary>A connection is closed here, and nobody is inside it.</summary>
    internal void Release(SmcdPath path)
    {
        Forget(path);
        Release();
    }

    /// <summary>
    /// What this process has created it also gives back: its slabs, and at the server the control region. A peer that keeps the descriptors would otherwise
    /// keep what this process has committed. An honest peer may still have connections open, and loses no byte by it; a page that it touches from now on
    /// is a new one, on its own account. What it has received lies in its own DMB, which it has created: data, producer cursor and flags (written by this
    /// end's SmcdWriter and CdcPublisher, read by its SmcdReader). What its writer goes by, this end's consumer cursor, lies there too. Into this end's DMB
    /// it only writes, and who reads there is this end, whose last connection is closed. In the control region it finds that nobody sleeps: this end does
    /// not, and its own sleepers it knows without it (SmcdHalf.WakeOwn and Sweep). A client that has not opened the control region yet finds it blank: see
    /// <see cref="TryOpen"/>.
    /// </summary>
    private async Task UnmapAsync()
    {
        await _thread.RemoveAsync(this).ConfigureAwait(false);   // from here on nobody in this process touches any of it
        foreach (IDisposable slab in _owned) slab.Dispose();
        if (Side == GroupSide.Server) _region.GiveBack();
        else _region.Dispose();
    }

    bool IWakeTarget.TakeReady()
    {
        (_debtorCount, _newDebts) = (0, 0);
        for (int word = 0; word < ControlLayout.BitmapWords; word++)
        {
            ulong bits = _ready[word] = Bell.TakeReady(word);
            while (bits != 0)
            {
                int slot = OwnBell.NextSlot(word, ref bits);
                if (At(slot) is not { } path || !path.TakeDebt(out bool isNew)) continue;
                _debtors[_debtorCount++] = slot;
                if (isNew) _newDebts++;
            }
        }

        return _debtorCount != 0;
    }

    void IWakeTarget.PayDebts()
    {
        // Looked up again: the debt may be one to the slot's next connection, which has come meanwhile and alone knows what it has written.
        for (int i = 0; i < _debtorCount; i++) At(_debtors[i])?.PayDebt();
    }

    WakeTally IWakeTarget.DispatchReady()
    {
        var tally = new WakeTally(Rung: 0, Earned: _newDebts, Idle: _debtorCount - _newDebts);
        for (int word = 0; word < ControlLayout.BitmapWords; word++)
        {
            ulong bits = _ready[word];
            while (bits != 0)
            {
                int slot = OwnBell.NextSlot(word, ref bits);
                tally = tally with { Rung = tally.Rung + 1 };
                if (At(slot) is not { } path) continue;
                Volatile.Write(ref _running, path);
                tally += path.OnRung();
            }
        }

        Volatile.Write(ref _running, null);
        return tally;
    }

    void IWakeTarget.OnMuted() => Volatile.Write(ref _mutes, _mutes + 1);

    void IWakeTarget.OnBlocked() => Volatile.Read(ref _running)?.OnBlocking();

    void IWakeTarget.Sweep()
    {
        for (int slot = 0; slot < _paths.Length; slot++)
        {
            if (At(slot) is { } path) _swept.Sweep(slot, path);
            else _swept.Forget(slot);
        }
    }

    private SmcdPath? At(int slot) => slot < _paths.Length ? Volatile.Read(ref _paths[slot]) : null;
}
