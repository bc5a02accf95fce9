using System.Runtime.InteropServices;
using Smc.Transport.Interop.Linux;

namespace Smc.Transport.Paths.Smcd.Rendezvous;

/// <summary>
/// Says once, on the reactor's turn, that a descriptor is ready or has ended. Handshakes wait this way, without a thread pool between the
/// kernel and their actor.
/// </summary>
public class DescriptorWatch : IDisposable
{
    private const uint ReadOnce = Libc.EpollIn | Libc.EpollPeerHangUp | Libc.EpollOneShot;
    private const uint WriteOnce = Libc.EpollOut | Libc.EpollOneShot;

    private readonly ControlReactor _reactor;
    private readonly SafeHandle _descriptor;
    private readonly ulong _key;
    private bool _isAdded;
    private bool _isDisposed;

    internal DescriptorWatch(ControlReactor reactor, SafeHandle descriptor, ulong key)
    {
        _reactor = reactor;
        _descriptor = descriptor;
        _key = key;
    }

    /// <summary>Called once each time it was armed; must not block.</summary>
    public Action? Ready { get; set; }

    /// <summary>Takes the place with the kernel that watching needs, and watches for errors alone, which are never left out: once it has it, no
    /// arming fails.</summary>
    /// <returns>False where the kernel cannot watch one more.</returns>
    public bool TryReserve() => _isAdded || TryArm(Libc.EpollOneShot);

    /// <summary>Watches for the next byte, end or error; at once where there is one already.</summary>
    /// <returns>False where the kernel cannot watch one more (its memory, fs.epoll.max_user_watches): <see cref="Ready"/> will not be called.</returns>
    public bool Arm() => TryArm(ReadOnce);

    /// <summary>Watches until it can be written to, or has ended. A connection that is being opened can be written to when it is open.</summary>
    /// <returns>As <see cref="Arm"/>.</returns>
    public bool ArmForWriting() => TryArm(WriteOnce);

    /// <summary>Stops watching. The descriptor, which the watch does not own, may be used otherwise afterwards.</summary>
    public void Dispose()
    {
        if (_isDisposed) return;
        _isDisposed = true;
        Ready = null;
        _reactor.Forget(_key, _isAdded ? _descriptor : null);
        GC.SuppressFinalize(this);
    }

    private bool TryArm(uint events)
    {
        bool isArmed = _reactor.TryArm(_descriptor, _key, events, add: !_isAdded);
        _isAdded |= isArmed;
        return isArmed;
    }
}
