using Smc.Actors.Buffers;
using Smc.Actors.Directory;
using Smc.Actors.Protocol;
using Smc.Actors.Settings;
using Smc.Actors.Telemetry;
using Smc.Transport;
using Smc.Transport.Paths.Smcd;
using Smc.Transport.Paths.Smcd.Rendezvous;
using Smc.Transport.Waiting;

namespace Smc.Actors.Devices;

/// <summary>
/// The Emulated-ISM device of a runtime as handshakes use it: its rendezvous while it is up, its DMBs counted, its wake threads. The
/// <see cref="LoopbackIsmActor"/> owns what it points to.
/// </summary>
public sealed class LoopbackDevice : IDisposable
{
    /// <summary>Restarts within a minute after which the device stays down.</summary>
    internal const int MostRestarts = 10;

    private const string Name = "loopback-ism";

    private readonly EventPublisher _events;
    private readonly TaskCompletionSource _decided = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private HostRendezvous? _rendezvous;
    private PeerMappings _mappings = PeerMappings.OfThisProcess;
    private int _groups;

    /// <summary>A device that is down, of no runtime.</summary>
    public LoopbackDevice(SmcSettings settings)
        : this(settings, new EventPublisher())
    {
    }

    /// <summary>A device that is down.</summary>
    /// <param name="settings">Its limit, and its wake threads.</param>
    /// <param name="events">Hears when it is up and down.</param>
    internal LoopbackDevice(SmcSettings settings, EventPublisher events)
    {
        _events = events;
        Dmbs = new DmbLimits(settings.Buffers);
        Rules = new BrokenRules(events);
        Wake = new WakeService(settings.Wait.InlineCompletions);
        Ueids = new UeidTable(settings.Handshake.Ueids);
        Down = settings.Negotiation == Negotiation.Never ? SmcReason.SmcDisabled : SmcReason.NoSmcdDevice;
    }

    /// <summary>The wake threads.</summary>
    public WakeService Wake { get; }

    /// <summary>The user EIDs that handshakes offer and accept.</summary>
    public UeidTable Ueids { get; }

    /// <summary>The rendezvous, or null while the device is down.</summary>
    public HostRendezvous? Rendezvous => Volatile.Read(ref _rendezvous);

    /// <summary>Why the device is down.</summary>
    public SmcReason Down { get; private set; }

    /// <summary>Done once the device is up, or is known to be down.</summary>
    public Task Decided => _decided.Task;

    /// <summary>DMBs in use.</summary>
    public int DmbsInUse => Dmbs.InUse;

    /// <summary>The same against each limit.</summary>
    internal DmbLimits Dmbs { get; }

    /// <summary>What other processes broke.</summary>
    internal BrokenRules Rules { get; }

    /// <summary>What is mapped here for other processes. Where it is not all of this process's it may be set at any time, on any thread: link groups that
    /// begin from then on count there, and those before it where they began.</summary>
    internal PeerMappings Mappings
    {
        get => Volatile.Read(ref _mappings);
        set => Volatile.Write(ref _mappings, value);
    }

    /// <summary>The blocks that handshakes read into.</summary>
    internal ClcBuffers ClcBuffers { get; } = new();

    /// <summary>What is left of its restarts: its actor's own fields do not survive one.</summary>
    internal RestartBudget Restarts { get; } = new(MostRestarts, TimeSpan.FromMinutes(1));

    /// <summary>Numbers the link groups that begin here, also across a crash of their parent: a peer may still end those before it by their ids.</summary>
    internal uint NextGroup() => (uint)Interlocked.Increment(ref _groups);

    /// <summary>The device is up.</summary>
    internal void Start(HostRendezvous rendezvous)
    {
        Volatile.Write(ref _rendezvous, rendezvous);
        _decided.TrySetResult();
        _events.Publish(new RuntimeEvents.DeviceUp(Name, rendezvous.Gid.ToString()));
    }

    /// <summary>The device is down.</summary>
    internal void Stop(SmcReason reason)
    {
        Down = reason;
        HostRendezvous? before = Interlocked.Exchange(ref _rendezvous, null);
        before?.Dispose();
        if (_decided.TrySetResult() || before is not null) _events.Publish(new RuntimeEvents.DeviceDown(Name, reason));
    }

    /// <inheritdoc />
    public void Dispose()
    {
        Stop(Down);
        Release();
    }

    /// <summary>Ends what no actor owns: nobody wakes or begins a handshake any more.</summary>
    internal void Release()
    {
        Wake.Dispose();
        ClcBuffers.Dispose();
    }
}
