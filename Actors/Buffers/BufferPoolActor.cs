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
/// this actor. Slabs are of the wanted size class, made one at a time, and kept as long as the group. Where no more of a class can be had, a
/// handshake gets the next smaller one, idle or new (a downgrade); where none can, it declines. Each growth tries the wanted class first. Where it is for
/// the peer's mappings that no slab is made, none of another size is either, and only what is idle goes out. The pages of a DMB
/// that has been idle for <c>smc.buffers.trim-after</c> go back to the system.
/// </summary>
internal sealed class BufferPoolActor : ReceiveActor, IWithTimers
{
    /// <summary>DMBs that are trimmed in one message: others' turns come in between.</summary>
    private const int TrimBatch = 64;

    private readonly BufferSettings _settings;
    private readonly GroupBuffers _buffers;
    private readonly LinkGroupMemory _memory;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly DmbSlabMaker _maker;
    private Grow? _answered;
    private DmbSlab? _untold;   // made, and not yet the group's

    /// <param name="settings">The wanted class, and when to trim.</param>
    /// <param name="buffers">The DMBs.</param>
    /// <param name="memory">Keeps the slabs mapped as long as a connection uses them.</param>
    /// <param name="maker">Makes a slab, in the product <see cref="DmbSlab"/>.</param>
    public BufferPoolActor(BufferSettings settings, GroupBuffers buffers, LinkGroupMemory memory, DmbSlabMaker maker)
    {
        _maker = maker;
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

    /// <summary>A slab that the group has not heard of, because this failed before, is nobody's: its file is closed, and it is unmapped.</summary>
    protected override void PostStop()
    {
        if (_untold is not { } slab) return;
        _buffers.TakePending()?.Dispose();
        slab.Dispose();
    }

    private void OnGrow(Grow request)
    {
        Sender.Tell(TryGrow());
        _untold = null;
        _answered = request;
    }

    private object TryGrow()
    {
        SizeClass size = _settings.Size;
        bool isAtLimit = false;
        while (true)
        {
            if (_buffers.Pool.HasIdle(size)) return new Grown(null, size);
            SmcReason reason = SmcReason.OutOfMemory;
            if (!isAtLimit)
            {
                reason = TryMake(size, out DmbSlab? made, out isAtLimit);
                if (made is not null) return new Grown(made, size);
            }

            if (reason == SmcReason.DescriptorsExhausted || !size.TryStepDown(out SizeClass smaller)) return Refused(reason);
            if (!isAtLimit && _buffers.IsFirstStepDown(size))
                _log.Warning("No more DMBs of {0} bytes ({1}): stepping down to {2}. More of this are counted only.", size.Bytes, reason, smaller.Bytes);
            size = smaller;
        }
    }

    private SmcReason TryMake(SizeClass size, out DmbSlab? made, out bool isAtLimit)
    {
        (made, isAtLimit) = (null, false);
        if (!_buffers.Pool.HasRoom(size)) return SmcReason.MaxDmb;
        MemoryError error = _maker(_buffers.NextSlab(), size, _settings.Prefault, _memory.Mappings, out DmbSlab? slab, out FileDescriptor? descriptor);
        isAtLimit = error is MemoryError.TooManyMappings or MemoryError.MappingsExhausted;
        if (error != MemoryError.None) return error == MemoryError.DescriptorsExhausted ? SmcReason.DescriptorsExhausted : SmcReason.OutOfMemory;
        made = _untold = slab!;
        _buffers.Pend(descriptor!);
        _memory.Own(slab!);
        return SmcReason.None;
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

    private sealed record TrimRound : INoSerializationVerificationNeeded
    {
        public static readonly TrimRound Instance = new();
    }

    private sealed record TrimMore : INoSerializationVerificationNeeded
    {
        public static readonly TrimMore Instance = new();
    }
}

/// <summary>Makes a slab as <see cref="DmbSlab.TryCreate"/> does; tests have others, which fail.</summary>
internal delegate MemoryError DmbSlabMaker(
    uint id, SizeClass sizeClass, bool prefault, IMappingCount? mappings, out DmbSlab? slab, out FileDescriptor? descriptor);
