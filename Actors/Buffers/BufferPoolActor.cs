using Akka.Actor;
using Akka.Event;
using Smc.Actors.Settings;
using Smc.Transport;
using Smc.Transport.Interop.Linux;
using Smc.Transport.Memory;
using Smc.Transport.Paths.Smcd;
using static Smc.Actors.Protocol.BufferProtocol;

namespace Smc.Actors.Buffers;

/// <summary>
/// Makes and trims the DMBs of one link group, which takes them from <see cref="GroupBuffers"/> and gives them back there without a word to
/// this actor. Slabs are of the wanted size class, made one at a time, and kept as long as the group. Where a class cannot be had it steps down
/// to the next smaller one (a downgrade); where none can, the handshake declines. The pages of a DMB that has been idle for
/// <c>smc.buffers.trim-after</c> go back to the system.
/// </summary>
internal sealed class BufferPoolActor : ReceiveActor, IWithTimers
{
    /// <summary>DMBs that are trimmed in one message: others' turns come in between.</summary>
    private const int TrimBatch = 64;

    private readonly BufferSettings _settings;
    private readonly GroupBuffers _buffers;
    private readonly LinkGroupMemory _memory;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private Grow? _answered;

    /// <param name="settings">The wanted class, and when to trim.</param>
    /// <param name="buffers">The DMBs.</param>
    /// <param name="memory">Keeps the slabs mapped as long as a connection uses them.</param>
    public BufferPoolActor(BufferSettings settings, GroupBuffers buffers, LinkGroupMemory memory)
    {
        _settings = settings;
        _buffers = buffers;
        _memory = memory;
        Receive<Grow>(OnGrow);
        Receive<TrimRound>(_ => OnTrimRound());
        Receive<TrimMore>(_ => Trim());
    }

    /// <inheritdoc />
    public ITimerScheduler Timers { get; set; } = null!;

    /// <inheritdoc />
    protected override void PreStart()
    {
        if (_settings.TrimAfter > TimeSpan.Zero && !_settings.Prefault) Timers.StartPeriodicTimer(TrimRound.Instance, TrimRound.Instance, _settings.TrimAfter);
    }

    /// <summary>The DMBs are not this actor's own: its successor goes on with them. Who waits for growth gets none.</summary>
    protected override void PreRestart(Exception reason, object message)
    {
        if (message is Grow && !ReferenceEquals(message, _answered)) Sender.Tell(Refused(SmcReason.InternalError));
        base.PreRestart(reason, message);
    }

    private void OnGrow(Grow request)
    {
        Sender.Tell(_buffers.Pool.HasIdle(_settings.Size) ? new Grown(null) : TryGrow());
        _answered = request;
    }

    private object TryGrow()
    {
        SizeClass wanted = _settings.Size;
        while (_buffers.Pool.HasRoom(wanted))
        {
            MemoryError error = DmbSlab.TryCreate(_buffers.NextSlab(), wanted, _settings.Prefault, out DmbSlab? slab, out FileDescriptor? descriptor);
            if (error == MemoryError.None) return Grown(slab!, descriptor!);
            if (error != MemoryError.OutOfMemory || !wanted.TryStepDown(out SizeClass smaller))
                return Refused(error == MemoryError.DescriptorsExhausted ? SmcReason.DescriptorsExhausted : SmcReason.OutOfMemory);
            _log.Warning("No memory for DMBs of {0} bytes: stepping down to {1}", wanted.Bytes, smaller.Bytes);
            wanted = smaller;
        }

        return Refused(SmcReason.MaxDmb);
    }

    private Grown Grown(DmbSlab slab, FileDescriptor descriptor)
    {
        _memory.Own(slab);
        if (slab.SizeClass != _settings.Size) _buffers.CountDowngrade();
        return new Grown(new NewSlab(slab, descriptor));
    }

    private NoBuffer Refused(SmcReason reason)
    {
        _buffers.CountRefusal();
        return new NoBuffer(reason);
    }

    private void OnTrimRound()
    {
        _buffers.Pool.BeginTrim();
        Trim();
    }

    private void Trim()
    {
        if (_buffers.Pool.Trim(TrimBatch) == TrimBatch) Self.Tell(TrimMore.Instance);
    }

    private sealed record TrimRound
    {
        public static readonly TrimRound Instance = new();
    }

    private sealed record TrimMore
    {
        public static readonly TrimMore Instance = new();
    }
}
