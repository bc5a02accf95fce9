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
    private readonly List<DmbSlab> _slabs = [];
    private readonly HashSet<uint> _retired = [];
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private uint _lastSlab;
    private int _leased;
    private long _leasedBytes;

    /// <param name="settings">The wanted class.</param>
    /// <param name="device">Counts the DMBs of the process.</param>
    /// <param name="memory">Keeps the slabs mapped as long as a connection uses them.</param>
    public BufferPoolActor(BufferSettings settings, LoopbackDevice device, LinkGroupMemory memory)
    {
        _settings = settings;
        _device = device;
        _memory = memory;
        Receive<Rent>(request => Sender.Tell(Lease(request.Nonce)));
        Receive<GiveBack>(request => Take(request.Lease, request.TouchedBytes));
        Receive<Retire>(request => _retired.Add(request.Slab));
    }

    /// <inheritdoc />
    protected override void PostStop()
    {
        _device.ReturnDmbs(_leased);
        _device.CountDmbBytes(-_leasedBytes);
    }

    /// <summary>What its predecessor had handed out nobody knows any more: it ends, and its group with it.</summary>
    protected override void PostRestart(Exception reason) => Context.Stop(Self);

    private object Lease(ulong nonce)
    {
        if (!_device.TryTakeDmb()) return new NoBuffer(nonce, SmcReason.MaxDmb);
        foreach (DmbSlab slab in _slabs)
        {
            if (!_retired.Contains(slab.Id) && slab.TryTake(out ushort free)) return Leased(nonce, slab, free, null);
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
            return new NoBuffer(nonce, error == MemoryError.DescriptorsExhausted ? SmcReason.DescriptorsExhausted : SmcReason.OutOfMemory);
        }
    }

    private Rented Grown(ulong nonce, DmbSlab slab, FileDescriptor descriptor)
    {
        _lastSlab = slab.Id;
        _slabs.Add(slab);
        _memory.Own(slab);
        slab.TryTake(out ushort index);
        return Leased(nonce, slab, index, descriptor);
    }

    private Rented Leased(ulong nonce, DmbSlab slab, ushort index, FileDescriptor? descriptor)
    {
        _leased++;
        CountBytes(slab.SizeClass.Bytes);
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
    }
}
