using Akka.Actor;
using Akka.Event;
using Smc.Actors.Devices;
using Smc.Actors.Settings;
using Smc.Transport;
using Smc.Transport.Interop.Linux;
using Smc.Transport.Memory;
using Smc.Transport.Paths.Smcd;
using static Smc.Actors.Protocol.BufferProtocol;

namespace Smc.Actors.Buffers;

/// <summary>
/// The DMBs of one link group: slabs of the wanted size class, grown one at a time, kept as long as the group. Where a class cannot be had
/// it steps down to the next smaller one (a downgrade); where none can, the handshake declines.
/// </summary>
internal sealed class BufferPoolActor : ReceiveActor
{
    private readonly BufferSettings _settings;
    private readonly LoopbackDevice _device;
    private readonly LinkGroupMemory _memory;
    private readonly BufferCounters _counters;
    private readonly List<DmbSlab> _slabs = [];
    private readonly HashSet<uint> _retired = [];
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private uint _lastSlab;
    private int _leased;
    private long _leasedBytes;

    /// <param name="settings">The wanted class.</param>
    /// <param name="device">Counts the DMBs of the process.</param>
    /// <param name="memory">Keeps the slabs mapped as long as a connection uses them.</param>
    /// <param name="counters">What it shows of itself.</param>
    public BufferPoolActor(BufferSettings settings, LoopbackDevice device, LinkGroupMemory memory, BufferCounters counters)
    {
        _settings = settings;
        _device = device;
        _memory = memory;
        _counters = counters;
        Receive<Rent>(request => Sender.Tell(TryLease(request.Nonce)));
        Receive<GiveBack>(request => Take(request.Lease, request.TouchedBytes));
        Receive<Retire>(request => OnRetire(request.Slab));
    }

    /// <inheritdoc />
    protected override void PostStop()
    {
        _device.ReturnDmbs(_leased);
        _device.CountDmbBytes(-_leasedBytes);
    }

    /// <summary>What its predecessor had handed out nobody knows any more: it ends, and its group with it.</summary>
    protected override void PostRestart(Exception reason) => Context.Stop(Self);

    private object TryLease(ulong nonce)
    {
        if (!_device.TryTakeDmb()) return Refused(nonce, SmcReason.MaxDmb);
        foreach (DmbSlab slab in _slabs)
        {
            if (!_retired.Contains(slab.Id) && TryTake(slab, out ushort free)) return Leased(nonce, slab, free, null);
        }

        SizeClass wanted = _settings.Size;
        while (true)
        {
            MemoryError error = DmbSlab.TryCreate(_lastSlab + 1, wanted, _settings.Prefault, out DmbSlab? slab, out FileDescriptor? descriptor);
            if (error == MemoryError.None) return Grown(nonce, slab!, descriptor!);
            if (error == MemoryError.OutOfMemory && wanted.TryStepDown(out SizeClass smaller))
            {
                _log.Warning("No memory for DMBs of {0} bytes: stepping down to {1}", wanted.Bytes, smaller.Bytes);
                wanted = smaller;
                continue;
            }

            _device.ReturnDmbs(1);
            return Refused(nonce, error == MemoryError.DescriptorsExhausted ? SmcReason.DescriptorsExhausted : SmcReason.OutOfMemory);
        }
    }

    private NoBuffer Refused(ulong nonce, SmcReason reason)
    {
        _counters.Refusals++;
        return new NoBuffer(nonce, reason);
    }

    private Rented Grown(ulong nonce, DmbSlab slab, FileDescriptor descriptor)
    {
        _lastSlab = slab.Id;
        _slabs.Add(slab);
        _memory.Own(slab);
        BufferCounters.OfClass counters = _counters.Of(slab.SizeClass);
        counters.Slabs++;
        counters.Dmbs += slab.Count;
        counters.IsPrefaulted = _settings.Prefault;
        if (slab.SizeClass != _settings.Size) _counters.Downgrades++;
        TryTake(slab, out ushort index);
        return Leased(nonce, slab, index, descriptor);
    }

    private bool TryTake(DmbSlab slab, out ushort index)
    {
        int everUsed = slab.EverUsed;
        bool isTaken = slab.TryTake(out index);
        _counters.Of(slab.SizeClass).EverUsed += slab.EverUsed - everUsed;
        return isTaken;
    }

    private Rented Leased(ulong nonce, DmbSlab slab, ushort index, FileDescriptor? descriptor)
    {
        _leased++;
        CountBytes(slab.SizeClass.Bytes);
        BufferCounters.OfClass counters = _counters.Of(slab.SizeClass);
        counters.InUse++;
        counters.Rents++;
        return new Rented(nonce, new DmbLease(slab, index), descriptor);
    }

    private void CountBytes(long bytes)
    {
        _leasedBytes += bytes;
        _device.CountDmbBytes(bytes);
    }

    private void Take(DmbLease lease, uint touchedBytes)
    {
        _leased--;
        CountBytes(-lease.Slab.SizeClass.Bytes);
        lease.Slab.Return(lease.Index, touchedBytes);
        _device.ReturnDmbs(1);
        BufferCounters.OfClass counters = _counters.Of(lease.Slab.SizeClass);
        counters.InUse--;
        if (_retired.Contains(lease.Slab.Id)) counters.Retired++;
    }

    private void OnRetire(uint id)
    {
        if (_slabs.Find(slab => slab.Id == id) is { } slab && _retired.Add(id)) _counters.Of(slab.SizeClass).Retired += slab.Count - slab.InUse;
    }
}
